package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import dev.serai.record.Normalizer;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one entry under {@code fields:}. What the JSON Schema has already refused is passed over in silence. */
final class FieldReader {
    private static final List<String> SOURCES = List.of("from", "value", "text", "expr");

    private final Scope scope;
    private final Problems problems;

    FieldReader(Scope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** The rule, if the entry is right enough to make one. */
    Optional<Rule> read(String target, Yaml field) {
        Optional<Source> source = source(target, field);
        var treatment = new Rule.Treatment(
                steps(field), table(field), field.text("invalid").orElse("").equals("leave_out"));
        var presence = new Rule.Presence(
                field.get("when").flatMap(this::expr).orElse(null),
                field.text("required").orElse("").equals("true"),
                field.get("default").map(this::fallback).orElse(null));
        if (presence.required() && presence.fallback() != null) {
            problems.addAtKey(
                    field, "required", "\"" + target + "\" has a default, so required: changes nothing; keep one");
        }
        boolean personal = field.get("value").isEmpty() && scope.isPersonal(target, paths(field));
        return source.map(s -> new Rule(target, s, treatment, presence, personal));
    }

    private Optional<Source> source(String target, Yaml field) {
        List<String> given =
                SOURCES.stream().filter(name -> field.get(name).isPresent()).toList();
        if (given.isEmpty() && field.isMap()) {
            problems.add(field, "\"" + target + "\" has no source; write from:, value:, text: or expr:");
        }
        if (given.size() > 1) {
            problems.addAtKey(
                    field,
                    given.get(1),
                    "\"" + target + "\" has " + String.join(": and ", given) + ":; one source is expected");
        }
        if (given.size() != 1) {
            return Optional.empty();
        }
        Yaml at = field.get(given.get(0)).orElseThrow();
        return switch (given.get(0)) {
            case "from" -> Optional.of(readFrom(at));
            case "value" -> Optional.of(new Source.Constant(at.json()));
            case "text" -> text(at);
            default -> expr(at).map(Source.Computed::new);
        };
    }

    private Source readFrom(Yaml at) {
        scalars(at).forEach(path -> scope.checkPath(path, path.text(), problems));
        return new Source.Read(
                scalars(at).map(path -> FieldPath.of(path.text())).toList());
    }

    private static Stream<Yaml> scalars(Yaml at) {
        return at.isList() ? at.items().stream() : Stream.of(at);
    }

    private Optional<Source> text(Yaml at) {
        try {
            Template template = Template.of(at.text());
            template.names().forEach(name -> scope.checkName(at, name, problems));
            if (template.names().isEmpty()) {
                problems.add(at, "\"" + at.text() + "\" has no {place}; write value: for the same text each time");
            }
            return Optional.of(new Source.Text(template, places(template)));
        } catch (IllegalArgumentException e) {
            problems.add(at, e.getMessage());
            return Optional.empty();
        }
    }

    private static Map<String, FieldPath> places(Template template) {
        var places = new LinkedHashMap<String, FieldPath>();
        template.names().forEach(name -> places.put(name, FieldPath.of(name)));
        return places;
    }

    /** A default is a constant, or {@code {parameter}}. */
    private Source fallback(Yaml at) {
        JsonNode value = at.json();
        String text = value.isTextual() ? value.textValue() : "";
        if (!text.startsWith("{") || !text.endsWith("}")) {
            return new Source.Constant(value);
        }
        String name = text.substring(1, text.length() - 1);
        if (!scope.use(name)) {
            problems.add(
                    at,
                    "\"" + name + "\" is not a parameter; "
                            + Suggest.hint(name, scope.parameters().keySet()));
        }
        return new Source.Told(name);
    }

    private Optional<Expr> expr(Yaml at) {
        try {
            Expr expr = Expr.of(at.text());
            for (String variable : expr.variables()) {
                if (!scope.use(variable)) {
                    problems.add(
                            at,
                            "\"$" + variable + "\" is not a parameter; "
                                    + Suggest.hint(variable, scope.parameters().keySet()));
                }
            }
            for (ExprTokens.Read read : expr.reads()) {
                scope.notAField(read.path())
                        .ifPresent(text -> problems.add(ExprPlace.problem(at, read.line(), read.column(), text)));
            }
            return Optional.of(expr);
        } catch (ExprProblem e) {
            problems.add(ExprPlace.problem(at, e.line(), e.column(), e.getMessage()));
            return Optional.empty();
        }
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
            if (field.get(option.key()).isPresent()
                    && !wanted
                    && !field.get("concat").isPresent()) {
                problems.addAtKey(field, option.key(), "nothing under do: uses " + option.key() + ":");
            }
        }
        return List.copyOf(steps);
    }

    private Map<Option, Step.Told> options(Normalizer rule, Yaml field) {
        var told = new EnumMap<Option, Step.Told>(Option.class);
        for (Option option : rule.options()) {
            field.get(option.key()).ifPresent(at -> told.put(option, told(option, at)));
        }
        return told;
    }

    private Step.Told told(Option option, Yaml at) {
        boolean zoneItself =
                option == Option.ZONE && (at.text().contains("/") || at.text().equals("UTC"));
        if (!option.written() && !zoneItself) {
            scalars(at).forEach(name -> scope.checkName(name, name.text(), problems));
            return new Step.Told(
                    null, scalars(at).map(name -> FieldPath.of(name.text())).toList());
        }
        Optional<String> problem =
                zoneItself ? Normalizers.problemOfZone(at.text()) : Normalizer.problem(option, at.text());
        problem.ifPresent(text -> problems.add(at, "\"" + at.text() + "\" " + text));
        return new Step.Told(at.text(), List.of());
    }

    private Table table(Yaml field) {
        Optional<Yaml> unknown = field.get("unknown");
        if (field.get("table").isEmpty()) {
            unknown.ifPresent(at -> problems.addAtKey(field, "unknown", "unknown: says nothing without a table:"));
            return null;
        }
        var entries = new LinkedHashMap<String, JsonNode>();
        field.get("table").orElseThrow().entries().forEach((from, to) -> entries.put(from, to.json()));
        if (unknown.isPresent() && unknown.get().isMap()) {
            JsonNode otherwise = unknown.get().json().path("default");
            return new Table(entries, Table.Unknown.DEFAULT, otherwise);
        }
        String word = unknown.map(Yaml::text).orElse("refuse");
        if (!word.equals("refuse") && !word.equals("pass")) {
            problems.add(
                    unknown.orElseThrow(), "unknown: is \"" + word + "\"; refuse, pass or { default: … } is expected");
        }
        return new Table(entries, word.equals("pass") ? Table.Unknown.PASS : Table.Unknown.REFUSE, null);
    }

    /** The paths a field reads, for telling whether it is personal. */
    private static List<String> paths(Yaml field) {
        if (field.get("from").isPresent()) {
            return scalars(field.get("from").get()).map(Yaml::text).toList();
        }
        // text and expressions can mix anything; an undeclared path counts as personal
        return List.of("");
    }
}
