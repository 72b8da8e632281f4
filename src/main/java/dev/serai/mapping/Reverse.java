package dev.serai.mapping;

import dev.serai.record.Normalizer;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The other direction of a mapping, as far as its rules lead back: paths change sides, normalizers are undone, tables are
 * read from right to left, lists are gone through item by item. The form most normalizers bring a value into is what the
 * other side takes as well. A value that is there only {@code when} something holds leads back without asking.
 */
final class Reverse {
    private final List<Rule> rules;

    private Reverse(List<Rule> rules) {
        this.rules = rules;
    }

    /** The rules of the way back, in the order of those they undo. */
    static List<Rule> of(List<Rule> rules) {
        var reverse = new Reverse(rules);
        var back = new LinkedHashMap<String, Rule>();
        for (Rule rule : rules) {
            if (leads(rule, rules)) {
                // of two fields read from one place, the first leads back
                Rule undone = rule.source() instanceof Source.Each each
                        ? each(rule, each)
                        : reverse.back(rule, (Source.Read) rule.source());
                back.putIfAbsent(undone.field(), undone);
            }
        }
        return List.copyOf(back.values());
    }

    /** Whether a field has a part in the way back. */
    static boolean leads(Rule rule, List<Rule> rules) {
        boolean has = rule.source() instanceof Source.Read || rule.source() instanceof Source.Each;
        return has && !rule.presence().oneWay() && Obstacles.of(rule, rules).isEmpty();
    }

    private static Rule each(Rule rule, Source.Each each) {
        List<Rule> items = of(each.rules());
        return new Rule(
                Obstacles.place(rule, each.path()),
                new Source.Each(FieldPath.of(rule.field()), null, items, Target.of(items)),
                new Rule.Treatment(List.of(), rule.treatment().leaveOutInvalid()),
                new Rule.Presence(null, false, null, false),
                rule.personal());
    }

    private Rule back(Rule rule, Source.Read read) {
        var acts = new ArrayList<Act>();
        List<Act> there = rule.treatment().acts();
        for (int i = there.size() - 1; i >= 0; i--) {
            if (there.get(i) instanceof Table table) {
                acts.add(table.reversed());
            } else if (there.get(i) instanceof Step step && Obstacles.isUndone(step.normalizer())) {
                Normalizer inverse = Normalizers.of(step.normalizer().inverse().orElseThrow())
                        .orElseThrow();
                acts.add(new Step(inverse, turned(rule, step.options(), inverse)));
            }
        }
        return new Rule(
                Obstacles.place(rule, read.paths().get(0)),
                new Source.Read(List.of(FieldPath.of(rule.field()))),
                new Rule.Treatment(List.copyOf(acts), rule.treatment().leaveOutInvalid()),
                new Rule.Presence(null, false, null, false),
                rule.personal(),
                // what an included file was given, its normalizers are told on the way back as well
                rule.inclusion().with().isEmpty()
                        ? Inclusion.NONE
                        : new Inclusion(null, rule.inclusion().with()));
    }

    private Map<Option, Step.Told> turned(Rule rule, Map<Option, Step.Told> options, Normalizer inverse) {
        var turned = new EnumMap<Option, Step.Told>(Option.class);
        options.forEach((option, told) -> {
            if (inverse.uses(option)) {
                turned.put(option, told.written() != null ? told : Obstacles.turned(rule, told, rules));
            }
        });
        return turned;
    }
}
