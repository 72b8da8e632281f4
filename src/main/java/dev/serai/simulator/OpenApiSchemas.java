package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Turns the schemas of OpenAPI 3.0 and 3.1 into JSON Schema 2020-12: {@code nullable} becomes a type, shared
 * schemas move to {@code $defs}, siblings of a {@code $ref} go, bounds of 3.0 that exclude themselves become those of JSON Schema, and words that only describe are dropped.
 */
final class OpenApiSchemas {
    private static final Set<String> MAPS_OF_SCHEMAS = Set.of("properties", "patternProperties");
    private static final Set<String> LISTS_OF_SCHEMAS = Set.of("anyOf", "oneOf", "allOf");
    private static final Set<String> SCHEMAS = Set.of("items", "additionalProperties", "not");
    /** Older documents mark a member as {@code required: true}, which is no JSON Schema. */
    private static final Set<String> LISTS = Set.of("required", "enum");

    private static final Set<String> AS_THEY_ARE = Set.of(
            "type",
            "enum",
            "required",
            "format",
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "const");

    /** Marks a schema whose deeper part was left out of the contract: anything may stand there. */
    private static final String CUT = "x-cut";

    private static final String SHARED = "#/components/schemas/";

    /** A parameter, a body or an answer as a whole, which is no schema. */
    private static final Pattern SHARED_PART = Pattern.compile("#/components/[^/]+/[^/]+");

    private final boolean closed;

    /** @param closed whether an object that lists its members and says nothing of others takes no others */
    OpenApiSchemas(boolean closed) {
        this.closed = closed;
    }

    JsonNode translate(JsonNode schema) {
        if (!schema.isObject()) {
            return schema;
        }
        if (schema.has("$ref")) {
            String given = schema.get("$ref").asText();
            String target = given.startsWith(SHARED) ? given.substring(SHARED.length()) : elsewhere(given);
            return Json.MAKE.objectNode().put("$ref", "#/$defs/" + target);
        }
        ObjectNode out = Json.MAKE.objectNode();
        schema.properties().forEach(member -> copy(member.getKey(), member.getValue(), out));
        if (schema.path("nullable").asBoolean()) {
            allowNull(out);
        }
        exclude(out, "exclusiveMinimum", "minimum");
        exclude(out, "exclusiveMaximum", "maximum");
        if (closed && schema.has("properties") && !schema.has("additionalProperties") && !schema.has(CUT)) {
            out.put("additionalProperties", false);
        }
        return out;
    }

    /** Translates each member of a map of schemas. */
    ObjectNode translateAll(JsonNode map) {
        ObjectNode out = Json.MAKE.objectNode();
        map.properties().forEach(member -> out.set(member.getKey(), translate(member.getValue())));
        return out;
    }

    private void copy(String name, JsonNode value, ObjectNode out) {
        if (MAPS_OF_SCHEMAS.contains(name)) {
            out.set(name, translateAll(value));
        } else if (LISTS_OF_SCHEMAS.contains(name)) {
            var list = out.putArray(name);
            value.forEach(item -> list.add(translate(item)));
        } else if (SCHEMAS.contains(name)) {
            out.set(name, translate(value));
        } else if (AS_THEY_ARE.contains(name) && !(LISTS.contains(name) && !value.isArray())) {
            out.set(name, value);
        }
    }

    /** In 3.0 it says of the bound beside it that the bound itself is not allowed; since 3.1 it is the bound. */
    private static void exclude(ObjectNode schema, String exclusive, String bound) {
        if (schema.path(exclusive).isBoolean()) {
            boolean excluded = schema.remove(exclusive).asBoolean();
            if (excluded && schema.has(bound)) {
                schema.set(exclusive, schema.remove(bound));
            }
        }
    }

    /** Whether a reference leads to a schema that is not one of the document's shared parts: {@code #/paths/...}. */
    static boolean isElsewhere(String reference) {
        return !reference.startsWith(SHARED) && !SHARED_PART.matcher(reference).matches();
    }

    /** What a schema that stands elsewhere is called among the shared ones. */
    static String elsewhere(String reference) {
        return "elsewhere-" + UUID.nameUUIDFromBytes(reference.getBytes(StandardCharsets.UTF_8));
    }

    private static void allowNull(ObjectNode schema) {
        if (schema.path("type").isTextual()) {
            String type = schema.get("type").asText();
            schema.putArray("type").add(type).add("null");
        }
        if (schema.path("enum").isArray()) {
            schema.set("enum", schema.get("enum").deepCopy());
            schema.withArray("enum").addNull();
        }
        if (schema.has("anyOf")) {
            schema.withArray("anyOf").addObject().put("type", "null");
        }
    }
}
