package dev.serai.connector;

import dev.serai.connector.Egress.HostRule;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What a connector file says of the way out: {@code network}, {@code hosts}, {@code max_answer_kb}. */
record EgressFile(boolean privateNetwork, List<Text> hosts, Egress.Limits limits) {
    private static final Pattern HOST = Pattern.compile("(\\*\\.)?([^:*]+)(?::(\\d{1,5}))?");

    static EgressFile read(Yaml root, Duration timeout, Problems problems) {
        var hosts = new ArrayList<Text>();
        for (Yaml at : root.get("hosts").filter(Yaml::isList).map(Yaml::items).orElse(List.of())) {
            Text host = FileParts.text(at, problems);
            if (!host.places().isEmpty()) {
                problems.add(
                        at,
                        "\"hosts\" has a place {" + host.places().iterator().next()
                                + "}; only settings {{name}} may stand there, for what is called must not depend on data");
            } else if (host.settings().isEmpty() && rule(host.toString()).isEmpty()) {
                problems.add(at, wrong(host.toString()));
            }
            hosts.add(host);
        }
        return new EgressFile(
                root.text("network").filter("private"::equals).isPresent(),
                List.copyOf(hosts),
                new Egress.Limits(timeout, FileParts.number(root, "max_answer_kb", 0)));
    }

    /**
     * What it says, of a connection with this base address.
     *
     * @param toldBy where the token was asked for that brought the base along
     * @throws ConnectorRefused when a setting is missing or no host
     */
    Egress egress(String connection, String base, Optional<String> toldBy, Settings settings) {
        var rules = new ArrayList<HostRule>();
        for (Text host : hosts) {
            String filled = filled(connection, host, settings);
            rules.add(rule(filled).orElseThrow(() -> new ConnectorRefused(connection + ": " + wrong(filled))));
        }
        Set<AddressKind> allowed = privateNetwork
                ? EnumSet.of(AddressKind.PRIVATE, AddressKind.LOOPBACK)
                : EnumSet.noneOf(AddressKind.class);
        return new Egress(
                connection, origin(base), toldBy.map(EgressFile::origin), List.copyOf(rules), allowed, limits);
    }

    private static Origin origin(String address) {
        return Origin.of(URI.create(address)).orElseThrow();
    }

    private static String filled(String connection, Text host, Settings settings) {
        try {
            return host.fill(settings, place -> null, UnaryOperator.identity());
        } catch (Text.Unsettled e) {
            throw new ConnectorRefused(connection + ": " + e.getMessage());
        }
    }

    /** A star stands for names below a domain that somebody owns, so at least two parts come after it. */
    private static Optional<HostRule> rule(String text) {
        var found = HOST.matcher(text.toLowerCase(Locale.ROOT));
        if (!found.matches()) {
            return Optional.empty();
        }
        String name = found.group(2);
        int port = found.group(3) == null ? 0 : Integer.parseInt(found.group(3));
        boolean below = found.group(1) != null;
        boolean good =
                Origin.plain(name) && port <= 65_535 && (!below || name.indexOf('.') > 0 && !Origin.isAddress(name));
        return good ? Optional.of(new HostRule((below ? "." : "") + name, port)) : Optional.empty();
    }

    private static String wrong(String host) {
        return "\"hosts\" has \"" + host + "\"; a name like files.example.com, files.example.com:8443 or"
                + " *.example.com is needed";
    }
}
