package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
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
            if (once == null) {
                continue;
            }
            try {
                Reverse.again(rule, rules, new Given(returned, parameters))
                        .filter(again -> !Same.value(again, once))
                        .ifPresent(again -> differences.add(rule.field() + " is " + once + ", and " + again
                                + " after there and back; mend do: or add one_way: true"));
            } catch (Rule.Failed e) {
                differences.add(rule.field() + " is refused after there and back: "
                        + e.problems().get(0).sentence());
            }
        }
        return differences;
    }
}
