package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An OpenAPI document: where its references lead, and what in it leads nowhere. */
public final class OpenApiDocument {
    static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private static final String REF = "$ref";
    private static final int LONGEST = 50;

    /** Below these stand values and words, and no schemas. */
    private static final Set<String> VALUES =
            Set.of("example", "examples", "default", "enum", "const", "links", "callbacks", "mapping");

    /** The members of these have names that people chose. */
    private static final Set<String> NAMED = Set.of(
            "properties",
            "patternProperties",
            "schemas",
            "responses",
            "requestBodies",
            "parameters",
            "headers",
            "securitySchemes");

    private final JsonNode root;

    public OpenApiDocument(JsonNode root) {
        this.root = root;
    }

    /** What stands there, or where its {@code $ref} leads at last; a missing node when that is nowhere. */
    public JsonNode follow(JsonNode node) {
        JsonNode at = node;
        for (int i = 0; i < LONGEST && at.path(REF).isTextual(); i++) {
            at = target(at.get(REF).asText());
        }
        return at;
    }

    /** A missing node for a reference that leads nowhere, or to another document. */
    JsonNode target(String reference) {
        return reference.startsWith("#/") ? root.at(pointer(reference)) : MissingNode.getInstance();
    }

    /** A reference is an address: {@code #/paths/~1people~1%7Bid%7D/get}. */
    private static String pointer(String reference) {
        String text = reference.substring(1);
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text; // not encoded after all
        }
    }

    /** What nobody can work with, each a sentence that begins with its place; empty when all is well. */
    public List<String> problems() {
        var problems = new ArrayList<String>();
        JsonNode paths = root.path("paths");
        if (!paths.isObject()) {
            problems.add("this is no OpenAPI document: an object with \"paths\" is needed; put the system's own there");
            return problems;
        }
        paths.properties().forEach(path -> {
            if (!path.getKey().startsWith("x-")) {
                path("/paths/" + Json.token(path.getKey()), path.getValue(), problems);
            }
        });
        walk(root, "", false, problems);
        return problems;
    }

    private static void path(String at, JsonNode path, List<String> problems) {
        if (!path.isObject()) {
            problems.add("at " + at + ": a path holds its methods, and this is none; correct it or leave it out");
        } else if (path.has(REF)) {
            problems.add("at " + at + ": a path that is a $ref is not followed; put what it leads to in its place");
        }
        path.properties().forEach(method -> {
            if (METHODS.contains(method.getKey()) && !method.getValue().isObject()) {
                problems.add("at " + at + "/" + method.getKey()
                        + ": an operation is an object, and this is none; correct it" + " or leave it out");
            }
        });
    }

    private void walk(JsonNode node, String at, boolean named, List<String> problems) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), at + "/" + i, false, problems);
            }
            return;
        }
        if (!named && node.path(REF).isTextual()) {
            reference(node.get(REF).asText(), at, problems);
        }
        node.properties().forEach(member -> {
            String name = member.getKey();
            if (named || !VALUES.contains(name) && !name.startsWith("x-")) {
                walk(member.getValue(), at + "/" + Json.token(name), !named && NAMED.contains(name), problems);
            }
        });
    }

    private void reference(String reference, String at, List<String> problems) {
        String words = "at " + at + ": the $ref \"" + reference + "\" leads ";
        if (!reference.startsWith("#")) {
            problems.add(words + "to another document; put both into one, as a bundler for OpenAPI does");
        } else if (target(reference).isMissingNode()) {
            problems.add(words + "nowhere; correct it, or put what it should lead to in its place");
        } else if (follow(target(reference)).path(REF).isTextual()) {
            problems.add(words + "back to itself; put what it should lead to in its place");
        }
    }
}
