package dev.serai.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Masks;

/**
 * An answer for somebody who is not to see people: whatever operation gave it, addresses, phone numbers, bank accounts and card
 * numbers in its texts are hidden.
 */
final class ForViewers {
    private ForViewers() {}

    static Answer masked(Answer answer) {
        return new Answer(answer.status(), masked(answer.body()));
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
