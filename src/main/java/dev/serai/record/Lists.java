package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizer.Options;
import java.util.LinkedHashSet;

/** Rules between lists and single values. */
final class Lists {
    private static final String COMMA = ",";
    private static final JsonNode NOTHING = JsonNodeFactory.instance.arrayNode();

    private Lists() {}

    /** The parts of each item in one list, when it is a list already. */
    static JsonNode split(JsonNode value, Options options) {
        var parts = JsonNodeFactory.instance.arrayNode();
        if (!value.isArray()) {
            split(TextRules.text(value), separator(options), parts);
        }
        for (JsonNode item : value.isArray() ? value : NOTHING) {
            split(item.isNull() ? "" : TextRules.text(TextRules.string(item)), separator(options), parts);
        }
        return parts;
    }

    private static void split(String text, String separator, ArrayNode parts) {
        int from = 0;
        while (from <= text.length()) {
            int at = text.indexOf(separator, from);
            int end = at < 0 ? text.length() : at;
            String part = TextRules.strip(text.substring(from, end));
            if (!part.isEmpty()) {
                parts.add(part);
            }
            from = end + separator.length();
        }
    }

    static JsonNode join(JsonNode value, Options options) {
        if (!value.isArray()) {
            return value;
        }
        var text = new StringBuilder();
        for (JsonNode item : value) {
            String part = item.isNull() ? "" : TextRules.text(TextRules.string(item));
            if (!part.isEmpty()) {
                text.append(text.isEmpty() ? "" : separator(options)).append(part);
            }
        }
        return TextNode.valueOf(text.toString());
    }

    private static String separator(Options options) {
        String given = options.get(Option.SEPARATOR);
        return given == null || given.isEmpty() ? COMMA : given;
    }

    static JsonNode first(JsonNode value) {
        return !value.isArray() ? value : value.isEmpty() ? TextNode.valueOf("") : value.get(0);
    }

    static JsonNode unique(JsonNode value) {
        if (!value.isArray()) {
            return value;
        }
        var seen = new LinkedHashSet<JsonNode>();
        value.forEach(seen::add);
        return seen.size() == value.size()
                ? value
                : JsonNodeFactory.instance.arrayNode().addAll(seen);
    }
}
