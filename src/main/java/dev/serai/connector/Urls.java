package dev.serai.connector;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Addresses: percent-encoding of what is filled in, and what a base address may be. */
public final class Urls {
    private static final String UNRESERVED = "-._~";

    private Urls() {}

    /**
     * The text as one path segment or query value: every byte but RFC 3986's unreserved characters is percent-encoded,
     * so a slash, a question mark or a second host in a value stays part of the value.
     */
    public static String encode(String value) {
        var text = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0);
            text.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return text.toString();
    }

    /** {@code a=1&b=x%20y}; empty for no parameters. */
    public static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(p -> encode(p.getKey()) + "=" + encode(p.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Servers and proxies fold such segments away, encoded or not, and would reach another resource. */
    static boolean hasDotSegment(String path) {
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return false;
    }

    /**
     * What is wrong with the address that calls begin with, if anything.
     *
     * @param key where it stands in the file
     * @param from the text it was made of: what settings bring along is not quoted but for the host, as whoever knows the
     *     whole address may often call it
     */
    public static Optional<String> problem(String key, String base, Text from) {
        try {
            var uri = new URI(base);
            boolean mail = "smtp".equals(uri.getScheme()) || "smtps".equals(uri.getScheme());
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && isUnderscored(uri.getRawAuthority())) {
                return Optional.of("\"" + key + "\" has the host \"" + uri.getRawAuthority()
                        + "\", and no host of an address has an underscore; give it a name without one, in a compose file"
                        + " under \"networks\" as one of its \"aliases\", and write that");
            }
            boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            if (!web && !(mail && uri.getRawPath().isEmpty())
                    || uri.getHost() == null
                    || !bare
                    || hasDotSegment(uri.getRawPath())) {
                return Optional.of(wrong(key, base, from, host(uri)));
            }
            return Origin.of(uri).isPresent() ? Optional.empty() : Optional.of(wrongHost(key, uri));
        } catch (URISyntaxException e) {
            return Optional.of(wrong(key, base, from, Optional.empty()));
        }
    }

    private static boolean isUnderscored(String authority) {
        return authority != null && authority.matches("[A-Za-z0-9._-]*_[A-Za-z0-9._-]*(:\\d+)?");
    }

    private static Optional<String> host(URI uri) {
        return Optional.ofNullable(uri.getHost()).map(host -> uri.getScheme() + "://" + host);
    }

    private static String wrongHost(String key, URI uri) {
        return "\"" + key + "\" has the host \"" + uri.getAuthority()
                + "\"; write a name like api.example.com or an address like 192.0.2.1, without a dot at its end and not"
                + " as a number";
    }

    private static String wrong(String key, String base, Text from, Optional<String> host) {
        // whoever puts a credential before the host must not find it in a log
        String shown = from.settings().isEmpty()
                ? base.replaceAll("//[^/]*@", "//***@")
                : host.map(known -> known + "/***").orElse("***");
        String origin = from.settings().isEmpty() ? "" : " by what is set as " + String.join(", ", from.settings());
        return "\"" + key + "\" is \"" + shown + "\"" + origin
                + "; an address like https://api.example.com/v1 is needed, without user, query and fragment";
    }
}
