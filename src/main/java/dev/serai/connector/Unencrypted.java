package dev.serai.connector;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Notes an address of a connector file at which everybody on the way could read credentials and data: {@code http} to
 * another's network. One that comes from a setting is judged when it is called, by {@link Egress}.
 */
final class Unencrypted {
    /** What is nobody's on the Internet: a name of one part, and what is reserved for networks of one's own (RFC 6762, 8375). */
    private static final Pattern OWN_NAME = Pattern.compile("[^.]+|.*\\.(internal|local|localhost|home\\.arpa)");

    private Unencrypted() {}

    static void check(Yaml root, Problems problems) {
        if (root.text("network").filter("private"::equals).isPresent()) {
            return;
        }
        check(root, "base_url", problems);
        root.get("auth").ifPresent(auth -> {
            check(auth, "token_url", problems);
            check(auth, "authorize_url", problems);
            auth.get("login").ifPresent(login -> check(login, "url", problems));
        });
    }

    private static void check(Yaml map, String key, Problems problems) {
        map.get(key).filter(Yaml::isScalar).ifPresent(at -> origin(at.text())
                .filter(Unencrypted::isPublic)
                .ifPresent(to -> problems.add(
                        at,
                        "\"" + key + "\" is at " + to + ", where everybody on the way could read what is sent;"
                                + " write https://, or \"network: private\" beside \"base_url\" if it is in your"
                                + " own network")));
    }

    /** Empty for what has settings or places, or is no address, which others say. */
    private static Optional<Origin> origin(String address) {
        try {
            return address.contains("{") ? Optional.empty() : Origin.of(new URI(address));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Whether what is sent there goes over networks of others, as far as its name tells, and is readable. */
    static boolean isPublic(Origin to) {
        if (!to.scheme().equals("http") || to.isLocal()) {
            return false;
        }
        return Origin.isAddress(to.host())
                ? kind(to.host()) == AddressKind.PUBLIC
                : !OWN_NAME.matcher(to.host()).matches();
    }

    private static AddressKind kind(String address) {
        try {
            return AddressKind.of(InetAddress.getByName(address));
        } catch (UnknownHostException e) {
            return AddressKind.NEVER;
        }
    }
}
