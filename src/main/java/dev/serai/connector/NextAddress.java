package dev.serai.connector;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/** The address of a next page as an answer gives it: the remote decides which page, never which host. */
final class NextAddress {
    private NextAddress() {}

    /**
     * @param base of the connection
     * @param more parameters to be added, a credential in the query say, unless the address has them
     * @throws ConnectorRefused when it is no address, or leads to another host, where the credential must not go
     */
    static URI of(String address, String base, Map<String, String> more, Values values) {
        try {
            URI home = new URI(base.replaceAll("/+$", "") + "/");
            URI next = home.resolve(new URI(escaped(address)));
            if (!home.getScheme().equalsIgnoreCase(next.getScheme())
                    || !home.getHost().equalsIgnoreCase(next.getHost())
                    || home.getPort() != next.getPort()
                    || next.getRawUserInfo() != null) {
                throw values.refused("the next page is said to be at " + next.getScheme() + "://" + next.getHost()
                        + ", which is not where this connection goes; if it is right, correct base_url");
            }
            var query = new StringBuilder(next.getRawQuery() == null ? "" : next.getRawQuery());
            more.forEach((name, value) -> {
                if (!("&" + query).contains("&" + Urls.encode(name) + "=")) {
                    query.append(query.isEmpty() ? "" : "&").append(Urls.query(Map.of(name, value)));
                }
            });
            String origin = next.getScheme() + "://" + next.getRawAuthority();
            return new URI(origin + next.getRawPath() + (query.isEmpty() ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw values.refused("the answer gives no address of a next page; correct \"next\"");
        }
    }

    /** Some remotes leave in it what no address may hold. */
    private static String escaped(String address) {
        var text = new StringBuilder();
        address.strip().codePoints().forEach(c -> {
            boolean plain = c > 0x20 && c < 0x7F && "\"<>\\^`{|}".indexOf(c) < 0;
            text.append(plain ? Character.toString(c) : Urls.encode(Character.toString(c)));
        });
        return text.toString();
    }
}
