package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** The database holds no NUL in its texts: what is asked for with one is refused here, before anything is done. */
final class NoNul {
    /** What is kept as bytes or not at all, for vendors may send it. */
    private static final List<String> ANYTHING =
            List.of("payload", "patch", "answer", "record", "parameters", "certificate");

    private NoNul() {}

    /** @throws Declined saying where it stands */
    static void check(Map<String, String> places, Map<String, String> query, JsonNode body) {
        places.forEach(NoNul::check);
        query.forEach(NoNul::check);
        body.properties().forEach(field -> {
            if (!ANYTHING.contains(field.getKey())) {
                check(field.getKey(), field.getValue());
            }
        });
    }

    private static void check(String place, JsonNode value) {
        value.properties().forEach(field -> check(place + "." + field.getKey(), field.getValue()));
        if (value.isArray()) {
            value.forEach(item -> check(place, item));
        }
        check(place, value.asText());
    }

    private static void check(String place, String text) {
        if (text.indexOf('\0') >= 0) {
            throw Declined.badRequest(
                    place + " has the character U+0000 in it, which no text here may have; leave it out");
        }
    }
}
