package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import dev.serai.file.Suggest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Supplier;

/** What one part of a request (body, query, path, headers) must look like. Compiled when it is first used. */
final class Shape {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final Supplier<ObjectNode> source;
    private ObjectNode schema;
    private Schema compiled;

    /** @param source gives the translated schema, with the {@code $defs} its references point to */
    Shape(Supplier<ObjectNode> source) {
        this.source = source;
    }

    /** The translated schema; what its references point to stands in its {@code $defs}. */
    synchronized ObjectNode schema() {
        if (schema == null) {
            schema = source.get();
        }
        return schema;
    }

    /** Follows {@code $ref} inside the document. */
    JsonNode resolve(JsonNode part) {
        JsonNode at = part;
        while (at.path("$ref").asText().startsWith("#/")) {
            at = schema().at(at.get("$ref").asText().substring(1));
        }
        return at;
    }

    /** All the ways in which {@code value} does not fit; empty when it does. */
    List<Violation> check(JsonNode value) {
        var found = new LinkedHashMap<String, Violation>();
        for (Error error : compiled().validate(value)) {
            String field = field(error.getInstanceLocation());
            // the branches of one anyOf each complain of the same place: the first says enough
            found.putIfAbsent(field + "|" + error.getProperty(), violation(field, error));
        }
        return new ArrayList<>(found.values());
    }

    private synchronized Schema compiled() {
        if (compiled == null) {
            compiled = REGISTRY.getSchema(schema());
        }
        return compiled;
    }

    private Violation violation(String field, Error error) {
        String property = error.getProperty();
        return switch (error.getKeyword()) {
            case "additionalProperties" ->
                new Violation(
                        member(field, property),
                        "\"" + property + "\" is not in the contract; " + Suggest.hint(property, siblings(error)));
            case "required" -> new Violation(member(field, property), "\"" + property + "\" is missing");
            case "type" ->
                new Violation(
                        field,
                        "must be " + words(error.getSchemaNode()) + ", not " + article(type(error.getInstanceNode())));
            case "enum" -> new Violation(field, "must be one of " + listed(error.getSchemaNode()));
            case "format" ->
                new Violation(field, "is not a valid " + error.getSchemaNode().asText());
            case "maxItems" ->
                new Violation(
                        field,
                        "has " + error.getInstanceNode().size() + " items; at most " + error.getSchemaNode()
                                + " are taken");
            case "maximum", "maxLength" -> new Violation(field, "must be at most " + error.getSchemaNode());
            case "minimum", "minLength", "minItems" ->
                new Violation(field, "must be at least " + error.getSchemaNode());
            case "anyOf", "oneOf" -> new Violation(field, "fits none of the forms the contract allows");
            default -> new Violation(field, "does not keep to \"" + error.getKeyword() + "\" of the contract");
        };
    }

    private List<String> siblings(Error error) {
        String pointer = error.getSchemaLocation().getFragment().toString();
        String parent = pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
        var names = new ArrayList<String>();
        schema().at(parent).path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String field(NodePath path) {
        var text = new StringBuilder();
        for (int i = 0; i < path.getNameCount(); i++) {
            Object part = path.getElement(i);
            if (part instanceof Integer) {
                text.append('[').append(part).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(part);
            }
        }
        return text.toString();
    }

    private static String member(String field, String property) {
        return field.isEmpty() ? property : field + "." + property;
    }

    private static String words(JsonNode types) {
        if (!types.isArray()) {
            return article(types.asText());
        }
        var words = new ArrayList<String>();
        types.forEach(type -> words.add(article(type.asText())));
        return String.join(" or ", words);
    }

    private static String type(JsonNode value) {
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String article(String type) {
        return switch (type) {
            case "object" -> "an object";
            case "array" -> "an array";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "string" -> "text";
            case "null" -> "null";
            default -> "a " + type;
        };
    }

    private static String listed(JsonNode values) {
        var texts = new ArrayList<String>();
        values.forEach(value -> texts.add(value.toString()));
        return String.join(", ", texts);
    }
}
