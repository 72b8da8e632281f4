package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Masks;
import dev.serai.record.RemoteWords;
import java.util.List;
import java.util.Set;

/**
 * An answer for somebody who is not to see people: whatever operation gave it, addresses, phone numbers, bank accounts and card
 * numbers in its texts are hidden.
 */
final class ForViewers {
    private static final List<String> WORDS = List.of("reason", "why", "words");

    private ForViewers() {}

    /** @param compared whether what vendors said was held against payloads; else it is left out */
    static Answer masked(Answer answer, boolean compared) {
        return new Answer(answer.status(), masked(answer.body(), compared));
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

    private static JsonNode masked(JsonNode json, boolean compared) {
        if (json.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            json.properties().forEach(field -> object.set(field.getKey(), masked(field.getValue(), compared)));
            return object;
        }
        if (json.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode();
            json.forEach(item -> list.add(masked(item, compared)));
            return list;
        }
        if (!json.isTextual()) {
            return json;
        }
        String text = compared ? json.textValue() : RemoteWords.leftOut(json.textValue());
        return TextNode.valueOf(Masks.inText(text));
    }
}
