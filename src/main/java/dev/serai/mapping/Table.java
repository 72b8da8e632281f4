package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Unacceptable;
import java.util.Map;
import java.util.TreeSet;

/**
 * Translates values of one system into those of another.
 *
 * @param otherwise what an unlisted value becomes; null when it is refused or passed
 */
record Table(Map<String, JsonNode> entries, Unknown unknown, JsonNode otherwise) {

    enum Unknown {
        REFUSE,
        PASS,
        DEFAULT
    }

    /** @throws Unacceptable when the value is not listed and unlisted values are refused */
    JsonNode look(JsonNode value) {
        JsonNode found = value.isValueNode() ? entries.get(value.asText()) : null;
        if (found != null) {
            return found;
        }
        return switch (unknown) {
            case PASS -> value;
            case DEFAULT -> otherwise;
            case REFUSE ->
                throw new Unacceptable(
                        "is not in the table; known: " + String.join(", ", new TreeSet<>(entries.keySet())));
        };
    }
}
