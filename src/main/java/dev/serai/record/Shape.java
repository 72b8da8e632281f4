package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A record's schema as plain checks, some thirty times as fast as the JSON Schema. Says yes only when the schema would;
 * a no means "ask the schema", which then knows the reason too.
 */
@FunctionalInterface
interface Shape {
    Set<String> WITHOUT_EFFECT = Set.of("$schema", "$id", "title", "description", "x-personal", "x-version");
    Set<String> KNOWN = Set.of(
            "type",
            "enum",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "minLength",
            "required",
            "properties",
            "additionalProperties",
            "items");

    boolean surely(JsonNode value);

    /** The checks of a schema; empty when it has a keyword that only a whole validator knows. */
    static Optional<Shape> of(JsonNode schema) {
        if (schema.isBoolean()) {
            boolean all = schema.booleanValue();
            return Optional.of(value -> all);
        }
        for (var names = schema.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!KNOWN.contains(name) && !WITHOUT_EFFECT.contains(name)) {
                return Optional.empty();
            }
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema);
            case "array" -> list(schema);
            case "string" -> Optional.of(text(schema));
            case "boolean" -> Optional.of(JsonNode::isBoolean);
            case "number", "integer" -> Optional.of(number(schema));
            default -> Optional.empty();
        };
    }

    private static Optional<Shape> object(JsonNode schema) {
        var fields = new HashMap<String, Shape>();
        for (var field : schema.path("properties").properties()) {
            Optional<Shape> shape = of(field.getValue());
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            fields.put(field.getKey(), shape.get());
        }
        Optional<Shape> others = schema.has("additionalProperties")
                ? of(schema.path("additionalProperties"))
                : Optional.of(value -> true);
        var required = new ArrayList<String>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        return others.map(rest -> value -> fits(value, fields, rest, required));
    }

    private static boolean fits(JsonNode value, Map<String, Shape> fields, Shape others, List<String> required) {
        if (!value.isObject()) {
            return false;
        }
        for (int i = 0; i < required.size(); i++) {
            if (value.get(required.get(i)) == null) {
                return false;
            }
        }
        for (var field : value.properties()) {
            if (!fields.getOrDefault(field.getKey(), others).surely(field.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Shape> list(JsonNode schema) {
        Optional<Shape> items = schema.has("items") ? of(schema.path("items")) : Optional.of(item -> true);
        return items.map(item -> value -> {
            if (!value.isArray()) {
                return false;
            }
            for (int i = 0; i < value.size(); i++) {
                if (!item.surely(value.get(i))) {
                    return false;
                }
            }
            return true;
        });
    }

    private static Shape number(JsonNode schema) {
        boolean whole = schema.path("type").asText().equals("integer");
        double least = schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY);
        double most = schema.path("maximum").asDouble(Double.POSITIVE_INFINITY);
        return value -> (whole ? value.isIntegralNumber() : value.isNumber())
                && value.doubleValue() >= least
                && value.doubleValue() <= most;
    }

    private static Shape text(JsonNode schema) {
        var allowed = new HashSet<String>();
        schema.path("enum").forEach(word -> allowed.add(word.asText()));
        int least = schema.path("minLength").asInt(0);
        Shape form = schema.has("pattern")
                ? Forms.of(schema.path("pattern").asText())
                        .map(known -> (Shape) value -> known.surely().test(value.textValue()))
                        .orElse(value -> false)
                : value -> true;
        Shape format = format(schema.path("format").asText());
        return value -> value.isTextual()
                && value.textValue().length() >= least
                && (allowed.isEmpty() || allowed.contains(value.textValue()))
                && form.surely(value)
                && format.surely(value);
    }

    private static Shape format(String name) {
        return switch (name) {
            case "" -> value -> true;
            case "date-time" -> value -> Times.isSurelyUtc(value.textValue());
            case "uri" -> value -> Addresses.isSurelyUrl(value.textValue());
            default -> value -> false;
        };
    }
}
