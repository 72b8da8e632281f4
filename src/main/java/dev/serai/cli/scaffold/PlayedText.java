package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import dev.serai.file.Yaml;
import java.util.LinkedHashMap;
import java.util.List;

/** The simulator's file and the examples: each operation is answered, and called once. */
final class PlayedText {
    /** What all answers may have together, so that the file can be read. */
    private static final int MOST = Yaml.MAX_CHARACTERS / 2;

    private static final JsonNode FILE = JsonNodeFactory.instance
            .objectNode()
            .put("name", "a.txt")
            .put("type", "text/plain")
            .put("base64", "eA==");

    private final OpenApi document;
    private final String name;
    private final SettingNames settings;
    private final SampleValues samples;

    PlayedText(OpenApi document, String name) {
        this.document = document;
        this.name = name;
        this.settings = new SettingNames(name);
        this.samples = new SampleValues(document);
    }

    String simulator(List<Operation> operations) {
        var lines = new Lines();
        lines.comment("", document.title() + ". Each operation answers a sample; nothing is kept.");
        lines.add("vendor: " + name);
        if (!document.servers().basePath().isEmpty()) {
            lines.add("base: " + Lines.quoted(document.servers().basePath()));
        }
        lines.add("unknown_fields: allow");
        document.credentials().play(lines);
        lines.add("limits:")
                .add("  quotas:")
                .add("    - { name: all, requests: 100, per: 10s }   # unknown: its limits");
        lines.add("errors:").add("  body: '{\"message\": $message}'   # unknown: how it says no");
        lines.add("operations:");
        int length = 0;
        for (Operation operation : operations) {
            OpenApi.Answer answer = document.answer(operation);
            lines.add("  " + Lines.quoted(operation.node().path("operationId").asText()) + ":");
            lines.add("    status: " + answer.status());
            String sample =
                    answer.schema().map(samples::of).map(Lines::expression).orElse("");
            if (length + sample.length() > MOST) {
                lines.comment("    ", "left out, its answer: the samples of so many are too long for one file");
            } else if (!sample.isEmpty()) {
                length += sample.length();
                lines.add("    answer: " + sample);
            }
        }
        return lines.toString();
    }

    String examples(List<Operation> operations) {
        var lines = new Lines();
        lines.add("# What serai connector test sends. Put real values here, and the names of mappings.");
        var given = document.credentials().examples(settings);
        given.putAll(new Headers(document, settings).examples(operations));
        if (!given.isEmpty()) {
            lines.add("settings:");
            given.forEach((setting, value) -> lines.add("  " + setting + ": " + Lines.quoted(value)));
        }
        lines.add("operations:");
        operations.forEach(operation -> example(operation, lines));
        return lines.toString();
    }

    private void example(Operation operation, Lines lines) {
        lines.add("  " + operation.name() + ":");
        var args = new LinkedHashMap<String, String>();
        OpenApi.joined(
                        OpenApi.joined(operation.required("path"), operation.required("query")),
                        new Headers(document, settings).given(operation))
                .forEach(parameter -> args.put(operation.place(parameter), samples.text(parameter.path("schema"))));
        if (!args.isEmpty()) {
            lines.add("    args:");
            args.forEach((key, value) -> lines.add("      " + key + ": " + Lines.quoted(value)));
        }
        document.body(operation)
                .map(this::sent)
                .filter(JsonNode::isContainerNode)
                .ifPresent(body -> lines.add("    body: " + body));
        if (args.isEmpty() && document.body(operation).isEmpty()) {
            lines.add("    args: {}");
        }
    }

    /** A file is sent as a connector takes it. */
    private JsonNode sent(OpenApi.Body body) {
        JsonNode sample = samples.of(body.schema());
        if (body.isMultipart() && sample instanceof ObjectNode object) {
            samples.files(body.schema()).stream().filter(object::has).forEach(file -> object.set(file, FILE));
        }
        return sample;
    }
}
