package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Template;
import dev.serai.file.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads where a field's value comes from. */
final class SourceReader {
    private static final List<String> SOURCES = List.of("from", "value", "text", "expr", "concat", "flatten", "each");

    /** Keys that belong to one source: the key, and the source it needs. */
    private static final Map<String, String> PARTS = Map.of("fields", "each", "where", "each", "except", "flatten");

    private final Scope scope;
    private final Surroundings surroundings;
    private final Problems problems;

    SourceReader(Scope scope, Surroundings surroundings, Problems problems) {
        this.scope = scope;
        this.surroundings = surroundings;
        this.problems = problems;
    }

    /** The source, if the entry is right enough to have one. */
    Optional<Source> read(String target, Yaml field) {
        List<String> given =
                SOURCES.stream().filter(name -> field.get(name).isPresent()).toList();
        if (given.isEmpty() && field.isMap()) {
            problems.add(
                    field,
                    "\"" + target + "\" has no source; write from:, value:, text:, expr:, concat:, flatten: or each:");
        }
        if (given.size() > 1) {
            problems.addAtKey(
                    field,
                    given.get(1),
                    "\"" + target + "\" has " + String.join(": and ", given) + ":; one source is expected");
        }
        PARTS.forEach((part, source) -> {
            if (field.get(part).isPresent() && field.get(source).isEmpty()) {
                problems.addAtKey(field, part, part + ": says nothing without " + source + ":");
            }
        });
        if (given.size() != 1) {
            return Optional.empty();
        }
        Yaml at = field.get(given.get(0)).orElseThrow();
        if (at.isList() && at.items().isEmpty() && !given.get(0).equals("value")) {
            return Optional.empty(); // the schema has said so
        }
        return switch (given.get(0)) {
            case "from" -> Optional.of(new Source.Read(paths(at)));
            case "value" -> {
                checkPlain(at);
                yield Optional.of(new Source.Constant(at.json()));
            }
            case "text" -> text(at);
            case "concat" ->
                Optional.of(new Source.Joined(paths(at), field.text("separator").orElse(" ")));
            case "flatten" -> Optional.of(flat(field, at));
            case "each" -> each(target, field, at);
            default -> expr(at).map(Source.Computed::new);
        };
    }

    private List<FieldPath> paths(Yaml at) {
        scalars(at).forEach(path -> scope.checkPath(path, path.text(), problems));
        return scalars(at).map(path -> FieldPath.of(path.text())).toList();
    }

    static Stream<Yaml> scalars(Yaml at) {
        return at.isList() ? at.items().stream() : Stream.of(at);
    }

    private Source flat(Yaml field, Yaml at) {
        Set<String> except = field.get("except").map(Yaml::items).orElse(List.of()).stream()
                .map(Yaml::text)
                .collect(Collectors.toSet());
        return new Source.Flat(
                new Source.Read(paths(at)), except, field.text("separator").orElse("_"));
    }

    private Optional<Source> each(String target, Yaml field, Yaml at) {
        Optional<Yaml> fields = field.get("fields");
        if (fields.isEmpty()) {
            problems.addAtKey(field, "each", "\"" + target + "\" lacks fields:, those of each item");
            return Optional.empty();
        }
        FieldPath path = paths(at).get(0);
        Scope items = scope.items(path.text(), target);
        List<Rule> rules = new FieldsReader(items, surroundings, problems).read(fields.get());
        Expr where = field.get("where")
                .flatMap(new SourceReader(items, surroundings, problems)::expr)
                .orElse(null);
        return Optional.of(new Source.Each(path, where, rules, Target.of(rules)));
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

    /** A value is sent as it stands, and nobody means to send the name of a place. */
    private void checkPlain(Yaml at) {
        if (at.text().matches("\\{\\{.+}}")) {
            problems.add(
                    at,
                    "\"" + at.text()
                            + "\" would be sent as it stands; make the setting the default: of a parameter and write"
                            + " text: \"{parameter}\"");
        } else if (at.text().matches("\\{[^{}\"]+}")) {
            problems.add(
                    at,
                    "\"" + at.text()
                            + "\" would be sent as it stands; write text: in place of value: to have it filled in");
        }
    }

    /** A constant, or {@code {parameter}}. */
    Source constant(Yaml at) {
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

    Optional<Expr> expr(Yaml at) {
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
            for (ExprTokens.Comparison one : expr.comparisons()) {
                List<String> allowed = scope.allowed(one.path());
                if (!allowed.isEmpty() && !allowed.contains(one.text())) {
                    problems.add(ExprPlace.problem(
                            at,
                            one.line(),
                            one.column(),
                            "\"" + one.text() + "\" is not a value of " + one.path() + "; "
                                    + Suggest.hint(one.text(), allowed)));
                }
            }
            return Optional.of(expr);
        } catch (ExprProblem e) {
            problems.add(ExprPlace.problem(at, e.line(), e.column(), e.getMessage()));
            return Optional.empty();
        }
    }
}
