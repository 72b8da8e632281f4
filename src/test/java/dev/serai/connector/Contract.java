package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** A vendor's OpenAPI document, asked whether a request keeps to it. */
final class Contract {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final JsonNode document;

    private Contract(JsonNode document) {
        this.document = document;
    }

    static Contract of(String file) {
        try {
            return new Contract(
                    JSON.readTree(Path.of("mappings", file, "contract.json").toFile()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What in the request breaks the contract; empty when nothing does. */
    List<String> violations(Request request) throws IOException {
        String base = URI.create(document.at("/servers/0/url").asText().replaceAll("[{}]", ""))
                .getRawPath()
                .replaceAll("/$", "");
        String path = request.url().getRawPath();
        if (!path.startsWith(base)) {
            return List.of(path + " is not under " + base);
        }
        JsonNode operation = operation(path.substring(base.length()), request.method());
        if (operation == null) {
            return List.of(request.method() + " " + path + " is not an operation");
        }
        var found = new ArrayList<String>();
        checkQuery(operation, request.url().getRawQuery(), found);
        checkBody(operation, request, found);
        return found;
    }

    private JsonNode operation(String path, String method) {
        for (Map.Entry<String, JsonNode> candidate : document.path("paths").properties()) {
            String pattern = candidate.getKey().replaceAll("\\{[^}]+}", "[^/]+");
            JsonNode operation = candidate.getValue().path(method.toLowerCase(Locale.ROOT));
            if (path.matches(pattern) && !operation.isMissingNode()) {
                return operation;
            }
        }
        return null;
    }

    private void checkQuery(JsonNode operation, String query, List<String> found) {
        var declared = new TreeSet<String>();
        operation
                .path("parameters")
                .forEach(p -> declared.add(resolve(p).path("name").asText()));
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String name = URLDecoder.decode(pair.split("=")[0], StandardCharsets.UTF_8);
            if (!declared.contains(name)) {
                found.add("query parameter " + name + " is not declared");
            }
        }
    }

    private void checkBody(JsonNode operation, Request request, List<String> found) throws IOException {
        JsonNode declared = resolve(operation.path("requestBody"));
        if (request.body().length == 0) {
            if (declared.path("required").asBoolean()) {
                found.add("the body is missing");
            }
            return;
        }
        String type = request.headers().get("Content-Type").split(";")[0];
        JsonNode media = declared.path("content").path(type);
        if (media.isMissingNode()) {
            found.add("a body of type " + type + " is not declared");
            return;
        }
        JsonNode body = type.endsWith("json") ? JSON.readTree(request.body()) : form(request.body());
        ObjectNode schema = JSON.createObjectNode();
        schema.set("components", document.path("components"));
        schema.putArray("allOf").add(media.path("schema"));
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(body)
                .forEach(error -> found.add(error.toString()));
    }

    private static JsonNode form(byte[] body) {
        ObjectNode object = JSON.createObjectNode();
        for (String pair : new String(body, StandardCharsets.UTF_8).split("&")) {
            String[] parts = URLDecoder.decode(pair, StandardCharsets.UTF_8).split("=", 2);
            Json.put(object, parts[0].replace("]", "").replace("[", "."), JSON.valueToTree(parts[1]));
        }
        return object;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }
}
