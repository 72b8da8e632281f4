package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Dotted paths in JSON: {@code paging.next.after}, {@code errors.0.code}, and {@code errors.*.code} for each of a list or
 * of the members of an object. A name with dots in it may stand last: {@code value.@odata.nextLink}.
 */
public final class Json {
    private static final int LONGEST_INDEX = 6;

    private Json() {}

    /** What stands at the path, the first where there are several; all of it for an empty path, else a missing node. */
    public static JsonNode at(JsonNode json, String path) {
        List<JsonNode> all = all(json, path);
        return all.isEmpty() ? MissingNode.getInstance() : all.get(0);
    }

    /** Everything that stands at the path. */
    static List<JsonNode> all(JsonNode json, String path) {
        var found = new ArrayList<JsonNode>();
        collect(json, path, found);
        return found;
    }

    private static void collect(JsonNode at, String path, List<JsonNode> found) {
        JsonNode whole = path.isEmpty() ? at : at.path(path);
        if (!whole.isMissingNode()) {
            found.add(whole);
            return;
        }
        int dot = path.indexOf('.');
        String name = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        if (name.equals("*")) {
            at.forEach(child -> collect(child, rest, found));
            return;
        }
        boolean index = at.isArray() && name.length() <= LONGEST_INDEX && name.matches("\\d+");
        JsonNode child = index ? at.path(Integer.parseInt(name)) : at.path(name);
        if (!child.isMissingNode() && !path.isEmpty()) {
            collect(child, rest, found);
        }
    }

    /**
     * Whether it can be told what stands at the path, be it nothing: all names on the way are there, up to a null, a list or
     * a place for any name.
     */
    static boolean tells(JsonNode at, String path) {
        if (path.isEmpty() || at.isNull() || at.isArray() || path.startsWith("*")) {
            return true;
        }
        int dot = path.indexOf('.');
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        JsonNode child = at.path(dot < 0 ? path : path.substring(0, dot));
        return !at.path(path).isMissingNode() || !child.isMissingNode() && tells(child, rest);
    }

    /** Puts a value at the path and makes the objects on the way. */
    static void put(ObjectNode json, String path, JsonNode value) {
        String[] names = path.split("\\.");
        ObjectNode at = json;
        for (int i = 0; i < names.length - 1; i++) {
            at = at.path(names[i]) instanceof ObjectNode inner ? inner : at.putObject(names[i]);
        }
        at.set(names[names.length - 1], value);
    }

    /** A new object that has the value at the path. */
    static ObjectNode wrapped(String path, JsonNode value) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        put(object, path, value);
        return object;
    }

    /** Adds all that {@code more} has; where both have a value that is no object, {@code more} counts. */
    static void merge(ObjectNode json, JsonNode more) {
        more.properties().forEach(member -> {
            if (json.get(member.getKey()) instanceof ObjectNode inner
                    && member.getValue().isObject()) {
                merge(inner, member.getValue());
            } else {
                json.set(member.getKey(), member.getValue());
            }
        });
    }
}
