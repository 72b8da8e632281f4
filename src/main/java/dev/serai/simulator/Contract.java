package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operations of a vendor's OpenAPI document. Paths begin with the vendor's base path. */
final class Contract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    /** An operation that fits a request's method and path, with the values of the path's places. */
    record Match(Operation operation, Map<String, String> path) {}

    private static final String NAME = "contract.json";

    private final List<Operation> operations = new ArrayList<>();

    /** The OpenAPI document of a system's folder. @throws IllegalArgumentException when it has none */
    static JsonNode document(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    file + " is missing; " + VendorFile.NAME + " needs the vendor's OpenAPI document beside it");
        }
        return Json.file(file);
    }

    /**
     * Adds the operations of one document.
     *
     * @param base put before each of its paths that does not begin with it
     */
    void add(JsonNode document, String base, OpenApiSchemas schemas) {
        var reader = new Reader(document, schemas);
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> operations.add(new Operation(
                        method.getValue().path("operationId").asText(),
                        method.getKey().toUpperCase(Locale.ROOT),
                        new PathTemplate(path.getKey().startsWith(base + "/") ? path.getKey() : base + path.getKey()),
                        reader.inputs(path.getValue(), method.getValue())))));
        operations.sort(Comparator.comparingLong(operation -> operation.path().places()));
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** @throws Refusal of kind {@code no_such_method} or {@code no_such_path} */
    Match find(String method, String path) {
        String[] segments = PathTemplate.segments(path);
        boolean known = false;
        for (Operation operation : operations) {
            Optional<Map<String, String>> values = operation.path().match(segments);
            if (values.isPresent() && operation.method().equals(method)) {
                return new Match(operation, values.get());
            }
            known |= values.isPresent();
        }
        throw known
                ? new Refusal("no_such_method", method + " is not in the contract for this path")
                : new Refusal("no_such_path", "no path of the contract is like " + path);
    }

    /** Reads the inputs of operations; keeps the schemas its document shares, translated once. */
    private static final class Reader {
        private final JsonNode document;
        private final OpenApiSchemas schemas;
        private ObjectNode definitions;

        Reader(JsonNode document, OpenApiSchemas schemas) {
            this.document = document;
            this.schemas = schemas;
        }

        Operation.Inputs inputs(JsonNode path, JsonNode operation) {
            var parameters = new ArrayList<JsonNode>();
            path.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
            operation.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
            JsonNode body = resolve(operation.path("requestBody"));
            var bodies = new LinkedHashMap<String, Shape>();
            body.path("content")
                    .properties()
                    .forEach(media -> bodies.put(
                            media.getKey(),
                            new Shape(() -> whole(media.getValue().path("schema")))));
            return new Operation.Inputs(
                    new Shape(() -> object(parameters, "path")),
                    new Shape(() -> object(parameters, "query")),
                    new Shape(() -> object(parameters, "header")),
                    bodies,
                    body.path("required").asBoolean());
        }

        private JsonNode resolve(JsonNode node) {
            String reference = node.path("$ref").asText();
            return reference.startsWith("#/") ? document.at(reference.substring(1)) : node;
        }

        private ObjectNode object(List<JsonNode> parameters, String in) {
            ObjectNode schema = Json.MAKE.objectNode().put("type", "object").put("additionalProperties", false);
            var properties = schema.putObject("properties");
            var required = schema.putArray("required");
            for (JsonNode parameter : parameters) {
                if (parameter.path("in").asText().equals(in)) {
                    String name = parameter.path("name").asText();
                    JsonNode type = schemas.translate(parameter.path("schema"));
                    if (type instanceof ObjectNode list
                            && parameter.has("explode")
                            && !parameter.get("explode").asBoolean()) {
                        list.put("$comment", Fields.BY_COMMA);
                    }
                    properties.set(name, type);
                    required.removeIf(known -> known.asText().equals(name)); // an operation's own stands for its path's
                    if (parameter.path("required").asBoolean()) {
                        required.add(name);
                    }
                }
            }
            return schema.set("$defs", definitions());
        }

        private ObjectNode whole(JsonNode source) {
            return schemas.translate(source) instanceof ObjectNode schema
                    ? schema.set("$defs", definitions())
                    : Json.MAKE.objectNode();
        }

        private synchronized ObjectNode definitions() {
            if (definitions == null) {
                definitions = schemas.translateAll(document.path("components").path("schemas"));
            }
            return definitions;
        }
    }
}
