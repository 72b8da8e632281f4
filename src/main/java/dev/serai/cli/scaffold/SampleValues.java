package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values a schema allows: of objects the members that are required, and one more where none is. */
final class SampleValues {
    private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;
    private static final int DEEPEST = 8;
    private static final Map<String, String> FORMATS = Map.of(
            "date-time", "2026-01-01T00:00:00Z",
            "date", "2026-01-01",
            "time", "12:00:00Z",
            "email", "ada@example.com",
            "uri", "https://example.com",
            "url", "https://example.com",
            "uuid", "3f2b7a52-2f4e-4c7e-9f0a-6a1d0c9b8e7d",
            "ipv4", "192.0.2.1");

    private final OpenApi document;

    SampleValues(OpenApi document) {
        this.document = document;
    }

    JsonNode of(JsonNode schema) {
        return of(schema, 0);
    }

    private JsonNode of(JsonNode given, int depth) {
        JsonNode schema = document.resolve(given);
        if (depth > DEEPEST) {
            return MAKE.nullNode(); // it holds itself
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.path("enum").size() > 0) {
            return schema.path("enum").get(0);
        }
        for (String choice : List.of("oneOf", "anyOf", "allOf")) {
            if (schema.path(choice).size() > 0
                    && !schema.has("properties")
                    && (!choice.equals("allOf") || !isObject(schema))) {
                return of(schema.path(choice).get(0), depth + 1);
            }
        }
        return switch (type(schema)) {
            case "array" -> list(schema, depth);
            case "object" -> object(schema, depth);
            case "integer", "number" -> MAKE.numberNode(number(schema));
            case "boolean" -> MAKE.booleanNode(true);
            case "null" -> MAKE.nullNode();
            default -> MAKE.textNode(textOf(schema));
        };
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        String first = type.isArray() ? type.path(0).asText() : type.asText();
        if (!first.isEmpty()) {
            return first;
        }
        return schema.has("properties") || schema.has("allOf") ? "object" : schema.has("items") ? "array" : "string";
    }

    /** 1, or the whole number next to it that the bounds allow; an exclusive bound is a number, or in 3.0 a word about the other. */
    private static long number(JsonNode schema) {
        JsonNode above = schema.path("exclusiveMinimum");
        double lowest = Math.max(
                above.isNumber() ? above.asDouble() + 1 : Long.MIN_VALUE,
                schema.path("minimum").asDouble(Long.MIN_VALUE) + (above.asBoolean() ? 1 : 0));
        JsonNode below = schema.path("exclusiveMaximum");
        double highest = Math.min(
                below.isNumber() ? below.asDouble() - 1 : Long.MAX_VALUE,
                schema.path("maximum").asDouble(Long.MAX_VALUE) - (below.asBoolean() ? 1 : 0));
        return (long) Math.floor(Math.min(highest, Math.max(1, Math.ceil(lowest))));
    }

    private JsonNode list(JsonNode schema, int depth) {
        ArrayNode list = MAKE.arrayNode();
        for (int i = 0; i < schema.path("minItems").asInt(0); i++) {
            list.add(of(schema.path("items"), depth + 1));
        }
        return list;
    }

    private JsonNode object(JsonNode schema, int depth) {
        ObjectNode object = MAKE.objectNode();
        List<JsonNode> parts = parts(schema, 0);
        for (JsonNode part : parts) {
            part.path("required").forEach(name -> put(object, name.asText(), member(parts, name.asText()), depth));
        }
        if (object.isEmpty() && depth == 0) {
            parts.stream()
                    .flatMap(part -> part.path("properties").properties().stream())
                    .filter(member -> !List.of("object", "array").contains(type(document.resolve(member.getValue()))))
                    .filter(member -> !document.resolve(member.getValue())
                            .path("readOnly")
                            .asBoolean())
                    .findFirst()
                    .ifPresent(member -> object.set(member.getKey(), of(member.getValue(), depth + 1)));
        }
        return object;
    }

    private void put(ObjectNode object, String name, JsonNode schema, int depth) {
        if (depth < DEEPEST) {
            object.set(name, of(schema, depth + 1));
        }
    }

    /** A part may ask for a member that another one describes. */
    private static JsonNode member(List<JsonNode> parts, String name) {
        return parts.stream()
                .map(part -> part.path("properties").path(name))
                .filter(JsonNode::isObject)
                .findFirst()
                .orElse(MAKE.missingNode());
    }

    private boolean isObject(JsonNode schema) {
        return parts(schema, 0).stream()
                .anyMatch(part -> part.has("properties")
                        || part.has("required")
                        || part.path("type").asText().equals("object"));
    }

    /** One value, as an argument of a call has it. */
    String text(JsonNode schema) {
        JsonNode value = of(schema);
        if (value.isArray()) {
            value = value.isEmpty() ? of(document.resolve(schema).path("items")) : value.get(0);
        }
        return value.isValueNode() && !value.isNull() ? value.asText() : "x";
    }

    /** The members of a multipart body that are files. */
    List<String> files(JsonNode schema) {
        return parts(schema, 0).stream()
                .flatMap(part -> part.path("properties").properties().stream())
                .filter(member -> isFile(member.getValue())
                        || isFile(document.resolve(member.getValue()).path("items")))
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
    }

    private boolean isFile(JsonNode given) {
        JsonNode schema = document.resolve(given);
        return schema.path("format").asText().equals("binary") || schema.has("contentMediaType");
    }

    /** The schema itself and those it is put together from. */
    private List<JsonNode> parts(JsonNode given, int depth) {
        JsonNode schema = document.resolve(given);
        var parts = new ArrayList<JsonNode>(List.of(schema));
        if (depth < DEEPEST) {
            schema.path("allOf").forEach(part -> parts.addAll(parts(part, depth + 1)));
        }
        return parts;
    }

    private static String textOf(JsonNode schema) {
        String text = FORMATS.getOrDefault(schema.path("format").asText(), "x");
        return text + "x".repeat(Math.max(0, schema.path("minLength").asInt(0) - text.length()));
    }
}
