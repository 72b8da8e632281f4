package dev.serai.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The JSON Schema (2020-12) of one kind of file. It is the one definition of that kind: it gives the checks at load, the
 * completion in editors and the generated reference. Errors are worded for the person who wrote the file.
 */
public final class FileSchema {
    /** The pattern by which schemas mean the name of a header. */
    private static final String HEADER = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$";

    private final Schema schema;
    private final JsonNode source;
    private final String kind;

    private FileSchema(JsonNode source, String kind) {
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(source);
        this.source = source;
        this.kind = kind;
    }

    /** @param kind the file's kind as people call it; {@code /schema/<kind>.schema.json} must be on the class path */
    public static FileSchema of(String kind) {
        String resource = "/schema/" + kind + ".schema.json";
        try (InputStream in = FileSchema.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no schema " + resource + " in the jar");
            }
            return new FileSchema(new ObjectMapper().readTree(in), kind);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks the file's shape and notes every problem at the line where it stands. */
    public void check(Yaml root, Problems problems) {
        for (Error error : schema.validate(root.json())) {
            note(root, error, problems);
        }
    }

    private void note(Yaml root, Error error, Problems problems) {
        var names = new ArrayList<String>();
        var path = error.getInstanceLocation();
        for (int i = 0; i < path.getNameCount(); i++) {
            names.add(path.getElement(i).toString());
        }
        Yaml at = descend(root, names);
        String name = names.isEmpty() ? "the file" : "\"" + String.join(".", names) + "\"";
        switch (error.getKeyword()) {
            case "additionalProperties", "unevaluatedProperties" -> {
                String key = error.getProperty();
                problems.addAtKey(
                        at,
                        key,
                        "\"" + key + "\" is not known " + within(names) + "; " + Suggest.hint(key, declared(error)));
            }
            case "required" ->
                problems.add(
                        at,
                        (names.isEmpty() ? "the " + kind + " file" : name) + " lacks \"" + error.getProperty() + "\"");
            case "enum" ->
                problems.add(at, name + " is \"" + at.text() + "\"; " + Suggest.hint(at.text(), allowed(error)));
            case "type" -> problems.add(at, name + " must be " + typeWords(error) + ", not " + shape(at));
            case "const" -> problems.add(at, name + " must be " + error.getSchemaNode());
            default -> problems.add(at, name + " " + misfit(at.text(), error));
        }
    }

    /** What is wrong with a value of the right type. */
    private static String misfit(String text, Error error) {
        String wanted = error.getSchemaNode().asText();
        return switch (error.getKeyword()) {
            case "pattern" -> "is \"" + text + "\"; " + form(text, wanted);
            case "minItems", "minProperties" -> "is empty; write what belongs there, or leave it out";
            case "minimum" -> "is \"" + text + "\"; at least " + wanted + " is taken";
            case "maximum" -> "is \"" + text + "\"; at most " + wanted + " is taken";
            default -> error.getMessage();
        };
    }

    /** What a text had to be like. */
    private static String form(String text, String pattern) {
        if (DottedPath.isPattern(pattern)) {
            return DottedPath.instead(text);
        }
        return pattern.equals(HEADER)
                ? "that is not the name of a header; letters, digits and hyphens are"
                : "it must match " + pattern;
    }

    private String within(List<String> names) {
        return names.isEmpty()
                ? (kind.startsWith("a") ? "in an " : "in a ") + kind + " file"
                : "under \"" + String.join(".", names) + "\"";
    }

    /** The members that may stand where the unknown one was found: those of the schema that refused it. */
    private List<String> declared(Error error) {
        String pointer = error.getSchemaLocation().getFragment().toString();
        String parent = pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
        var names = new ArrayList<String>();
        source.at(parent).path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> allowed(Error error) {
        var values = new ArrayList<String>();
        error.getSchemaNode().forEach(value -> values.add(value.asText()));
        return values;
    }

    private static String typeWords(Error error) {
        JsonNode type = error.getSchemaNode();
        if (!type.isArray()) {
            return article(type.asText());
        }
        var words = new ArrayList<String>();
        type.forEach(t -> words.add(article(t.asText())));
        return String.join(" or ", words);
    }

    private static String article(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "object" -> "a map";
            case "array" -> "a list";
            case "string" -> "text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            default -> "a " + type;
        };
    }

    private static String shape(Yaml at) {
        return at.isMap() ? "a map" : at.isList() ? "a list" : "\"" + at.text() + "\"";
    }

    private static Yaml descend(Yaml root, List<String> names) {
        Yaml at = root;
        for (String name : names) {
            Yaml here = at;
            var next = at.isList() ? at.items().stream().skip(index(name)).findFirst() : at.get(name);
            at = next.orElse(here);
        }
        return at;
    }

    private static long index(String name) {
        return name.chars().allMatch(Character::isDigit) ? Long.parseLong(name) : Long.MAX_VALUE;
    }
}
