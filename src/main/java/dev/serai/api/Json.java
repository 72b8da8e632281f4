package dev.serai.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.function.Function;

/** Documents in the making. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static <T> ArrayNode list(Collection<T> items, Function<T, ObjectNode> each) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        items.forEach(item -> list.add(each.apply(item)));
        return list;
    }

    /** {@code {"items": […]}}: a list that can get more beside it later. */
    static <T> ObjectNode items(Collection<T> items, Function<T, ObjectNode> each) {
        ObjectNode json = object();
        json.set("items", list(items, each));
        return json;
    }
}
