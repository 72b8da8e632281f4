package dev.serai.mapping;

import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import dev.serai.record.Normalizer;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one entry under {@code fields:}. What the JSON Schema has already refused is passed over in silence. */
final class FieldReader {
    private final Scope scope;
    private final Problems problems;
    private final SourceReader sources;
    private final TableReader tables;

    FieldReader(Scope scope, Surroundings surroundings, Problems problems) {
        this.scope = scope;
        this.problems = problems;
        this.sources = new SourceReader(scope, surroundings, problems);
        this.tables = new TableReader(surroundings, problems);
    }

    /** The rule, if the entry is right enough to make one. */
    Optional<Rule> read(String target, Yaml field) {
        Optional<Source> source = sources.read(target, field);
        var acts = new ArrayList<Act>(steps(field));
        tables.read(field).ifPresent(acts::add);
        var treatment = new Rule.Treatment(
                List.copyOf(acts), field.text("invalid").orElse("").equals("leave_out"));
        var presence = new Rule.Presence(
                field.get("when").flatMap(at -> condition(target, at)).orElse(null),
                field.text("required").orElse("").equals("true"),
                field.get("default").map(sources::constant).orElse(null),
                field.text("one_way").orElse("").equals("true"));
        if (presence.required() && presence.fallback() != null) {
            problems.addAtKey(
                    field, "required", "\"" + target + "\" has a default, so required: changes nothing; keep one");
        }
        boolean personal = field.get("value").isEmpty() && scope.isPersonal(target, paths(field));
        return source.map(s -> new Rule(target, s, treatment, presence, personal));
    }

    private Optional<Expr> condition(String target, Yaml at) {
        Optional<Expr> condition = sources.expr(at);
        condition
                .flatMap(Expr::always)
                .ifPresent(always -> problems.add(
                        at,
                        always
                                ? "when: is true for every record; leave it out"
                                : "when: is true for no record, so \"" + target
                                        + "\" is never there; mend it or take the field out"));
        return condition;
    }

    private List<Step> steps(Yaml field) {
        var steps = new ArrayList<Step>();
        for (Yaml name : field.get("do").map(Yaml::items).orElse(List.of())) {
            Normalizers.of(name.text()).ifPresent(rule -> {
                if (rule.uses(Option.CURRENCY) && field.get("currency").isEmpty()) {
                    problems.add(name, "\"" + rule.name() + "\" needs currency:, the field or parameter that names it");
                }
                steps.add(new Step(rule, options(rule, field)));
            });
        }
        for (Option option : Option.values()) {
            boolean wanted = steps.stream().anyMatch(step -> step.normalizer().uses(option));
            if (field.get(option.key()).isPresent() && !wanted && !hasSeparator(field, option)) {
                problems.addAtKey(field, option.key(), "nothing under do: uses " + option.key() + ":");
            }
        }
        return List.copyOf(steps);
    }

    private static boolean hasSeparator(Yaml field, Option option) {
        return option == Option.SEPARATOR
                && (field.get("concat").isPresent() || field.get("flatten").isPresent());
    }

    private Map<Option, Step.Told> options(Normalizer rule, Yaml field) {
        var told = new EnumMap<Option, Step.Told>(Option.class);
        for (Option option : rule.options()) {
            field.get(option.key()).ifPresent(at -> told.put(option, told(option, at)));
        }
        return told;
    }

    private Step.Told told(Option option, Yaml at) {
        if (option == Option.DECIMALS) {
            String decimals = tables.decimals(at);
            Normalizer.problem(option, decimals).ifPresent(text -> problems.add(at, "decimals: " + text));
            return new Step.Told(decimals, List.of());
        }
        boolean zoneItself =
                option == Option.ZONE && (at.text().contains("/") || at.text().equals("UTC"));
        if (!option.written() && !zoneItself) {
            SourceReader.scalars(at).forEach(name -> scope.checkName(name, name.text(), problems));
            return new Step.Told(
                    null,
                    SourceReader.scalars(at)
                            .map(name -> FieldPath.of(name.text()))
                            .toList());
        }
        Optional<String> problem =
                zoneItself ? Normalizers.problemOfZone(at.text()) : Normalizer.problem(option, at.text());
        problem.ifPresent(text -> problems.add(at, "\"" + at.text() + "\" " + text));
        return new Step.Told(at.text(), List.of());
    }

    /** The paths a field reads, for telling whether it is personal. */
    private static List<String> paths(Yaml field) {
        if (field.get("from").isPresent()) {
            return SourceReader.scalars(field.get("from").get()).map(Yaml::text).toList();
        }
        if (field.get("concat").isPresent()) {
            return SourceReader.scalars(field.get("concat").get())
                    .map(Yaml::text)
                    .toList();
        }
        // text and expressions can mix anything; an undeclared path counts as personal
        return List.of("");
    }
}
