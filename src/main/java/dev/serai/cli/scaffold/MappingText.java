package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mapping for the main write, with the fields it must have. */
final class MappingText {
    private final OpenApi document;
    private final String name;

    MappingText(OpenApi document, String name) {
        this.document = document;
        this.name = name;
    }

    /** @param file its name, without the suffix @param yaml what it holds */
    record Mapping(String file, String yaml) {}

    /** For the first write that takes named values as JSON, of which a mapping can name at least one. */
    Optional<Mapping> write(List<Operation> operations) {
        var samples = new SampleValues(document);
        for (Operation operation : operations) {
            Optional<JsonNode> body = document.body(operation)
                    .filter(found -> found.media().endsWith("json"))
                    .map(found -> samples.of(found.schema()));
            if (operation.method().equals("POST")
                    && body.isPresent()
                    && body.get().isObject()
                    && !named(body.get()).isEmpty()) {
                return Optional.of(mapping(operation, body.get()));
            }
        }
        return Optional.empty();
    }

    private static List<String> named(JsonNode body) {
        var fields = new ArrayList<String>();
        body.properties().forEach(field -> {
            if (field.getKey().matches("[A-Za-z_][A-Za-z0-9_]*")
                    && !field.getValue().isNull()) {
                fields.add(field.getKey());
            }
        });
        return fields;
    }

    private Mapping mapping(Operation operation, JsonNode body) {
        List<String> fields = named(body);
        String file = "record-to-" + operation.name().replace('_', '-');
        var lines = new Lines();
        lines.add("mapping: " + name + "/" + file);
        lines.add("description: A record becomes the body of " + name + "/" + operation.name() + ".");
        lines.add("from: any   # unknown: which record of ours; contact, deal, ...");
        lines.add("fields:   # the required ones; which field of ours each comes from is unknown");
        fields.forEach(field -> lines.add("  " + field + ": { from: " + field + ", required: true }"));
        lines.add("tests:");
        lines.add("  - name: what is needed is there");
        lines.add("    given: " + only(body, fields));
        lines.add("    expect: " + only(body, fields));
        lines.add("  - name: nothing is written when it is not");
        lines.add("    given: { unrelated: true }");
        lines.add("    refused: [ "
                + String.join(
                        ", ",
                        fields.stream()
                                .map(field -> Lines.quoted(field + ": " + field + " is missing"))
                                .toList())
                + " ]");
        return new Mapping(file, lines.toString());
    }

    private static JsonNode only(JsonNode body, List<String> fields) {
        return ((com.fasterxml.jackson.databind.node.ObjectNode) body.deepCopy()).retain(fields);
    }
}
