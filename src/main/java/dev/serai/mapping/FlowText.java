package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Values as YAML on one line, quoted only where they must be. */
final class FlowText {
    /** Text that is itself in YAML; leaves out much that would be too, for the sake of being sure. */
    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_ @./+-]*[A-Za-z0-9_]|[A-Za-z]|\\d{4}-\\d\\d-\\d\\d(T[0-9:.]+Z)?");

    private static final Set<String> NOT_TEXT = Set.of("true", "false", "null");

    private FlowText() {}

    static String of(String text) {
        return PLAIN.matcher(text).matches() && !NOT_TEXT.contains(text)
                ? text
                : TextNode.valueOf(text).toString();
    }

    static String of(JsonNode value) {
        if (value.isTextual()) {
            return of(value.textValue());
        }
        List<String> inside = new ArrayList<>();
        if (value.isObject()) {
            value.properties().forEach(field -> inside.add(of(field.getKey()) + ": " + of(field.getValue())));
            return inside.isEmpty() ? "{}" : "{ " + String.join(", ", inside) + " }";
        }
        if (value.isArray()) {
            value.forEach(item -> inside.add(of(item)));
            return inside.isEmpty() ? "[]" : "[" + String.join(", ", inside) + "]";
        }
        return value.isNumber() ? value.decimalValue().toPlainString() : value.toString();
    }
}
