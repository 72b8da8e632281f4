package dev.serai.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;

/**
 * A request as it came in.
 *
 * @param path without the vendor's name, still percent-encoded; empty when nothing follows the name
 * @param query still encoded; empty when there is none
 * @param headers by name, case-insensitive; in the ledger credentials read {@code ***}
 * @param bytes the body as it came
 */
public record Asked(String method, String path, String query, Map<String, String> headers, byte[] bytes) {

    public String body() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The first value of a query parameter, decoded. */
    public Optional<String> query(String name) {
        return pairs(query).stream()
                .filter(pair -> pair.getKey().equals(name))
                .map(Entry::getValue)
                .findFirst();
    }

    /** Names and values of a query or a form, decoded, in the order they were sent. */
    static List<Entry<String, String>> pairs(String encoded) {
        var pairs = new ArrayList<Entry<String, String>>();
        for (String pair : encoded.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                pairs.add(Map.entry(decode(name), decode(value)));
            }
        }
        return pairs;
    }

    /** @throws Refusal when a percent sign is not followed by two hexadecimal digits */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Refusal("malformed", "the request is not percent-encoded properly");
        }
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    /** Only the media type of {@code Content-Type}, lower-cased, without its parameters. */
    String mediaType() {
        return mediaType(header("Content-Type"));
    }

    static String mediaType(String withParameters) {
        return withParameters.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
