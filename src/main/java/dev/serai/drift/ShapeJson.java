package dev.serai.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** A shape as JSON, for the store: exactly the same shape when it is read again. */
public final class ShapeJson {
    private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;

    private ShapeJson() {}

    public static JsonNode write(Shape shape) {
        ObjectNode json = MAKE.objectNode();
        json.put("events", shape.events)
                .put("all", shape.allEvents)
                .put("overfull", shape.overfull)
                .put("last", shape.lastEvent);
        json.set("root", write(shape.root));
        return json;
    }

    /** @param budget what it takes is taken from it */
    public static Shape read(JsonNode json, Budget budget) {
        var shape = new Shape(field(json.path("root")), budget);
        shape.events = json.path("events").asLong();
        shape.allEvents = json.path("all").asLong();
        shape.overfull = json.path("overfull").asLong();
        shape.lastEvent = json.path("last").asLong();
        budget.give(-shape.root.marks());
        return shape;
    }

    private static ObjectNode write(Field field) {
        ObjectNode json = MAKE.objectNode();
        json.put("seen", field.seen);
        json.set("mark", write(field.mark));
        json.set("filled", write(field.filled));
        if (!field.forms.isEmpty()) {
            ObjectNode forms = json.putObject("forms");
            field.forms.forEach((form, mark) -> forms.set(form.name(), write(mark)));
        }
        if (field.values.marks == null) {
            json.put("free", true);
        } else if (!field.values.marks.isEmpty()) {
            ObjectNode values = json.putObject("values");
            field.values.marks.forEach((hash, mark) -> values.set(Long.toHexString(hash), write(mark)));
            json.put("valuesFrom", field.values.from);
        }
        if (!field.children.isEmpty()) {
            ObjectNode children = json.putObject("fields");
            field.children.forEach((name, child) -> children.set(name, write(child)));
        }
        if (field.items != null) {
            json.set("items", write(field.items));
        }
        if (field.keyed) {
            json.put("keyed", true);
        }
        return json;
    }

    private static Field field(JsonNode json) {
        var field = new Field();
        field.seen = json.path("seen").asLong();
        read(json.path("mark"), field.mark);
        read(json.path("filled"), field.filled);
        json.path("forms")
                .properties()
                .forEach(form -> field.forms.put(Form.valueOf(form.getKey()), read(form.getValue(), new Mark())));
        field.values.marks = json.has("free") ? null : field.values.marks;
        field.values.from = json.path("valuesFrom").asLong();
        json.path("values")
                .properties()
                .forEach(value -> field.values.marks.put(
                        Long.parseUnsignedLong(value.getKey(), 16), read(value.getValue(), new Mark())));
        json.path("fields").properties().forEach(child -> field.children.put(child.getKey(), field(child.getValue())));
        field.items = json.has("items") ? field(json.get("items")) : null;
        field.keyed = json.has("keyed");
        return field;
    }

    /** Numbers, then what is seldom there: the state in bits, and the event that is being judged. */
    private static ArrayNode write(Mark mark) {
        ArrayNode json = MAKE.arrayNode();
        json.add(mark.from).add(mark.count).add(mark.last).add(mark.total);
        int state = (mark.settled ? 1 : 0) + (mark.gone ? 2 : 0) + (mark.wasGone ? 4 : 0);
        json.add(state);
        if (mark.event != 0) {
            json.add(mark.event).add(mark.at.toEpochMilli()).add(mark.example);
        }
        return json;
    }

    private static Mark read(JsonNode json, Mark mark) {
        mark.from = json.path(0).asLong();
        mark.count = json.path(1).asLong();
        mark.last = json.path(2).asLong();
        mark.total = json.path(3).asLong();
        int state = json.path(4).asInt();
        mark.settled = (state & 1) != 0;
        mark.gone = (state & 2) != 0;
        mark.wasGone = (state & 4) != 0;
        mark.event = json.path(5).asLong();
        mark.at = Instant.ofEpochMilli(json.path(6).asLong());
        mark.example = json.path(7).asText();
        return mark;
    }
}
