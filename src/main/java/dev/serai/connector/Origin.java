package dev.serai.connector;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where something answers.
 *
 * @param host in lower case, an IPv6 address in brackets
 * @param port never -1
 */
record Origin(String scheme, String host, int port) {
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]{2,45}]");
    private static final Pattern NAME = Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.|$))+");
    /** How old resolvers spell an address in octal, in hex, or in fewer than four parts. */
    private static final Pattern ENDS_IN_NUMBER = Pattern.compile("(.*\\.)?(\\d+|0x[0-9a-f]*)");

    /** @return empty when it has no host, or one that is spelt in a way only some programs understand */
    static Optional<Origin> of(URI uri) {
        if (uri.getScheme() == null || uri.getHost() == null) {
            return Optional.empty();
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() < 0 ? defaultPort(scheme) : uri.getPort();
        return plain(host) && port > 0 && port <= 65_535
                ? Optional.of(new Origin(scheme, host, port))
                : Optional.empty();
    }

    /** Whether everybody who reads the host means the same by it. */
    static boolean plain(String host) {
        if (IPV4.matcher(host).matches() || IPV6.matcher(host).matches()) {
            return true;
        }
        return NAME.matcher(host).matches()
                && !host.endsWith(".")
                && !ENDS_IN_NUMBER.matcher(host).matches();
    }

    static boolean isAddress(String host) {
        return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
    }

    static int defaultPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            case "smtps" -> 465;
            case "smtp" -> 587;
            default -> -1;
        };
    }

    /** Whether it is this machine by its very name. */
    boolean isLocal() {
        return Set.of("localhost", "[::1]").contains(host) || isAddress(host) && host.startsWith("127.");
    }

    @Override
    public String toString() {
        return scheme + "://" + host + (port == defaultPort(scheme) ? "" : ":" + port);
    }
}
