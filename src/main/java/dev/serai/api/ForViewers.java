package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Masks;
import java.util.List;
import java.util.Set;

/**
 * An answer for somebody who is not to see people: whatever operation gave it, addresses, phone numbers, bank accounts and card
 * numbers in its texts are hidden.
 */
final class ForViewers {
    private static final List<String> WORDS = List.of("reason", "why", "words");

    private ForViewers() {}

    static Answer masked(Answer answer) {
        return new Answer(answer.status(), masked(answer.body()));
    }

    /** Hides people in words that vendors and operators wrote. @param people as {@link Masks#people} tells them */
    static void without(JsonNode json, Set<String> people) {
        for (JsonNode each : json) {
            without(each, people);
        }
        if (json instanceof ObjectNode object) {
            for (String name : WORDS) {
                if (object.path(name).isTextual()) {
                    object.put(name, Masks.without(object.path(name).textValue(), people));
                }
            }
        }
    }

    private static JsonNode masked(JsonNode json) {
        if (json.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            json.properties().forEach(field -> object.set(field.getKey(), masked(field.getValue())));
            return object;
        }
        if (json.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            json.forEach(item -> list.add(masked(item)));
            return list;
        }
        return json.isTextual() ? TextNode.valueOf(Masks.inText(json.textValue())) : json;
    }
}
