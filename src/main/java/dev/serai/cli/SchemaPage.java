package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A JSON Schema as Markdown: a table of keys for the file, and one for each object in it. */
final class SchemaPage {
    private final JsonNode schema;
    private final Deque<Section> open = new ArrayDeque<>();
    private final Set<String> seen = new HashSet<>();

    private record Section(String title, JsonNode node) {}

    SchemaPage(JsonNode schema) {
        this.schema = schema;
    }

    /** The description, the table of the whole, then a section for each object below. */
    String text() {
        return page("");
    }

    /** The same as part of a page: sections are titled {@code name.key}. */
    String below(String name) {
        return page(name);
    }

    private String page(String name) {
        var page = new StringBuilder(name.equals("webhooks") ? "\n## webhooks\n\n" : "");
        page.append(escaped(schema.path("description").asText())).append("\n\n");
        page.append(table(name, schema));
        while (!open.isEmpty()) {
            Section section = open.poll();
            page.append("\n## ").append(section.title).append("\n\n");
            String description = section.node.path("description").asText();
            page.append(description.isEmpty() ? "" : escaped(description) + "\n\n");
            page.append(table(section.title, section.node));
        }
        return page.toString();
    }

    private String table(String name, JsonNode object) {
        var table = new StringBuilder("| key | value | meaning |\n|---|---|---|\n");
        Set<String> required = required(object);
        object.path("properties").properties().forEach(key -> {
            if (!alternatives(object).containsKey(key.getKey())) {
                table.append(row(name, key.getKey(), key.getValue(), required.contains(key.getKey())));
            }
        });
        alternatives(object)
                .forEach((key, branches) -> branches.forEach((value, branch) -> {
                    Set<String> needed = required(branch);
                    table.append("| `" + key + ": " + value + "` | | "
                            + escaped(branch.path("properties")
                                    .path(key)
                                    .path("description")
                                    .asText()) + " |\n");
                    branch.path("properties").properties().forEach(more -> {
                        if (!more.getKey().equals(key)) {
                            table.append(row(name, more.getKey(), more.getValue(), needed.contains(more.getKey())));
                        }
                    });
                }));
        return table.toString();
    }

    /** Keys whose value decides which others there are ({@code if}/{@code then}), with the branch of each value. */
    private static Map<String, Map<String, JsonNode>> alternatives(JsonNode object) {
        var found = new LinkedHashMap<String, Map<String, JsonNode>>();
        for (JsonNode branch : object.path("allOf")) {
            branch.path("if").path("properties").properties().forEach(when -> found.computeIfAbsent(
                            when.getKey(), key -> new LinkedHashMap<>())
                    .put(when.getValue().path("const").asText(), branch.path("then")));
        }
        return found;
    }

    private String row(String parent, String key, JsonNode value, boolean required) {
        String meaning = escaped(value.path("description")
                .asText(resolved(value).path("description").asText()));
        String byDefault =
                value.has("default") && !value.path("default").asText().isEmpty()
                        ? " Default: `" + value.path("default").asText() + "`."
                        : "";
        String title = parent.isEmpty() ? key : parent + "." + key;
        return "| `" + key + "` | " + kind(title, value) + (required ? ", required" : "") + " | " + meaning + byDefault
                + " |\n";
    }

    private String kind(String title, JsonNode value) {
        if (value.has("$ref")) {
            return reference(value);
        }
        JsonNode inside = value.path("additionalProperties");
        if (inside.isObject()) {
            return "map of " + kind(title, inside);
        }
        if (value.has("enum")) {
            return list(value.path("enum")).map(v -> "`" + v.asText() + "`").collect(Collectors.joining(", "));
        }
        if (value.path("type").isArray()) {
            return list(value.path("type"))
                    .map(type -> ofType(title, type.asText(), value))
                    .collect(Collectors.joining(" or "));
        }
        return ofType(title, value.path("type").asText("any value"), value);
    }

    private String ofType(String title, String type, JsonNode value) {
        if (type.equals("object") && value.has("properties")) {
            return link(title, value);
        }
        return type.equals("array") && value.has("items") ? "list of " + kind(title, value.path("items")) : type;
    }

    private JsonNode resolved(JsonNode value) {
        return schema.path("$defs").path(value.path("$ref").asText().replaceFirst(".*/", ""));
    }

    private String reference(JsonNode value) {
        String name = value.path("$ref").asText().replaceFirst(".*/", "");
        JsonNode definition = resolved(value);
        return definition.has("properties") || definition.has("allOf")
                ? link(name, definition)
                : definition.has("description") ? "[" + name + "](#" + anchor(name) + ")" : kind(name, definition);
    }

    private String link(String title, JsonNode object) {
        if (seen.add(title)) {
            open.add(new Section(title, object));
        }
        return "[" + title + "](#" + anchor(title) + ")";
    }

    /** As GitHub makes anchors of headings. */
    private static String anchor(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
    }

    private static Set<String> required(JsonNode object) {
        return list(object.path("required")).map(JsonNode::asText).collect(Collectors.toSet());
    }

    private static Stream<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Text as Markdown shows it unchanged. */
    static String escaped(String text) {
        return text.replace("<", "&lt;").replace("|", "\\|").replace("*", "\\*");
    }
}
