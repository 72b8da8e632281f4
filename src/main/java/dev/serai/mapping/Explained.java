package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Why one field has the value it has. Carries values in clear: for the person who handed in the record, not for a log.
 *
 * @param field the target by dotted path
 * @param source what it is read from, as the mapping file says it
 * @param steps each rule in the order applied, {@code from} first, with the value after it
 * @param after the value in the result; empty when the field is left out
 * @param problem why the record is refused, when this field is the reason
 */
public record Explained(
        String field, String source, List<Step> steps, Optional<JsonNode> after, Optional<FieldProblem> problem) {

    /** @param rule a normalizer's name, or from, when, table, default, invalid @param value empty when there is none */
    public record Step(String rule, Optional<JsonNode> value) {}

    /** One field; of a list of maps, each field of each item. */
    static List<Explained> of(Rule rule, Given given) {
        var steps = new ArrayList<Step>();
        Optional<JsonNode> after = Optional.empty();
        Optional<FieldProblem> problem = Optional.empty();
        try {
            after = Optional.ofNullable(
                    rule.apply(given, (name, value) -> steps.add(new Step(name, Optional.ofNullable(value)))));
        } catch (Rule.Failed e) {
            problem = Optional.of(e.problems().get(0));
        }
        boolean items = rule.source() instanceof Source.Each && !steps.isEmpty() && after.isPresent();
        return items
                ? ofItems(rule, (Source.Each) rule.source(), given)
                : List.of(new Explained(rule.field(), rule.source().name(given), List.copyOf(steps), after, problem));
    }

    private static List<Explained> ofItems(Rule rule, Source.Each each, Given given) {
        var all = new ArrayList<Explained>();
        List<Given> items = each.items(given);
        for (int i = 0; i < items.size(); i++) {
            String prefix = rule.field() + "." + i + ".";
            for (Rule inner : each.rules()) {
                of(inner, items.get(i)).forEach(one -> all.add(one.under(prefix)));
            }
        }
        return all;
    }

    private Explained under(String prefix) {
        return new Explained(prefix + field, source, steps, after, problem);
    }
}
