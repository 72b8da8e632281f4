package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** What stands in an answer of the API, as a line of text wants it. */
final class Facts {
    private Facts() {}

    /** Empty when it is not said. */
    static String text(JsonNode json, String name) {
        return json.path(name).asText("");
    }

    /** A dash when it is not said. */
    static String orDash(JsonNode json, String name) {
        return orDash(text(json, name));
    }

    static String orDash(String text) {
        return text == null || text.isEmpty() || text.equals("null") ? "-" : text;
    }

    static boolean has(JsonNode json, String name) {
        return json.hasNonNull(name);
    }

    /** Null when it is not said. */
    static Instant time(JsonNode json, String name) {
        return has(json, name) ? Instant.parse(text(json, name)) : null;
    }

    /** {@code 5 s ago}, or the words for what never was. */
    static String age(JsonNode json, String name, Instant now, String never) {
        Instant time = time(json, name);
        return time == null ? never : Words.age(time, now);
    }
}
