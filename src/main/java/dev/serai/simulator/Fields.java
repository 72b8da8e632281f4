package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/**
 * Names and values of a query or a form as JSON: {@code metadata[crm_id]=42} nests, {@code expand[]=a} lists, and text
 * becomes the number or truth value the contract asks for. What can't become it stays text, for the check to refuse.
 */
final class Fields {
    /** As {@code $comment} of a parameter's schema: its values are joined by commas. */
    static final String BY_COMMA = "by comma";

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?");
    private static final Pattern BRACKET = Pattern.compile("\\[([^\\[\\]]*)]");

    private final Shape shape;

    Fields(Shape shape) {
        this.shape = shape;
    }

    ObjectNode decode(List<Entry<String, String>> pairs) {
        ObjectNode tree = Json.MAKE.objectNode();
        JsonNode declared = shape.schema().path("properties");
        for (Entry<String, String> pair : pairs) {
            String name = pair.getKey();
            int bracket = name.indexOf('[');
            if (bracket <= 0 || declared.has(name)) {
                put(tree, name, pair.getValue());
            } else {
                nest(tree, name.substring(0, bracket), name.substring(bracket), pair.getValue());
            }
        }
        return (ObjectNode) coerce(tree, shape.schema());
    }

    private static void nest(ObjectNode tree, String base, String brackets, String value) {
        ObjectNode at = tree;
        String name = base;
        var found = BRACKET.matcher(brackets);
        while (found.find()) {
            at = at.path(name) instanceof ObjectNode inner ? inner : at.putObject(name);
            name = found.group(1).isEmpty() ? String.valueOf(at.size()) : found.group(1);
        }
        put(at, name, value);
    }

    /** A name that comes again makes a list. */
    private static void put(ObjectNode at, String name, String value) {
        JsonNode before = at.get(name);
        if (before == null) {
            at.put(name, value);
        } else if (before instanceof ArrayNode list) {
            list.add(value);
        } else {
            at.putArray(name).add(before).add(value);
        }
    }

    private JsonNode coerce(JsonNode value, JsonNode declared) {
        JsonNode schema = branch(value, shape.resolve(declared));
        if (allows(schema, "array")) {
            return list(value, schema);
        }
        if (value instanceof ObjectNode object) {
            ObjectNode out = Json.MAKE.objectNode();
            object.properties()
                    .forEach(member ->
                            out.set(member.getKey(), coerce(member.getValue(), member(schema, member.getKey()))));
            return out;
        }
        return value.isTextual() ? scalar(value.asText(), schema) : value;
    }

    private JsonNode list(JsonNode value, JsonNode schema) {
        ArrayNode out = Json.MAKE.arrayNode();
        if (value.isTextual() && schema.path("$comment").asText().equals(BY_COMMA)) {
            for (String item : value.asText().split(",", -1)) {
                out.add(coerce(Json.MAKE.textNode(item), schema.path("items")));
            }
        } else if (value.isContainerNode()) {
            value.forEach(item -> out.add(coerce(item, schema.path("items"))));
        } else {
            out.add(coerce(value, schema.path("items")));
        }
        return out;
    }

    /** Of several forms the one that this value can be. */
    private JsonNode branch(JsonNode value, JsonNode schema) {
        JsonNode forms = schema.has("anyOf") ? schema.get("anyOf") : schema.path("oneOf");
        for (JsonNode form : forms) {
            JsonNode resolved = shape.resolve(form);
            if (value.isContainerNode() ? takesContainer(resolved) : takesText(value.asText(), resolved)) {
                return resolved;
            }
        }
        return schema;
    }

    private static boolean takesContainer(JsonNode schema) {
        return allows(schema, "object") || allows(schema, "array");
    }

    private static boolean takesText(String text, JsonNode schema) {
        if (schema.has("enum")) {
            for (JsonNode one : schema.get("enum")) {
                if (one.asText().equals(text)) {
                    return true;
                }
            }
            return false;
        }
        return !takesContainer(schema)
                && (allows(schema, "string") || !scalar(text, schema).isTextual());
    }

    private static JsonNode member(JsonNode schema, String name) {
        JsonNode own = schema.path("properties").path(name);
        return own.isMissingNode() ? schema.path("additionalProperties") : own;
    }

    private static JsonNode scalar(String text, JsonNode schema) {
        if (allows(schema, "integer") && WHOLE.matcher(text).matches()) {
            return Json.MAKE.numberNode(Long.parseLong(text));
        }
        if (allows(schema, "number") && NUMBER.matcher(text).matches()) {
            return Json.MAKE.numberNode(new BigDecimal(text));
        }
        if (allows(schema, "boolean") && (text.equals("true") || text.equals("false"))) {
            return Json.MAKE.booleanNode(text.equals("true"));
        }
        return Json.MAKE.textNode(text);
    }

    private static boolean allows(JsonNode schema, String type) {
        JsonNode declared = schema.path("type");
        if (declared.isArray()) {
            for (JsonNode one : declared) {
                if (one.asText().equals(type)) {
                    return true;
                }
            }
            return false;
        }
        return declared.asText().equals(type);
    }
}
