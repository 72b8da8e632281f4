package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.simulator.OpenApiDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What an OpenAPI 3 document says of a system, as far as a connector file can say it too. */
final class OpenApi {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final Pattern WHOLE_SEGMENTS = Pattern.compile("(/([^/{}]+|\\{[^/{}]+}))+/?");

    private final JsonNode document;
    private final OpenApiDocument references;

    /** @throws IllegalArgumentException when it is no OpenAPI 3 document, or one nobody can work with */
    OpenApi(JsonNode document) {
        if (!document.path("openapi").asText().startsWith("3.")) {
            throw new IllegalArgumentException("this is no OpenAPI 3 document (\"openapi\" is "
                    + document.path("openapi") + "); convert it first");
        }
        List<String> problems = new OpenApiDocument(document).problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        this.document = document;
        this.references = new OpenApiDocument(document);
    }

    /**
     * One operation.
     *
     * @param name as a route will call it
     * @param node as the document has it
     */
    record Operation(String name, String method, String path, JsonNode node, List<JsonNode> parameters) {
        List<JsonNode> required(String in) {
            return parameters.stream()
                    .filter(parameter -> parameter.path("in").asText().equals(in))
                    .filter(parameter ->
                            in.equals("path") || parameter.path("required").asBoolean())
                    .toList();
        }

        Set<String> queryNames() {
            var names = new HashSet<String>();
            parameters.stream()
                    .filter(parameter -> parameter.path("in").asText().equals("query"))
                    .forEach(parameter -> names.add(parameter.path("name").asText()));
            return names;
        }

        boolean isRead() {
            return method.equals("GET");
        }
    }

    String title() {
        return document.at("/info/title").asText("a system").strip();
    }

    /**
     * The first server's address. A variable that is one of several words has its default; any other is a part of somebody's own
     * address, whatever example the document gives for it: a key must go to no stranger.
     */
    Optional<String> server() {
        JsonNode server = document.path("servers").path(0);
        String url = server.path("url").asText();
        for (var variable : server.path("variables").properties()) {
            boolean listed = !variable.getValue().path("enum").isEmpty();
            String value = listed ? variable.getValue().path("default").asText() : "";
            url = value.isEmpty() ? url : url.replace("{" + variable.getKey() + "}", value);
        }
        return Optional.of(url.replaceAll("/+$", "")).filter(text -> text.startsWith("http"));
    }

    /** The path of the first server's address; empty for none. */
    String basePath() {
        String url = server().orElse("").replaceAll("\\{[^}]*}", "x");
        String path = url.replaceFirst("^[a-z]+://[^/]*", "");
        return path.matches("/[^ ]*[^/ ]") ? path : "";
    }

    /** The first way to prove who calls that a connector file knows by itself. */
    Optional<JsonNode> security() {
        JsonNode schemes = document.at("/components/securitySchemes");
        var found = new ArrayList<JsonNode>();
        document.path("security")
                .forEach(need -> need.fieldNames().forEachRemaining(name -> found.add(schemes.path(name))));
        schemes.forEach(found::add);
        return found.stream().map(this::resolve).filter(JsonNode::isObject).findFirst();
    }

    /** Whether a parameter is the key that says who calls, which documents list among the others too. */
    boolean isKey(JsonNode parameter) {
        return security()
                .filter(scheme -> scheme.path("type").asText().equals("apiKey"))
                .filter(scheme -> List.of("name", "in").stream()
                        .allMatch(part -> scheme.path(part).equals(parameter.path(part))))
                .isPresent();
    }

    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        var names = new HashSet<String>();
        document.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .filter(method -> WHOLE_SEGMENTS.matcher(path.getKey()).matches())
                .forEach(method -> operations.add(
                        operation(path.getKey(), path.getValue(), method.getKey(), method.getValue(), names))));
        return operations;
    }

    /** Paths that a connector's places can't make: a place there is only a part of a segment. */
    List<String> leftOut() {
        var paths = new ArrayList<String>();
        document.path("paths").fieldNames().forEachRemaining(path -> {
            if (!WHOLE_SEGMENTS.matcher(path).matches()) {
                paths.add(path);
            }
        });
        return paths;
    }

    private Operation operation(String path, JsonNode shared, String method, JsonNode node, Set<String> names) {
        var parameters = new ArrayList<JsonNode>();
        shared.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        node.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        parameters.removeIf(this::isKey);
        String id = node.path("operationId").asText(method + path);
        String name = snake(id);
        for (int i = 2; !names.add(name); i++) {
            name = snake(id) + "_" + i;
        }
        if (!node.has("operationId")) {
            ((ObjectNode) node).put("operationId", name);
        }
        return new Operation(name, method.toUpperCase(Locale.ROOT), path, node, parameters);
    }

    /** {@code putListsIdMembersId} as {@code put_lists_id_members_id}. */
    static String snake(String text) {
        String words = text.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]+", "_")
                .toLowerCase(Locale.ROOT)
                .replaceAll("^_+|_+$", "");
        return words.matches("[a-z].*") ? words : "op_" + words;
    }

    JsonNode resolve(JsonNode node) {
        return references.follow(node);
    }

    /** The media type and schema of the first JSON, form or multipart body; empty when it takes none of these. */
    Optional<Body> body(Operation operation) {
        JsonNode content = resolve(operation.node().path("requestBody")).path("content");
        for (String form : List.of("json", "x-www-form-urlencoded", "multipart/form-data")) {
            for (var media : content.properties()) {
                if (media.getKey().endsWith(form)) {
                    return Optional.of(new Body(media.getKey(), media.getValue().path("schema")));
                }
            }
        }
        return Optional.empty();
    }

    boolean takesBody(Operation operation) {
        return operation.node().has("requestBody");
    }

    record Body(String media, JsonNode schema) {}

    /** Status and JSON schema of what it answers when all is well. */
    Answer answer(Operation operation) {
        for (var response : operation.node().path("responses").properties()) {
            if (response.getKey().matches("2\\d\\d")) {
                JsonNode content = resolve(response.getValue()).path("content");
                for (var media : content.properties()) {
                    if (media.getKey().endsWith("json")) {
                        return new Answer(
                                Integer.parseInt(response.getKey()),
                                Optional.of(media.getValue().path("schema")));
                    }
                }
                return new Answer(Integer.parseInt(response.getKey()), Optional.empty());
            }
        }
        return new Answer(200, Optional.empty());
    }

    record Answer(int status, Optional<JsonNode> schema) {}
}
