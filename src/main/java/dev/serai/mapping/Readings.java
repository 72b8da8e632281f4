package dev.serai.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds out what rules read. */
final class Readings {
    private final Mapping mapping;
    private final Set<String> parameters;
    private final List<Reading> found = new ArrayList<>();

    private Readings(Mapping mapping, Set<String> parameters) {
        this.mapping = mapping;
        this.parameters = parameters;
    }

    static List<Reading> of(Mapping mapping, Set<String> parameters) {
        var readings = new Readings(mapping, parameters);
        mapping.rules().forEach(rule -> readings.rule(rule, "", List.of("")));
        return List.copyOf(readings.found);
    }

    /** @param made where the rule's field stands @param bases where the record stands, the outermost first */
    private void rule(Rule rule, String made, List<String> bases) {
        List<String> from = bases;
        if (rule.inclusion().base() != null) {
            from = new ArrayList<>(bases);
            from.set(from.size() - 1, absolute(rule.inclusion().base(), bases));
        }
        String field = join(made, rule.field());
        for (Source value : rule.inclusion().with().values()) {
            source(rule, value, field, bases);
        }
        source(rule, rule.source(), field, from);
        if (rule.presence().when() != null) {
            expr(rule, rule.presence().when(), field, from);
        }
        for (Act act : rule.treatment().acts()) {
            if (act instanceof Step step) {
                for (Step.Told told : step.options().values()) {
                    paths(rule, told.names(), false, field, from, List.of());
                }
            }
        }
    }

    private void source(Rule rule, Source source, String field, List<String> bases) {
        List<Act> acts = rule.treatment().acts();
        if (source instanceof Source.Read read) {
            paths(rule, read.paths(), true, field, bases, acts);
        } else if (source instanceof Source.Joined joined) {
            paths(rule, joined.paths(), false, field, bases, List.of());
        } else if (source instanceof Source.Text text) {
            paths(rule, List.copyOf(text.places().values()), false, field, bases, List.of());
        } else if (source instanceof Source.Flat flat) {
            paths(rule, flat.map().paths(), true, field, bases, List.of());
        } else if (source instanceof Source.Computed computed) {
            expr(rule, computed.expr(), field, bases);
        } else if (source instanceof Source.Each each) {
            each(rule, each, field, bases);
        }
    }

    private void each(Rule rule, Source.Each each, String field, List<String> bases) {
        paths(rule, List.of(each.path()), false, field, bases, List.of());
        var inside = new ArrayList<>(bases);
        inside.add(join(absolute(each.path(), bases), "*"));
        each.rules().forEach(item -> rule(item, join(field, "*"), inside));
        if (each.where() != null) {
            expr(rule, each.where(), field, inside);
        }
    }

    private void expr(Rule rule, Expr expr, String field, List<String> bases) {
        for (ExprTokens.Read read : expr.reads()) {
            paths(rule, List.of(FieldPath.of(read.path())), true, field, bases, List.of());
        }
    }

    private void paths(
            Rule rule, List<FieldPath> paths, boolean whole, String field, List<String> bases, List<Act> acts) {
        for (FieldPath path : paths) {
            if (!parameters.contains(path.text())) {
                String at = absolute(path, bases);
                boolean word = acts.stream().anyMatch(Table.class::isInstance);
                // what goes through a table is one of a few words, unless a record says that it is personal
                boolean personal = mapping.declaresPersonal(field.replace("*", "0"), at.replace("*", "0"))
                        .orElse(rule.personal() && !word);
                found.add(new Reading(at, whole, field, personal, acts));
            }
        }
    }

    private static String absolute(FieldPath path, List<String> bases) {
        String at = bases.get(Math.max(0, bases.size() - 1 - path.up()));
        for (String name : path.names()) {
            at = join(at, FieldPath.isPosition(name) ? "*" : name);
        }
        return at;
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
