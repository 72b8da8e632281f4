package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows that what a mapping makes of a record leads back and comes again the same. */
record RoundTrip(List<Rule> rules, Mapping back) {

    /** A sentence for each field that does not. @param result what the mapping made */
    List<String> differences(JsonNode result, Map<String, JsonNode> parameters) {
        JsonNode returned;
        try {
            returned = back.apply(new Given(result, parameters), new ArrayList<>());
        } catch (Refused e) {
            return List.of("the way back refuses the result: " + e.problems().get(0));
        }
        var differences = new ArrayList<String>();
        for (Rule rule : rules) {
            JsonNode once = FieldPath.of(rule.field()).read(result);
            if (once == null || !Reverse.leads(rule, rules)) {
                continue;
            }
            try {
                JsonNode again = rule.apply(new Given(returned, parameters), Rule.Listener.NONE);
                compare(rule, once, again, differences);
            } catch (Rule.Failed e) {
                differences.add(rule.field() + " is refused after there and back: "
                        + e.problems().get(0).sentence());
            }
        }
        return differences;
    }

    /** What a table's default stands for leads nowhere; what a condition has let in must be let in again. */
    private static void compare(Rule rule, JsonNode once, JsonNode again, List<String> differences) {
        if (again == null) {
            if (rule.presence().when() != null) {
                differences.add(rule.field() + " is gone after there and back; mend when: or add one_way: true");
            }
        } else if (!Same.value(leading(rule, again), leading(rule, once))) {
            differences.add(rule.field() + " is " + once + ", and " + again
                    + " after there and back; mend do: or add one_way: true");
        }
    }

    /** Of the items of a list only what leads back. */
    private static JsonNode leading(Rule rule, JsonNode value) {
        if (!(rule.source() instanceof Source.Each each)) {
            return value;
        }
        JsonNode items = value.deepCopy();
        for (Rule inner : each.rules()) {
            boolean constant = inner.source() instanceof Source.Constant;
            for (JsonNode item : items) {
                FieldPath path = FieldPath.of(inner.field());
                JsonNode found = path.read(item);
                if (found != null && !constant && !Reverse.leads(inner, each.rules())) {
                    remove(item, path);
                } else if (found != null && inner.source() instanceof Source.Each) {
                    put(item, path, leading(inner, found));
                }
            }
        }
        return items;
    }

    private static void remove(JsonNode item, FieldPath path) {
        if (holder(item, path) instanceof ObjectNode object) {
            object.remove(path.names()[path.names().length - 1]);
        }
    }

    private static void put(JsonNode item, FieldPath path, JsonNode value) {
        if (holder(item, path) instanceof ObjectNode object) {
            object.set(path.names()[path.names().length - 1], value);
        }
    }

    private static JsonNode holder(JsonNode item, FieldPath path) {
        JsonNode at = item;
        for (int i = 0; i < path.names().length - 1 && at != null; i++) {
            at = at.get(path.names()[i]);
        }
        return at;
    }
}
