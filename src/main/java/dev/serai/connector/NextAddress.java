package dev.serai.connector;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/**
 * The address of a next page as an answer gives it: the remote decides which page, the file which hosts. Whatever host it
 * is on gets the credential too.
 *
 * @param base of the connection, which an address without a host begins with
 * @param egress where its calls may go
 */
record NextAddress(String base, Egress egress, Values values) {

    /**
     * @param more parameters to be added, a credential in the query say, unless the address has them
     * @throws ConnectorRefused when it is no address, or leads where the file allows no calls
     */
    URI of(String address, Map<String, String> more) {
        try {
            URI next = new URI(base.replaceAll("/+$", "") + "/").resolve(new URI(escaped(address)));
            egress.problem(next).ifPresent(problem -> {
                throw values.refused("the address of the next page: " + problem);
            });
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

    /**
     * An address as an answer gives it, such that it is understood without the page it stood on (RFC 3986, 5.2): whole, or as
     * a path where it is on the host of the connection.
     *
     * @param page the address of that page
     * @param base of the connection
     * @return as it was given when it is none, which is said when it is asked for
     */
    static String settled(String address, URI page, String base) {
        String given = escaped(address);
        try {
            URI said = new URI(given);
            if (said.isAbsolute() || said.getRawAuthority() != null) {
                return address;
            }
            String origin = page.getScheme() + "://" + page.getRawAuthority();
            String path = page.getRawPath().isEmpty() ? "/" : page.getRawPath();
            // java.net.URI knows an older standard, by which a query alone takes the last part of the path away
            URI whole = given.startsWith("?") ? new URI(origin + path + given) : new URI(origin + path).resolve(said);
            URI own = new URI(base);
            boolean ours = origin.equalsIgnoreCase(own.getScheme() + "://" + own.getRawAuthority())
                    && !whole.getRawPath().startsWith("//");
            return ours
                    ? whole.getRawPath() + (whole.getRawQuery() == null ? "" : "?" + whole.getRawQuery())
                    : whole.toString();
        } catch (URISyntaxException e) {
            return address;
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
