package dev.serai.route;

import dev.serai.config.Networks;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;

/** Where requests come from. What a proxy says of it is believed of those alone that a setting names. */
final class Visitors {
    private final Networks proxies;

    Visitors(Networks proxies) {
        this.proxies = proxies;
    }

    /** Of whom a failed log-in counts: an IPv4 address, or a network of IPv6. */
    String subscriber(HttpServerRequest request) {
        return Networks.subscriber(
                address(request.remoteAddress().hostAddress(), request.headers().getAll("X-Forwarded-For")));
    }

    /**
     * Each proxy adds at the end whom it heard, so it is read from there, as far as proxies are trusted; what stands before
     * anybody may have written.
     *
     * @param heard by the socket
     * @param forwarded the values of {@code X-Forwarded-For}, in their order
     */
    String address(String heard, List<String> forwarded) {
        List<String> told = Arrays.asList(String.join(",", forwarded).split(","));
        String at = heard;
        for (int i = told.size() - 1; i >= 0 && proxies.has(at); i--) {
            String next = bare(told.get(i).strip());
            if (!Networks.isAddress(next)) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Some proxies write {@code 192.0.2.1:4711} and {@code [2001:db8::1]:4711}. */
    private static String bare(String told) {
        if (told.startsWith("[")) {
            return told.substring(1).replaceAll("].*", "");
        }
        return told.indexOf(':') == told.lastIndexOf(':') ? told.replaceAll(":.*", "") : told;
    }
}
