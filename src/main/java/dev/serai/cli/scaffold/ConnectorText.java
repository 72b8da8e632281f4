package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The connector file, with what the document does not say marked. */
final class ConnectorText {
    private static final String TODO = "# TODO say what sending it twice does";

    private final OpenApi document;
    private final String name;
    private final SettingNames settings;
    private final Headers headers;
    private final Lines lines = new Lines();

    ConnectorText(OpenApi document, String name) {
        this.document = document;
        this.name = name;
        this.settings = new SettingNames(name);
        this.headers = new Headers(document, settings);
    }

    String write(List<Operation> operations) {
        lines.add("connector: " + name);
        lines.add("description: " + Lines.quoted(document.title() + "."));
        base();
        document.credentials().write(lines, settings);
        map("", "headers", document.credentials().keys("header", settings));
        lines.add("# unknown: how many calls it allows; quota: { requests: 10, per: 1s }");
        lines.add("# unknown: how it says no, beside the status; errors: [ { status: [409], verdict: ignore } ]");
        group("reads", operations.stream().filter(Operation::isRead).toList());
        group(
                "writes",
                operations.stream().filter(operation -> !operation.isRead()).toList());
        document.leftOut().forEach(what -> lines.comment("", "left out, " + what));
        return lines.toString();
    }

    private void base() {
        Servers servers = document.servers();
        String address = servers.chosen().orElse("");
        if (servers.origin().isEmpty()) {
            lines.add("base_url: " + Lines.quoted(settings.text("base-url") + settings.settled(address))
                    + "   # unknown: " + (address.isEmpty() ? "where it answers" : "its host"));
        } else {
            lines.add("base_url: " + Lines.quoted(settings.text("base-url", settings.settled(address)))
                    + (address.startsWith("http:") ? Lines.PLAIN : ""));
        }
        servers.others().forEach(other -> lines.comment("", "left out, another server of the document: " + other));
    }

    private void group(String group, List<Operation> operations) {
        if (!operations.isEmpty()) {
            lines.add("").add(group + ":");
            operations.forEach(this::operation);
        }
    }

    private void operation(Operation operation) {
        lines.add("  " + operation.name() + ":");
        document.credentials()
                .foreign(operation.node())
                .ifPresent(proof -> lines.comment("    ", "unknown: how " + proof + " is said, which it asks for"));
        if (!operation.isRead()) {
            lines.add("    method: " + operation.method());
        }
        lines.add("    path: " + Lines.quoted(path(operation)));
        map("    ", "query", query(operation));
        map("    ", "headers", headers.of(operation));
        answers(document.answer(operation));
        if (operation.isRead()) {
            Paging.hint(operation, document).forEach(hint -> lines.comment("    ", hint));
        } else {
            repeat(operation);
            body(operation);
        }
    }

    private void answers(OpenApi.Answer answer) {
        if (answer.schema().isEmpty() && !answer.accept().isEmpty()) {
            lines.add("    answers: " + (answer.accept().matches("text/.*|.*[/+]xml") ? "text" : "file"));
        }
    }

    private void repeat(Operation operation) {
        Optional<JsonNode> key = headers.key(operation);
        if (key.isPresent()) {
            lines.add("    class: keyed");
            // not for ever, as without it: what is repeated under a key that is forgotten is done twice
            lines.add("    key_kept: 1h   # TODO for how long does it know a key?");
            lines.add("    idempotency_header: " + Lines.quoted(Headers.name(key.get())));
            if (headers.wantsUuid(key.get())) {
                lines.add("    key_as: uuid");
            }
        } else {
            lines.add("    class: once   " + TODO);
            headers.perhapsKey(operation)
                    .ifPresent(header -> lines.comment(
                            "    ",
                            "unknown: whether it knows a repeat by " + header + "; class: keyed, idempotency_header: "
                                    + header));
        }
    }

    private void body(Operation operation) {
        Optional<OpenApi.Body> body = document.body(operation);
        if (body.isEmpty()) {
            lines.add("    body: none"
                    + (document.takesBody(operation)
                            ? "   # unknown: its body is no JSON and no form; raw sends a file as it is"
                            : ""));
        } else if (body.get().isForm()) {
            lines.add("    body: form");
        } else if (body.get().isMultipart()) {
            lines.add("    body: multipart");
            List<String> files = new SampleValues(document).files(body.get().schema());
            if (!files.isEmpty()) {
                lines.add("    files: [ "
                        + String.join(", ", files.stream().map(Lines::quoted).toList()) + " ]");
            }
        }
    }

    private void map(String indent, String key, List<String> entries) {
        if (!entries.isEmpty()) {
            lines.add(indent + key + ":");
            entries.forEach(entry -> lines.add(indent + "  " + entry));
        }
    }

    private List<String> query(Operation operation) {
        var entries = new ArrayList<String>();
        operation
                .required("query")
                .forEach(parameter -> entries.add(Lines.quoted(Headers.name(parameter)) + ": "
                        + Lines.quoted("{" + operation.place(parameter) + "}")));
        entries.addAll(document.credentials().keys("query", settings));
        return entries;
    }

    /** The base path is part of the address. */
    private String path(Operation operation) {
        String path = operation.path();
        String base = document.servers().basePath();
        String own = !base.isEmpty() && path.startsWith(base + "/") ? path.substring(base.length()) : path;
        return Operations.PLACE.matcher(own).replaceAll(place -> {
            String name = OpenApi.snake(place.group(1));
            boolean quoted = own.startsWith("'", place.start() - 1) && own.startsWith("'", place.end());
            return quoted ? "{quoted(" + name + ")}" : "{" + name + "}"; // as in OData: /people('{id}')
        });
    }
}
