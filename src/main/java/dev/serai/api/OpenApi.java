package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The API as an OpenAPI 3.1 document, made of the operations themselves and the schemas beside them. */
public final class OpenApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMAS = "#/components/schemas/";

    private OpenApi() {}

    public static ObjectNode document(List<Operation> operations) {
        ObjectNode document = Json.object().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Serai")
                .put("version", "1")
                .put(
                        "description",
                        "What the hub knows and what can be done with it. Times are UTC. Names are stable within /api/v1: fields"
                                + " may be added, so ignore those you do not know.");
        document.putArray("servers").addObject().put("url", Api.BASE);
        document.putArray("security").addObject().putArray("token");
        ObjectNode paths = document.putObject("paths");
        operations.forEach(operation -> describe(operation, paths));
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer")
                .put("description", "A token of serai tokens create. Each operation names the role it takes.");
        components.set("schemas", schemas());
        return document;
    }

    /** The schemas of bodies and answers, by name. */
    public static JsonNode schemas() {
        try (var in = OpenApi.class.getResourceAsStream("/api/schemas.json")) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void describe(Operation operation, ObjectNode paths) {
        ObjectNode said = paths.withObjectProperty(operation.route().path())
                .putObject(operation.route().method().toLowerCase(java.util.Locale.ROOT));
        said.put("operationId", operation.id())
                .put("summary", operation.summary())
                .put("description", "Role: " + operation.role().word() + ".");
        var parameters = said.putArray("parameters");
        operation.route().names().forEach(name -> {
            ObjectNode parameter =
                    parameters.addObject().put("name", name).put("in", "path").put("required", true);
            parameter.putObject("schema").put("type", "string");
        });
        operation.takes().forEach(each -> {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", each.name())
                    .put("in", "query")
                    .put("description", each.description());
            ObjectNode schema = parameter.putObject("schema").put("type", "string");
            if (!each.words().isEmpty()) {
                each.words().forEach(schema.putArray("enum")::add);
            }
        });
        if (!operation.body().isEmpty()) {
            ObjectNode body = said.putObject("requestBody").put("required", true);
            content(body, "application/json", operation.body());
        }
        ObjectNode responses = said.putObject("responses");
        String status =
                operation.route().method().equals("POST") && operation.id().startsWith("create_") ? "201" : "200";
        content(responses.putObject(status).put("description", "Done"), "application/json", operation.answers());
        content(
                responses.putObject("default").put("description", "Refused, and why"),
                "application/problem+json",
                "Problem");
    }

    private static void content(ObjectNode at, String type, String schema) {
        at.putObject("content").putObject(type).putObject("schema").put("$ref", SCHEMAS + schema);
    }
}
