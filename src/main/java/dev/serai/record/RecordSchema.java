package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One canonical record: which fields it has, which are personal, and whether a value is one. */
public final class RecordSchema {
    private final String name;
    private final JsonNode source;
    private final Schema schema;
    private final Optional<Shape> shape;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    /**
     * @param type JSON Schema's word: string, number, integer, boolean, array or object
     * @param personal whether the value says something about a person; such values are masked in messages
     * @param open whether members of any name may stand under it
     */
    public record Field(String type, String description, boolean required, boolean personal, boolean open) {}

    /** @param field dotted path; empty when the record as a whole is wrong @param sentence continues the field's name */
    public record Misfit(String field, String sentence) {}

    RecordSchema(String name, JsonNode source) {
        this.name = name;
        this.source = source;
        var strict = SchemaRegistryConfig.builder()
                .formatAssertionsEnabled(true)
                .regularExpressionFactory(RecordSchema::linear)
                .build();
        this.schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemaRegistryConfig(strict))
                .getSchema(untagged(source.deepCopy()));
        this.shape = Shape.of(source);
        collect("", source);
    }

    /** Patterns of a schema that others wrote must end as well. */
    private static RegularExpression linear(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return value -> compiled.matcher(value).find();
    }

    /** Our tags mean nothing to a validator, which would warn of each. */
    private static JsonNode untagged(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("x-personal");
            object.remove("x-version");
        }
        node.forEach(RecordSchema::untagged);
        return node;
    }

    private void collect(String prefix, JsonNode object) {
        var required = new ArrayList<String>();
        object.path("required").forEach(entry -> required.add(entry.textValue()));
        object.path("properties").properties().forEach(entry -> {
            JsonNode field = entry.getValue();
            boolean closed = field.path("additionalProperties").isBoolean()
                    && !field.path("additionalProperties").booleanValue();
            boolean open = field.path("type").asText().equals("object") && !closed;
            fields.put(
                    prefix + entry.getKey(),
                    new Field(
                            field.path("type").asText(),
                            field.path("description").asText(),
                            required.contains(entry.getKey()),
                            field.path("x-personal").asBoolean(false),
                            open));
            collect(prefix + entry.getKey() + ".", field);
            collect(prefix + entry.getKey() + ".0.", field.path("items"));
        });
    }

    public String name() {
        return name;
    }

    /** The schema itself, as it is published. */
    public JsonNode source() {
        return source;
    }

    /** Counts from 1; a change that breaks readers counts it up. */
    public int version() {
        return source.path("x-version").asInt(1);
    }

    public String description() {
        return source.path("description").asText();
    }

    /** Every field by dotted path, objects included, in the order of the reference; {@code lines.0.sku} for those of items. */
    public Map<String, Field> fields() {
        return Collections.unmodifiableMap(fields);
    }

    public Set<String> fieldNames() {
        return fields.keySet();
    }

    /** The field at that dotted path, list positions counting as their list's items; none for those nobody declares. */
    public Optional<Field> field(String path) {
        return Optional.ofNullable(fields.get(path.replaceAll("\\.\\d+(?=\\.|$)", ".0")));
    }

    /** The values a field may have, if it is one of a list of words; empty when any. */
    public List<String> allowed(String path) {
        JsonNode at = source;
        for (String name : path.split("\\.")) {
            at = name.matches("\\d+") ? at.path("items") : at.path("properties").path(name);
        }
        var words = new ArrayList<String>();
        at.path("enum").forEach(word -> words.add(word.asText()));
        return words;
    }

    /** Whether the record can have a value at that dotted path; list positions count as their list's items. */
    public boolean has(String path) {
        if (field(path).isPresent()) {
            return true;
        }
        int dot = path.lastIndexOf('.');
        while (dot > 0) {
            Optional<Field> above = field(path.substring(0, dot));
            if (above.isPresent()) {
                boolean item = path.indexOf('.', dot + 1) < 0
                        && path.substring(dot + 1).matches("\\d+");
                return above.get().open || above.get().type.equals("array") && item;
            }
            dot = path.lastIndexOf('.', dot - 1);
        }
        return false;
    }

    /** Whether a value there is personal. Fields the record does not declare count as personal: nobody said they are not. */
    public boolean isPersonal(String path) {
        return field(path)
                .map(field -> field.personal || field.type.equals("object") || field.type.equals("array"))
                .orElse(true);
    }

    /** What keeps a value from being this record; empty when it is one. */
    public List<Misfit> check(JsonNode value) {
        if (shape.isPresent() && shape.get().surely(value)) {
            return List.of();
        }
        return checkThoroughly(value);
    }

    List<Misfit> checkThoroughly(JsonNode value) {
        List<Error> errors = schema.validate(value);
        return errors.isEmpty() ? List.of() : errors.stream().map(this::misfit).toList();
    }

    private Misfit misfit(Error error) {
        var path = new StringBuilder();
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            path.append(path.isEmpty() ? "" : ".")
                    .append(error.getInstanceLocation().getElement(i));
        }
        JsonNode wanted = error.getSchemaNode();
        String field = path.toString();
        return switch (error.getKeyword()) {
            case "required" -> new Misfit(join(field, error.getProperty()), "is missing; every " + name + " has it");
            case "additionalProperties" ->
                new Misfit(
                        join(field, error.getProperty()), "is not a field of " + name + "; put it under custom_fields");
            case "type" -> new Misfit(field, "must be " + typeWord(wanted.asText()));
            case "enum" -> new Misfit(field, "must be one of " + listed(wanted));
            case "format" -> new Misfit(field, "must be " + formatWord(wanted.asText()));
            case "pattern" -> new Misfit(field, "must be " + patternWord(wanted.asText()));
            case "maximum" -> new Misfit(field, "must be at most " + wanted.asText());
            case "minLength" -> new Misfit(field, "must not be empty");
            case "minimum" -> new Misfit(field, "must be at least " + wanted.asText());
            default -> new Misfit(field, "breaks the rule \"" + error.getKeyword() + "\" of " + name);
        };
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String typeWord(String type) {
        return switch (type) {
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "a map";
            default -> "a " + type;
        };
    }

    private static String formatWord(String format) {
        return switch (format) {
            case "date-time" -> "a time such as 2026-01-31T12:00:00Z; add do: [timestamp]";
            case "uri" -> "a web address";
            default -> "of the form " + format;
        };
    }

    private static String patternWord(String pattern) {
        return Forms.of(pattern).map(Forms.Form::words).orElse("of the form " + pattern);
    }

    private static String listed(JsonNode values) {
        var words = new ArrayList<String>();
        values.forEach(value -> words.add(value.asText()));
        return String.join(", ", words);
    }
}
