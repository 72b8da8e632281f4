package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.file.Place;
import dev.serai.record.Unacceptable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Translates values of one system into those of another.
 *
 * @param otherwise what an unlisted value becomes; null unless there is a default
 * @param ways for a word that several values become, the one the way back takes
 * @param place where its entries stand
 */
record Table(Map<String, JsonNode> entries, Unknown unknown, JsonNode otherwise, Map<String, String> ways, Place place)
        implements Act {

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

    /** Words that several values become, and the file does not say which of them the way back takes. */
    Map<String, List<String>> undecided() {
        var several = new LinkedHashMap<String, List<String>>();
        entries.forEach((from, to) ->
                several.computeIfAbsent(to.asText(), word -> new ArrayList<>()).add(from));
        several.entrySet().removeIf(each -> each.getValue().size() == 1 || ways.containsKey(each.getKey()));
        return several;
    }

    /** The way back. A default leads nowhere back. */
    Table reversed() {
        var back = new LinkedHashMap<String, JsonNode>();
        entries.forEach((from, to) -> back.putIfAbsent(to.asText(), TextNode.valueOf(from)));
        ways.forEach((word, from) -> back.put(word, TextNode.valueOf(from)));
        return new Table(back, unknown == Unknown.DEFAULT ? Unknown.LEAVE_OUT : unknown, null, Map.of(), place);
    }
}
