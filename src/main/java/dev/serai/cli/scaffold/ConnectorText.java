package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The connector file, with what the document does not say marked. */
final class ConnectorText {
    private static final Set<String> OUR_HEADERS = Set.of("authorization", "content-type", "accept", "user-agent");
    private static final String TODO = "# TODO say what sending it twice does";

    private final OpenApi document;
    private final String name;
    private final SampleValues samples;
    private final Lines lines = new Lines();

    ConnectorText(OpenApi document, String name) {
        this.document = document;
        this.name = name;
        this.samples = new SampleValues(document);
    }

    String write(List<Operation> operations) {
        lines.add("connector: " + name);
        lines.add("description: " + Lines.quoted(document.title() + "."));
        base();
        auth();
        lines.add("# unknown: how many calls it allows; quota: { requests: 10, per: 1s }");
        lines.add("# unknown: how it says no, beside the status; errors: [ { status: [409], verdict: ignore } ]");
        group("reads", operations.stream().filter(Operation::isRead).toList());
        group(
                "writes",
                operations.stream().filter(operation -> !operation.isRead()).toList());
        document.leftOut().forEach(path -> lines.add("# left out, a place is only a part of a segment: " + path));
        return lines.toString();
    }

    private void base() {
        Optional<String> server = document.server();
        String setting = name + ".base-url";
        if (server.isEmpty()) {
            lines.add("base_url: " + Lines.quoted("{{" + setting + "}}") + "   # unknown: where it answers");
            return;
        }
        String address = server.get().replaceAll("\\{([^{}]+)}", "{{" + name + ".$1}}");
        lines.add("base_url: " + Lines.quoted("{{" + setting + ":" + address + "}}"));
    }

    private void auth() {
        Optional<JsonNode> scheme = document.security();
        String type = scheme.map(node -> node.path("type").asText()).orElse("");
        String setting = "{{" + name + ".token}}";
        if (type.equals("http") && scheme.get().path("scheme").asText().equalsIgnoreCase("basic")) {
            lines.add("auth: { type: basic, user: " + Lines.quoted("{{" + name + ".user}}") + ", password: "
                    + Lines.quoted("{{" + name + ".password}}") + " }");
        } else if (type.equals("http")) {
            lines.add("auth: { type: bearer, token: " + Lines.quoted(setting) + " }");
        } else if (type.equals("apiKey") && !scheme.get().path("in").asText().equals("cookie")) {
            lines.add("auth: { type: " + scheme.get().path("in").asText() + ", name: "
                    + Lines.quoted(scheme.get().path("name").asText()) + ", value: " + Lines.quoted(setting) + " }");
        } else {
            lines.add("auth: { type: bearer, token: " + Lines.quoted(setting) + " }   # unknown: how a token is got"
                    + (type.isEmpty() ? "" : "; the document says " + type));
        }
    }

    private void group(String group, List<Operation> operations) {
        if (!operations.isEmpty()) {
            lines.add("").add(group + ":");
            operations.forEach(this::operation);
        }
    }

    private void operation(Operation operation) {
        lines.add("  " + operation.name() + ":");
        if (!operation.isRead()) {
            lines.add("    method: " + operation.method());
        }
        lines.add("    path: " + Lines.quoted(path(operation)));
        query(operation.required("query"));
        headers(operation);
        if (operation.isRead()) {
            Paging.hint(operation, document).forEach(hint -> lines.add("    # " + hint));
        } else {
            lines.add("    class: once   " + TODO);
            body(operation);
        }
    }

    private void body(Operation operation) {
        Optional<OpenApi.Body> body = document.body(operation);
        if (body.isEmpty()) {
            lines.add("    body: none"
                    + (document.takesBody(operation) ? "   # unknown: its body is no JSON and no form" : ""));
        } else if (body.get().media().endsWith("form-urlencoded")) {
            lines.add("    body: form");
        } else if (body.get().media().startsWith("multipart")) {
            lines.add("    body: multipart");
        }
    }

    private void headers(Operation operation) {
        var headers = new ArrayList<String>();
        for (JsonNode header : operation.required("header")) {
            String named = header.path("name").asText();
            JsonNode usual = header.at("/schema/default");
            if (!OUR_HEADERS.contains(named.toLowerCase(java.util.Locale.ROOT))) {
                headers.add(Lines.quoted(named) + ": "
                        + (usual.isMissingNode()
                                ? Lines.quoted(samples.of(header.path("schema")).asText()) + "   # unknown: its value"
                                : Lines.quoted(usual.asText())));
            }
        }
        document.body(operation)
                .map(OpenApi.Body::media)
                .filter(media -> !operation.isRead() && isJsonOfItsOwn(media))
                .ifPresent(media -> headers.add("Content-Type: " + Lines.quoted(media)));
        if (!headers.isEmpty()) {
            lines.add("    headers:");
            headers.forEach(header -> lines.add("      " + header));
        }
    }

    /** Sent as JSON, and called something else, such as {@code application/vnd.api+json}. */
    private static boolean isJsonOfItsOwn(String media) {
        return !media.equals("application/json")
                && !media.endsWith("form-urlencoded")
                && !media.startsWith("multipart");
    }

    private void query(List<JsonNode> parameters) {
        if (!parameters.isEmpty()) {
            lines.add("    query:");
            parameters.forEach(parameter -> lines.add("      "
                    + Lines.quoted(parameter.path("name").asText()) + ": "
                    + Lines.quoted("{" + place(parameter.path("name").asText()) + "}")));
        }
    }

    /** The base path is part of the address. */
    private String path(Operation operation) {
        String path = operation.path();
        String base = document.basePath();
        String own = !base.isEmpty() && path.startsWith(base + "/") ? path.substring(base.length()) : path;
        StringBuilder out = new StringBuilder();
        for (String segment : own.substring(1).split("/", -1)) {
            out.append('/')
                    .append(
                            segment.startsWith("{")
                                    ? "{" + place(segment.substring(1, segment.length() - 1)) + "}"
                                    : segment);
        }
        return out.toString();
    }

    static String place(String name) {
        return OpenApi.snake(name);
    }
}
