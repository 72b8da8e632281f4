package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;

/** A document without what only describes, and without shared parts nobody points to any more. */
final class Trimmed {
    private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;
    private static final Set<String> DESCRIBES = Set.of(
            "description", "summary", "example", "examples", "tags", "externalDocs", "callbacks", "links", "title");

    private Trimmed() {}

    static ObjectNode of(JsonNode document) {
        ObjectNode out = (ObjectNode) slim(document, false);
        ObjectNode info = out.putObject("info");
        info.put("title", document.at("/info/title").asText())
                .put("version", document.at("/info/version").asText());
        if (document.at("/info/license").isObject()) {
            info.set("license", document.at("/info/license"));
        }
        dropUnused(out);
        return out;
    }

    /** @param names whether the members are names people chose, as under {@code properties}, and not words of OpenAPI */
    private static JsonNode slim(JsonNode node, boolean names) {
        if (node instanceof ArrayNode list) {
            ArrayNode out = MAKE.arrayNode();
            list.forEach(item -> out.add(slim(item, false)));
            return out;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode out = MAKE.objectNode();
        object.properties().forEach(member -> {
            String name = member.getKey();
            if (names || !DESCRIBES.contains(name) && !(name.startsWith("x-") && !name.equals("x-cut"))) {
                boolean below = !names
                        && Set.of(
                                        "properties",
                                        "schemas",
                                        "paths",
                                        "responses",
                                        "parameters",
                                        "requestBodies",
                                        "securitySchemes")
                                .contains(name);
                out.set(name, slim(member.getValue(), below));
            }
        });
        return out;
    }

    private static void dropUnused(ObjectNode document) {
        int before = -1;
        while (before != document.toString().length()) {
            before = document.toString().length();
            var used = new TreeSet<String>();
            document.findValuesAsText("$ref").forEach(used::add);
            document.path("components").properties().forEach(kind -> {
                if (kind.getValue() instanceof ObjectNode parts
                        && !kind.getKey().equals("securitySchemes")) {
                    var names = new TreeSet<String>();
                    parts.fieldNames().forEachRemaining(names::add);
                    names.removeIf(name -> used.contains("#/components/" + kind.getKey() + "/" + name));
                    parts.remove(names);
                }
            });
        }
    }
}
