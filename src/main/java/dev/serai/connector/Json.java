package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Dotted paths in JSON. */
public final class Json {
    private Json() {}

    /** What stands at the path, a number being the place in a list; all of it for an empty path, a missing node for none. */
    public static JsonNode at(JsonNode json, String path) {
        JsonNode at = json;
        for (String name : path.isEmpty() ? new String[0] : path.split("\\.")) {
            at = at.isArray() && name.matches("\\d{1,6}") ? at.path(Integer.parseInt(name)) : at.path(name);
        }
        return at;
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

    static ObjectNode wrapped(String name, JsonNode value) {
        return JsonNodeFactory.instance.objectNode().set(name, value);
    }
}
