package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Place;
import dev.serai.record.Unacceptable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Translates values of one system into those of another.
 *
 * @param otherwise what an unlisted value becomes; null unless there is a default
 * @param place where its entries stand
 */
record Table(Map<String, JsonNode> entries, Unknown unknown, JsonNode otherwise, Place place) implements Act {

    enum Unknown {
        REFUSE,
        PASS,
        DEFAULT,
        LEAVE_OUT
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public JsonNode apply(JsonNode value, Given given) {
        JsonNode found = value.isValueNode() ? entries.get(value.asText()) : null;
        if (found != null) {
            return found;
        }
        return switch (unknown) {
            case PASS -> value;
            case DEFAULT -> otherwise;
            case LEAVE_OUT -> null;
            case REFUSE ->
                throw new Unacceptable(
                        "is not in the table; known: " + String.join(", ", new TreeSet<>(entries.keySet())));
        };
    }

    boolean lists(JsonNode value) {
        return value.isValueNode() && entries.containsKey(value.asText());
    }

    /** The way back: of several values that became the same, the first listed. A default leads nowhere back. */
    Table reversed() {
        var back = new LinkedHashMap<String, JsonNode>();
        entries.forEach((from, to) -> back.putIfAbsent(to.asText(), TextNode.valueOf(from)));
        return new Table(back, unknown == Unknown.DEFAULT ? Unknown.LEAVE_OUT : unknown, null, place);
    }
}
