package dev.serai.mapping;

import dev.serai.record.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why a field does not lead back. */
final class Obstacles {
    private Obstacles() {}

    /**
     * The reason, continues the field's name; empty when it leads back by itself, or is the same each time and needs no way.
     *
     * @param rules all of the record or the item, which a condition or an option may ask for
     */
    static Optional<String> of(Rule rule, List<Rule> rules) {
        return ofSource(rule)
                .or(() -> ofPlaces(rule))
                .or(() -> ofActs(rule, rules))
                .or(() -> ofCondition(rule, rules));
    }

    private static Optional<String> ofSource(Rule rule) {
        if (rule.source() instanceof Source.Each each) {
            if (each.where() != null) {
                return Optional.of("it takes only some of the items");
            }
            return Reverse.of(each.rules()).isEmpty()
                    ? Optional.of("nothing of its items leads back")
                    : Optional.empty();
        }
        boolean simple = rule.source() instanceof Source.Read || rule.source() instanceof Source.Constant;
        return simple ? Optional.empty() : Optional.of("it is computed");
    }

    private static Optional<String> ofPlaces(Rule rule) {
        FieldPath path = rule.source() instanceof Source.Read read
                ? read.paths().get(0)
                : rule.source() instanceof Source.Each each ? each.path() : null;
        if (path == null) {
            return Optional.empty();
        }
        if (path.up() > 0) {
            return Optional.of("it reads what is around its item");
        }
        return path.names().length == 0 ? Optional.of("it reads the record as a whole") : Optional.empty();
    }

    private static Optional<String> ofActs(Rule rule, List<Rule> rules) {
        for (Act act : rule.treatment().acts()) {
            if (act instanceof Step step) {
                Normalizer normalizer = step.normalizer();
                if (normalizer.inverse().isEmpty()) {
                    return Optional.of("nothing undoes " + normalizer.name());
                }
                for (Step.Told told : step.options().values()) {
                    if (isUndone(normalizer)
                            && told.written() == null
                            && turned(rule, told, rules).names().isEmpty()) {
                        return Optional.of("nothing leads back to what " + normalizer.name() + " is told");
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** What a condition looks at must come back, or the field would not be there again. */
    private static Optional<String> ofCondition(Rule rule, List<Rule> rules) {
        Expr when = rule.presence().when();
        if (when == null || rule.source() instanceof Source.Constant) {
            return Optional.empty();
        }
        if (when.reads().isEmpty()) {
            return Optional.of("nobody can tell which fields its when: looks at");
        }
        for (ExprTokens.Read read : when.reads()) {
            String place = place(rule, FieldPath.of(read.path()));
            if (rules.stream().noneMatch(other -> leadsTo(other, place, rules, rule))) {
                return Optional.of("its when: looks at " + read.path() + ", to which nothing leads back");
            }
        }
        return Optional.empty();
    }

    private static boolean leadsTo(Rule rule, String place, List<Rule> rules, Rule asking) {
        return rule.source() instanceof Source.Read read
                && place(rule, read.paths().get(0)).equals(place)
                && !rule.presence().oneWay()
                && (rule == asking || rule.presence().when() == null)
                && ofPlaces(rule).isEmpty()
                && ofActs(rule, rules).isEmpty();
    }

    /** Whether undoing it takes an act; else its form is taken as it is. Where there was to be text, text goes back. */
    static boolean isUndone(Normalizer normalizer) {
        String inverse = normalizer.inverse().orElse("");
        return !inverse.equals(normalizer.name()) || inverse.equals("string");
    }

    /** Where a path of a rule is in the record, should the rule be from an included file that works on a part. */
    static String place(Rule rule, FieldPath path) {
        FieldPath base = rule.inclusion().base();
        return base == null || base.names().length == 0 ? path.text() : base.text() + "." + path.text();
    }

    /** The fields of the result that were read from where an option is read, parameters as they are. */
    static Step.Told turned(Rule rule, Step.Told told, List<Rule> rules) {
        var names = new ArrayList<FieldPath>();
        for (FieldPath name : told.names()) {
            String place = place(rule, name);
            rules.stream()
                    .filter(other -> other.source() instanceof Source.Read read
                            && read.paths().stream()
                                    .anyMatch(path -> place(other, path).equals(place)))
                    .findFirst()
                    .ifPresentOrElse(other -> names.add(FieldPath.of(other.field())), () -> {
                        if (name.names().length == 1) {
                            names.add(name);
                        }
                    });
        }
        return new Step.Told(null, names);
    }
}
