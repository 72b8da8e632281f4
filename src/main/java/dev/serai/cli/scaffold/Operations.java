package dev.serai.cli.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.cli.scaffold.OpenApi.Operation;
import dev.serai.connector.Urls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operations of a document that a connector file can say. On the way the document is put right where a contract must be: each
 * operation has an id of its own, a path is percent-encoded, a place of a path is a parameter.
 */
final class Operations {
    /** {@code {id}}, anywhere in a segment of a path. */
    static final Pattern PLACE = Pattern.compile("\\{([^/{}]+)}");

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final Pattern NOT_IN_PATHS = Pattern.compile("[^A-Za-z0-9._~!$&'()*+,;=:@%/-]|%(?![0-9A-Fa-f]{2})");

    private final OpenApi document;
    private final List<Operation> all = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> ids = new HashSet<>();

    /** @param root of the document, which is changed */
    Operations(OpenApi document, ObjectNode root) {
        this.document = document;
        var given = List.copyOf(root.path("paths").properties());
        ObjectNode paths = root.putObject("paths");
        var sayable = new LinkedHashMap<String, JsonNode>();
        for (var path : given) {
            Optional<String> why = unsayable(path.getKey());
            String address = why.isPresent() ? path.getKey() : encoded(path.getKey());
            paths.set(address, path.getValue());
            if (why.isEmpty()) {
                sayable.put(address, path.getValue());
            } else if (!path.getKey().startsWith("x-")) {
                leftOut.add(why.get() + ": " + path.getKey());
            }
        }
        sayable.forEach((path, methods) -> methods.properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> add(path, methods, method.getKey().toUpperCase(Locale.ROOT), method.getValue())));
    }

    List<Operation> all() {
        return List.copyOf(all);
    }

    /** What the connector file does not have: why, and what. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    private static Optional<String> unsayable(String path) {
        String literal = PLACE.matcher(path).replaceAll("x");
        if (!path.startsWith("/")) {
            return Optional.of("a path begins with a slash");
        } else if (literal.contains("?") || literal.contains("#")) {
            return Optional.of("a path has no query and no fragment");
        } else if (literal.contains("{") || literal.contains("}")) {
            return Optional.of("its braces are no place");
        }
        return List.of(literal.split("/")).stream().anyMatch(segment -> segment.matches("\\.{1,2}"))
                ? Optional.of("an address has no . or .. in it")
                : Optional.empty();
    }

    /** As it is sent, but for its places. */
    private static String encoded(String path) {
        var out = new StringBuilder();
        Matcher places = PLACE.matcher(path);
        int from = 0;
        while (places.find()) {
            out.append(literal(path.substring(from, places.start()))).append(places.group());
            from = places.end();
        }
        return out.append(literal(path.substring(from))).toString();
    }

    private static String literal(String text) {
        return NOT_IN_PATHS.matcher(text).replaceAll(odd -> Matcher.quoteReplacement(Urls.encode(odd.group())));
    }

    private void add(String path, JsonNode shared, String method, JsonNode node) {
        String what = method + " " + path;
        Optional<String> elsewhere = document.servers().elsewhere(shared, node);
        if (elsewhere.isPresent()) {
            leftOut.add("it answers at another server, " + elsewhere.get() + ": " + what);
        } else if (document.credentials().isSignIn(method, path)) {
            leftOut.add("a token is got by it, as \"auth\" does: " + what);
        } else {
            var own = (ObjectNode) node;
            all.add(new Operation(named(method, path, own), method, path, own, parameters(path, shared, own)));
        }
    }

    /** The name a route calls it by; the document's own id where no other has it. */
    private String named(String method, String path, ObjectNode node) {
        String id = node.path("operationId").asText().strip();
        String base = OpenApi.snake(id.isEmpty() ? method.toLowerCase(Locale.ROOT) + path : id);
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "_" + i;
        }
        if (id.isEmpty() || !ids.add(id)) {
            id = name;
            for (int i = 2; !ids.add(id); i++) {
                id = name + "_" + i;
            }
            node.put("operationId", id);
        }
        return name;
    }

    /** Those of the path and its own, which count where both have one; keys of who calls are none of them. */
    private List<JsonNode> parameters(String path, JsonNode shared, ObjectNode node) {
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        for (JsonNode level : List.of(shared, node)) {
            level.path("parameters").forEach(given -> {
                JsonNode parameter = document.resolve(given);
                parameters.put(id(parameter), parameter);
            });
        }
        Matcher places = PLACE.matcher(path);
        while (places.find()) {
            ObjectNode missing = node.objectNode()
                    .put("name", places.group(1))
                    .put("in", "path")
                    .put("required", true);
            missing.putObject("schema").put("type", "string");
            if (parameters.putIfAbsent(id(missing), missing) == null) {
                node.withArray("parameters").add(missing);
            }
        }
        parameters.values().removeIf(document.credentials()::isOne);
        return List.copyOf(parameters.values());
    }

    private static String id(JsonNode parameter) {
        String in = parameter.path("in").asText();
        String name = parameter.path("name").asText();
        return in + " " + (in.equals("header") ? name.toLowerCase(Locale.ROOT) : name);
    }
}
