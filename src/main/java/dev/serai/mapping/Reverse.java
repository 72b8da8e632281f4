package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Normalizer;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The other direction of a mapping, as far as its rules lead back: paths change sides, normalizers are undone, tables are
 * read from right to left. The form most normalizers bring a value into is what the other side takes as well.
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
            if (rule.source() instanceof Source.Read read
                    && obstacle(rule, rules).isEmpty()) {
                // of two fields read from one place, the first leads back
                back.putIfAbsent(read.paths().get(0).text(), reverse.back(rule, read));
            }
        }
        return List.copyOf(back.values());
    }

    /** Whether a field leads back by itself, or is the same each time and needs no way back. */
    static Optional<String> obstacle(Rule rule, List<Rule> rules) {
        if (rule.source() instanceof Source.Constant) {
            return Optional.empty();
        }
        if (!(rule.source() instanceof Source.Read)) {
            return Optional.of(rule.source() instanceof Source.Each ? "it makes a list" : "it is computed");
        }
        if (rule.presence().when() != null) {
            return Optional.of("it has a when:");
        }
        if (rule.inclusion() != Inclusion.NONE) {
            return Optional.of("it is included");
        }
        for (Act act : rule.treatment().acts()) {
            if (act instanceof Step step) {
                Normalizer normalizer = step.normalizer();
                if (normalizer.inverse().isEmpty()) {
                    return Optional.of("nothing undoes " + normalizer.name());
                }
                for (Step.Told told : step.options().values()) {
                    if (isUndone(normalizer)
                            && told.written() == null
                            && turned(told, rules).names().isEmpty()) {
                        return Optional.of("nothing leads back to what " + normalizer.name() + " is told");
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** Whether undoing it takes an act; else its form is taken as it is. Where there was to be text, text goes back. */
    private static boolean isUndone(Normalizer normalizer) {
        String inverse = normalizer.inverse().orElse("");
        return !inverse.equals(normalizer.name()) || inverse.equals("string");
    }

    private Rule back(Rule rule, Source.Read read) {
        var acts = new ArrayList<Act>();
        List<Act> there = rule.treatment().acts();
        for (int i = there.size() - 1; i >= 0; i--) {
            if (there.get(i) instanceof Table table) {
                acts.add(table.reversed());
            } else if (there.get(i) instanceof Step step && isUndone(step.normalizer())) {
                Normalizer inverse = Normalizers.of(step.normalizer().inverse().orElseThrow())
                        .orElseThrow();
                acts.add(new Step(inverse, turned(step.options(), inverse)));
            }
        }
        return new Rule(
                read.paths().get(0).text(),
                new Source.Read(List.of(FieldPath.of(rule.field()))),
                new Rule.Treatment(List.copyOf(acts), rule.treatment().leaveOutInvalid()),
                new Rule.Presence(null, false, null),
                rule.personal());
    }

    private Map<Option, Step.Told> turned(Map<Option, Step.Told> options, Normalizer inverse) {
        var turned = new EnumMap<Option, Step.Told>(Option.class);
        options.forEach((option, told) -> {
            if (inverse.uses(option)) {
                turned.put(option, told.written() != null ? told : turned(told, rules));
            }
        });
        return turned;
    }

    /** The fields of the result that were read from where an option is read, parameters as they are. */
    private static Step.Told turned(Step.Told told, List<Rule> rules) {
        var names = new ArrayList<FieldPath>();
        for (FieldPath name : told.names()) {
            rules.stream()
                    .filter(rule -> rule.source() instanceof Source.Read read
                            && read.paths().stream()
                                    .anyMatch(path -> path.text().equals(name.text())))
                    .findFirst()
                    .ifPresentOrElse(rule -> names.add(FieldPath.of(rule.field())), () -> {
                        if (name.names().length == 1) {
                            names.add(name);
                        }
                    });
        }
        return new Step.Told(null, names);
    }

    /** What a field is after there, back and there again, if its rule leads back. */
    static Optional<JsonNode> again(Rule rule, List<Rule> rules, Given back) {
        boolean both =
                rule.source() instanceof Source.Read && obstacle(rule, rules).isEmpty();
        return both ? Optional.ofNullable(rule.apply(back, Rule.Listener.NONE)) : Optional.empty();
    }
}
