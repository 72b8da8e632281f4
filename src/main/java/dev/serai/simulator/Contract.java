package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.file.FileRefused;
import dev.serai.file.Place;
import dev.serai.file.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The operations of a vendor's OpenAPI document. Paths begin with the vendor's base path. */
final class Contract {
    /** An operation that fits a request's method and path, with the values of the path's places. */
    record Match(Operation operation, Map<String, String> path) {}

    static final String NAME = "contract.json";

    private final List<Operation> operations = new ArrayList<>();

    /**
     * The OpenAPI document of a system's folder.
     *
     * @throws FileRefused when it has none, or one nobody can work with
     */
    static JsonNode document(Path folder) {
        Path file = folder.resolve(NAME);
        String shown = VendorFile.shown(folder, NAME);
        if (!Files.isRegularFile(file)) {
            throw new FileRefused(List.of(new Problem(
                    Place.whole(shown),
                    "is missing; " + VendorFile.NAME + " needs the vendor's OpenAPI document beside it")));
        }
        JsonNode document = Json.file(file, shown);
        List<Problem> problems = new OpenApiDocument(document)
                .problems().stream()
                        .map(sentence -> new Problem(Place.whole(shown), sentence))
                        .toList();
        if (!problems.isEmpty()) {
            throw new FileRefused(problems);
        }
        return document;
    }

    /** What an operation is called: by its {@code operationId}, else {@code get /people}. */
    static String id(String path, String method, JsonNode operation) {
        return operation.path("operationId").asText(method + " " + path);
    }

    /**
     * Adds the operations of one document.
     *
     * @param base put before each of its paths that does not begin with it
     */
    void add(JsonNode document, String base, OpenApiSchemas schemas) {
        var reader = new Reader(document, schemas);
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> OpenApiDocument.METHODS.contains(method.getKey()))
                .forEach(method -> operations.add(new Operation(
                        id(path.getKey(), method.getKey(), method.getValue()),
                        method.getKey().toUpperCase(Locale.ROOT),
                        new PathTemplate(path.getKey().startsWith(base + "/") ? path.getKey() : base + path.getKey()),
                        reader.inputs(
                                id(path.getKey(), method.getKey(), method.getValue()),
                                path.getValue(),
                                method.getValue())))));
        operations.sort(Comparator.comparingLong(operation -> operation.path().openness()));
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

    /**
     * The form of an answer of an operation. Members it does not name may stand there: vendors add some at any time.
     *
     * @param schema as it stands in the document
     */
    static Shape answer(JsonNode document, String operation, JsonNode schema) {
        var reader = new Reader(document, new OpenApiSchemas(false));
        return new Shape("the answer of " + operation, () -> reader.whole(schema));
    }

    /** Reads the inputs of operations; keeps the schemas its document shares, translated once. */
    private static final class Reader {
        private final JsonNode document;
        private final OpenApiDocument references;
        private final OpenApiSchemas schemas;
        private ObjectNode definitions;

        Reader(JsonNode document, OpenApiSchemas schemas) {
            this.document = document;
            this.references = new OpenApiDocument(document);
            this.schemas = schemas;
        }

        Operation.Inputs inputs(String id, JsonNode path, JsonNode operation) {
            var parameters = new ArrayList<JsonNode>();
            path.path("parameters").forEach(parameter -> parameters.add(references.follow(parameter)));
            operation.path("parameters").forEach(parameter -> parameters.add(references.follow(parameter)));
            JsonNode body = references.follow(operation.path("requestBody"));
            var bodies = new LinkedHashMap<String, Shape>();
            body.path("content")
                    .properties()
                    .forEach(media -> bodies.put(
                            media.getKey(),
                            new Shape(
                                    "the body of " + id,
                                    () -> whole(media.getValue().path("schema")))));
            return new Operation.Inputs(
                    parameters(id, parameters, "path"),
                    parameters(id, parameters, "query"),
                    parameters(id, parameters, "header"),
                    bodies,
                    body.path("required").asBoolean());
        }

        private Shape parameters(String id, List<JsonNode> parameters, String in) {
            return new Shape("the " + in + " parameters of " + id, () -> object(parameters, in));
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
            if (in.equals("query")) {
                allowKeys(properties);
            }
            return schema.set("$defs", definitions());
        }

        /** A key that says who calls stands under the document's security schemes, and not among the parameters. */
        private void allowKeys(ObjectNode query) {
            document.at("/components/securitySchemes").forEach(given -> {
                JsonNode scheme = references.follow(given);
                String name = scheme.path("name").asText();
                if (scheme.path("type").asText().equals("apiKey")
                        && scheme.path("in").asText().equals("query")
                        && !query.has(name)) {
                    query.putObject(name).put("type", "string");
                }
            });
        }

        private ObjectNode whole(JsonNode source) {
            return schemas.translate(source) instanceof ObjectNode schema
                    ? schema.set("$defs", definitions())
                    : Json.MAKE.objectNode();
        }

        private synchronized ObjectNode definitions() {
            if (definitions == null) {
                definitions = schemas.translateAll(document.path("components").path("schemas"));
                for (String reference : document.findValuesAsText("$ref")) {
                    JsonNode target = references.target(reference);
                    if (OpenApiSchemas.isElsewhere(reference) && target.isObject()) {
                        definitions.set(OpenApiSchemas.elsewhere(reference), schemas.translate(target));
                    }
                }
            }
            return definitions;
        }
    }
}
