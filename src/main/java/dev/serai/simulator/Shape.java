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
import java.util.Locale;
import java.util.function.Supplier;

/** What one part of a request (body, query, path, headers) must look like. Compiled when it is first used. */
final class Shape {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    private final String what;
    private final Supplier<ObjectNode> source;
    private ObjectNode schema;
    private Schema compiled;

    /**
     * @param what in words: {@code the body of createTicket}
     * @param source gives the translated schema, with the {@code $defs} its references point to
     */
    Shape(String what, Supplier<ObjectNode> source) {
        this.what = what;
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

    /** All the ways in which {@code value} does not fit; empty when it does. @throws BrokenContract when nothing could */
    List<Violation> check(JsonNode value) {
        List<Error> errors = errors(value);
        var found = new LinkedHashMap<String, Violation>();
        for (Error error : errors) {
            String field = field(error.getInstanceLocation());
            if (!isOtherForm(error, field, errors)) {
                found.putIfAbsent(field + "|" + error.getProperty(), violation(field, error));
            }
        }
        return new ArrayList<>(found.values());
    }

    private List<Error> errors(JsonNode value) {
        try {
            return compiled().validate(value);
        } catch (RuntimeException e) { // of many kinds, as the schema is somebody else's
            throw new BrokenContract(what, e);
        }
    }

    /**
     * Where one of several forms must fit, each complains. Those that would have the value be of another kind
     * altogether say nothing when one complains of something inside it.
     */
    private static boolean isOtherForm(Error error, String field, List<Error> errors) {
        return isChoice(error)
                && isKind(error)
                && errors.stream()
                        .anyMatch(other -> !isKind(other)
                                && isChoice(other)
                                && field(other.getInstanceLocation()).startsWith(field));
    }

    private static boolean isKind(Error error) {
        return error.getKeyword().equals("type") || error.getKeyword().equals("enum");
    }

    private static boolean isChoice(Error error) {
        String path = error.getEvaluationPath().toString();
        return path.contains("/anyOf/") || path.contains("/oneOf/");
    }

    private synchronized Schema compiled() {
        if (compiled == null) {
            compiled = REGISTRY.getSchema(schema());
        }
        return compiled;
    }

    private Violation violation(String field, Error error) {
        String property = error.getProperty();
        String rule = error.getKeyword();
        return switch (rule) {
            case "additionalProperties" ->
                new Violation(
                        member(field, property),
                        "unknown",
                        "\"" + property + "\" is not in the contract; " + Suggest.hint(property, siblings(error)));
            case "required" -> new Violation(member(field, property), "missing", "\"" + property + "\" is missing");
            default -> new Violation(field, rule, sentence(rule, error.getSchemaNode(), error.getInstanceNode()));
        };
    }

    private static String sentence(String rule, JsonNode expected, JsonNode given) {
        return switch (rule) {
            case "type" -> "must be " + words(expected) + ", not " + article(type(given));
            case "enum" -> "must be one of " + listed(expected);
            case "format" -> "is not a valid " + expected.asText();
            case "maxItems" -> "has " + given.size() + " items; at most " + expected + " are taken";
            case "maxLength" -> "has " + given.asText().length() + " characters; at most " + expected + " are taken";
            case "maximum" -> "must be at most " + expected;
            case "minimum" -> "must be at least " + expected;
            case "minItems" -> "has " + given.size() + " items; at least " + expected + " are needed";
            case "anyOf", "oneOf" -> "fits none of the forms the contract allows";
            default -> "does not keep to \"" + rule + "\" of the contract";
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
        return value.isIntegralNumber() ? "integer" : value.getNodeType().name().toLowerCase(Locale.ROOT);
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
