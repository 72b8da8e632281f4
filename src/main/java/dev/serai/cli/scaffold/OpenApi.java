package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.simulator.OpenApiDocument;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an OpenAPI 3 document says of a system, as far as a connector file can say it too. */
final class OpenApi {
    private static final String JSON = "application/json";

    private final JsonNode document;
    private final OpenApiDocument references;
    private final Servers servers;
    private final Credentials credentials;
    private final Operations operations;

    /**
     * @param document is changed: see {@link Operations}
     * @throws IllegalArgumentException when it is no OpenAPI 3 document, or one nobody can work with
     */
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
        this.servers = new Servers(document);
        this.credentials = new Credentials(document, servers, this::resolve);
        this.operations = new Operations(this, (ObjectNode) document);
    }

    /**
     * One operation.
     *
     * @param name as a route will call it
     * @param node as the document has it
     * @param parameters those of its path too
     */
    record Operation(String name, String method, String path, JsonNode node, List<JsonNode> parameters) {
        List<JsonNode> in(String in) {
            return parameters.stream()
                    .filter(parameter -> parameter.path("in").asText().equals(in))
                    .toList();
        }

        List<JsonNode> required(String in) {
            return in(in).stream()
                    .filter(parameter ->
                            in.equals("path") || parameter.path("required").asBoolean())
                    .toList();
        }

        Set<String> queryNames() {
            var names = new HashSet<String>();
            in("query").forEach(parameter -> names.add(parameter.path("name").asText()));
            return names;
        }

        boolean isRead() {
            return method.equals("GET");
        }

        /** The name a route gives its value by; one that is called like a place of the path says where it stands. */
        String place(JsonNode parameter) {
            String name = snake(parameter.path("name").asText());
            String in = parameter.path("in").asText();
            boolean taken = in("path").stream()
                    .anyMatch(other -> snake(other.path("name").asText()).equals(name));
            return taken && !in.equals("path") ? name + "_" + in : name;
        }
    }

    String title() {
        return document.at("/info/title").asText("a system").strip();
    }

    Servers servers() {
        return servers;
    }

    Credentials credentials() {
        return credentials;
    }

    List<Operation> operations() {
        return operations.all();
    }

    List<String> leftOut() {
        return operations.leftOut();
    }

    /** {@code putListsIdMembersId} as {@code put_lists_id_members_id}. */
    static String snake(String text) {
        String words = text.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9]+", "_")
                .toLowerCase(Locale.ROOT)
                .replaceAll("^_+|_+$", "");
        return words.matches("[a-z].*") ? words : "op_" + words;
    }

    static <T> List<T> joined(List<T> first, List<T> then) {
        var joined = new ArrayList<>(first);
        joined.addAll(then);
        return joined;
    }

    JsonNode resolve(JsonNode node) {
        return references.follow(node);
    }

    /** The media type and schema of the first JSON, form or multipart body; empty when it takes none of these. */
    Optional<Body> body(Operation operation) {
        Map<String, JsonNode> content = content(resolve(operation.node().path("requestBody")));
        for (String form : List.of("json", "x-www-form-urlencoded", "multipart/form-data")) {
            for (var media : content.entrySet()) {
                if (media.getKey().endsWith(form)) {
                    return Optional.of(new Body(media.getKey(), media.getValue().path("schema")));
                }
            }
        }
        return Optional.empty();
    }

    /** By media type, without parameters such as a charset. */
    private static Map<String, JsonNode> content(JsonNode node) {
        var content = new LinkedHashMap<String, JsonNode>();
        node.path("content")
                .properties()
                .forEach(media -> content.putIfAbsent(
                        media.getKey().split(";", 2)[0].strip().toLowerCase(Locale.ROOT), media.getValue()));
        return content;
    }

    boolean takesBody(Operation operation) {
        return operation.node().has("requestBody");
    }

    record Body(String media, JsonNode schema) {
        boolean isMultipart() {
            return media.startsWith("multipart");
        }

        boolean isForm() {
            return media.endsWith("form-urlencoded");
        }

        /** Sent as JSON, and called something else, such as {@code application/vnd.api+json}. */
        boolean isJsonOfItsOwn() {
            return !media.equals(JSON) && !isForm() && !isMultipart();
        }
    }

    /** What it answers when all is well. */
    Answer answer(Operation operation) {
        for (var response : operation.node().path("responses").properties()) {
            if (response.getKey().matches("2(\\d\\d|XX)")) {
                int status = Integer.parseInt(response.getKey().replace('X', '0'));
                Map<String, JsonNode> content = content(resolve(response.getValue()));
                var json = content.entrySet().stream()
                        .filter(media -> media.getKey().endsWith("json"))
                        .findFirst();
                boolean usual =
                        content.keySet().stream().anyMatch(media -> media.matches("\\*/\\*|application/(\\*|json)"));
                String accept = usual
                        ? ""
                        : json.map(Map.Entry::getKey)
                                .or(() -> content.keySet().stream().findFirst())
                                .orElse("");
                return new Answer(status, json.map(media -> media.getValue().path("schema")), accept);
            }
        }
        return new Answer(200, Optional.empty(), "");
    }

    /**
     * @param schema of its JSON
     * @param accept the media type to ask for; empty when it is JSON without a name of its own, or nothing
     */
    record Answer(int status, Optional<JsonNode> schema, String accept) {}
}
