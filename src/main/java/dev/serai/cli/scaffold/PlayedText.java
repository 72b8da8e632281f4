package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import java.util.List;
import java.util.Optional;

/** The simulator's file and the examples: each operation is answered, and called once. */
final class PlayedText {
    private final OpenApi document;
    private final String name;
    private final SampleValues samples;

    PlayedText(OpenApi document, String name) {
        this.document = document;
        this.name = name;
        this.samples = new SampleValues(document);
    }

    String simulator(List<Operation> operations) {
        var lines = new Lines();
        lines.add("# " + document.title().replaceAll("\\s+", " ")
                + ". Each operation answers a sample; nothing is kept.");
        lines.add("vendor: " + name);
        if (!document.basePath().isEmpty()) {
            lines.add("base: " + document.basePath());
        }
        lines.add("unknown_fields: allow");
        lines.add("auth:").add("  secret: simulated").add("  schemes:").add("    - " + scheme());
        lines.add("limits:")
                .add("  quotas:")
                .add("    - { name: all, requests: 100, per: 10s }   # unknown: its limits");
        lines.add("errors:").add("  body: '{\"message\": $message}'   # unknown: how it says no");
        lines.add("operations:");
        operations.forEach(operation -> {
            OpenApi.Answer answer = document.answer(operation);
            lines.add("  " + Lines.quoted(operation.node().path("operationId").asText()) + ":");
            lines.add("    status: " + answer.status());
            answer.schema().ifPresent(schema -> lines.add("    answer: " + Lines.expression(samples.of(schema))));
        });
        return lines.toString();
    }

    private String scheme() {
        Optional<JsonNode> scheme = document.security();
        String type = scheme.map(node -> node.path("type").asText()).orElse("");
        if (type.equals("http") && scheme.get().path("scheme").asText().equalsIgnoreCase("basic")) {
            return "{ type: basic, user: '.*' }";
        }
        String in = scheme.map(node -> node.path("in").asText()).orElse("");
        return type.equals("apiKey") && List.of("header", "query").contains(in)
                ? "{ type: " + in + ", name: "
                        + Lines.quoted(scheme.get().path("name").asText()) + " }"
                : "{ type: bearer }";
    }

    String examples(List<Operation> operations) {
        var lines = new Lines();
        lines.add("# What serai connector test sends. Put real values here, and the names of mappings.");
        if (scheme().contains("basic")) {
            lines.add("settings: { " + name + ".user: ada@example.com }");
        }
        lines.add("operations:");
        operations.forEach(operation -> {
            lines.add("  " + operation.name() + ":");
            var args = new java.util.LinkedHashMap<String, JsonNode>();
            List.of("path", "query").forEach(in -> operation
                    .required(in)
                    .forEach(parameter -> args.put(
                            ConnectorText.place(parameter.path("name").asText()),
                            samples.of(parameter.path("schema")))));
            if (!args.isEmpty()) {
                lines.add("    args:");
                args.forEach((key, value) ->
                        lines.add("      " + key + ": " + Lines.quoted(value.isValueNode() ? value.asText() : "x")));
            }
            document.body(operation)
                    .map(body -> samples.of(body.schema()))
                    .filter(JsonNode::isContainerNode)
                    .ifPresent(body -> lines.add("    body: " + body));
            if (args.isEmpty() && document.body(operation).isEmpty()) {
                lines.add("    args: {}");
            }
        });
        return lines.toString();
    }
}
