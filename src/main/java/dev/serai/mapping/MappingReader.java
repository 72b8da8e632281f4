package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.FileSchema;
import dev.serai.file.Problems;
import dev.serai.file.Suggest;
import dev.serai.file.Yaml;
import dev.serai.record.RecordSchema;
import dev.serai.record.RecordSchemas;
import dev.serai.record.Unacceptable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a mapping file: first its shape by the JSON Schema, then what only makes sense as a whole. */
final class MappingReader {
    private static final FileSchema SCHEMA = FileSchema.of("mapping");
    private static final String ANY = "any";

    /** Camel's own syntax for a setting, with an optional default after the colon. */
    private static final Pattern SETTING = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_.-]+)\\s*(?::(.*))?}}");

    private final Yaml root;
    private final String text;
    private final Surroundings surroundings;
    private final List<String> including;
    private final Problems problems = new Problems();

    /** @param including names of the files that are being read and include this one, outermost first */
    MappingReader(String file, String yaml, Surroundings surroundings, List<String> including) {
        this.root = Yaml.read(file, yaml);
        this.text = yaml;
        this.surroundings = surroundings;
        this.including = including;
    }

    /** @throws dev.serai.file.FileRefused with every problem */
    Mapping read() {
        SCHEMA.check(root, problems);
        Optional<RecordSchema> from = record("from");
        var head = new Mapping.Head(
                root.text("mapping").orElse(""),
                root.text("description").orElse(""),
                root.text("from").orElse(ANY),
                // canonical records come from mappings and doors that have checked them
                from.filter(record -> RecordSchemas.of(record.name()).isEmpty()),
                record("to"),
                root.text("reverse"));
        Map<String, Parameter> parameters = parameters(from);
        var scope = new Scope(from, head.to(), parameters, new HashSet<>(), List.of());
        List<Included> included = new IncludeReader(surroundings, including, problems).read(root, scope);
        List<Rule> rules = rules(scope, included);
        for (String name : parameters.keySet()) {
            boolean below =
                    included.stream().anyMatch(file -> file.parameters().containsKey(name) && file.uses(name, rules));
            if (!scope.used().contains(name) && !below) {
                problems.addAtKey(part("parameters"), name, "parameter \"" + name + "\" is declared but never used");
            }
        }
        included.forEach(file -> checkGiven(file, rules));
        included.forEach(file -> file.parameters().forEach(parameters::putIfAbsent));
        List<TestCase> tests = tests(parameters.keySet());
        problems.throwIfAny();
        return new Mapping(head, parameters, rules, tests, Origin.of(root, text));
    }

    /** What an included file is given must change something: its fields may all have been replaced. */
    private void checkGiven(Included file, List<Rule> rules) {
        file.at().get("with").ifPresent(given -> given.entries().keySet().stream()
                .filter(name -> !file.uses(name, rules))
                .forEach(name -> problems.addAtKey(
                        given,
                        name,
                        "no field that comes from " + file.at().text("mapping").orElse("") + " uses \"" + name
                                + "\"; take it out")));
    }

    /** A canonical record, or one of the folder's own: {@code system/name} is mappings/system/records/name.schema.json. */
    private Optional<RecordSchema> record(String key) {
        String name = root.text(key).orElse("");
        if (name.isEmpty()
                || name.equals(ANY) && key.equals("from")
                || RecordSchemas.of(name).isPresent()) {
            return RecordSchemas.of(name);
        }
        String path = name.replaceFirst("/", "/records/") + ".schema.json";
        Optional<String> schema = name.contains("/") ? surroundings.file(path) : Optional.empty();
        Yaml at = root.get(key).orElseThrow();
        if (schema.isPresent()) {
            try {
                return Optional.of(RecordSchemas.read(name, schema.get()));
            } catch (Unacceptable e) {
                problems.add(at, "mappings/" + path + " " + e.getMessage());
            }
        } else if (name.contains("/")) {
            problems.add(at, "there is no record \"" + name + "\"; mappings/" + path + " is expected");
        } else {
            problems.add(at, "\"" + key + "\" is \"" + name + "\"; " + Suggest.hint(name, RecordSchemas.names()));
        }
        return Optional.empty();
    }

    private Yaml part(String name) {
        return root.get(name).orElse(root);
    }

    private Map<String, Parameter> parameters(Optional<RecordSchema> from) {
        var parameters = new LinkedHashMap<String, Parameter>();
        root.get("parameters").ifPresent(map -> map.entries().forEach((name, at) -> {
            if (from.filter(r -> r.has(name)).isPresent()) {
                problems.addAtKey(
                        map, name, "parameter \"" + name + "\" has the name of a field of the record; choose another");
            }
            parameters.put(name, parameter(name, at));
        }));
        return parameters;
    }

    private Parameter parameter(String name, Yaml at) {
        var info = new Parameter.Info(
                at.text("type").orElse("string"), at.text("description").orElse(""));
        String given = at.text("default").orElse("");
        Matcher setting = SETTING.matcher(given);
        boolean isSetting = setting.matches();
        if (!isSetting && given.contains("{{")) {
            problems.add(
                    at.get("default").orElse(at),
                    "\"" + given + "\" mixes a setting and text; write the setting alone");
        }
        String inFile = isSetting ? setting.group(2) : given;
        Optional<JsonNode> testValue = typed(name, info.type(), inFile, at);
        Optional<JsonNode> value = isSetting
                ? surroundings
                        .setting(setting.group(1))
                        .flatMap(text -> typed(name, info.type(), text, at))
                        .or(() -> testValue)
                : testValue;
        return new Parameter(name, info, isSetting ? setting.group(1) : "", value, testValue);
    }

    private Optional<JsonNode> typed(String name, String type, String text, Yaml at) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Parameter.typed(type, text));
        } catch (Unacceptable e) {
            problems.add(at.get("default").orElse(at), "the default of parameter \"" + name + "\" " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Those of the file itself, and of included files those it does not have itself. */
    private List<Rule> rules(Scope scope, List<Included> included) {
        Yaml fields = part("fields");
        List<Rule> own = new FieldsReader(scope, surroundings, problems).read(fields);
        var all = new LinkedHashMap<String, Rule>();
        for (Included file : included) {
            for (Rule rule : file.rules()) {
                scope.notATarget(rule.field())
                        .ifPresent(text -> problems.add(file.at(), "of the included fields, " + text));
                all.put(rule.field(), rule);
            }
        }
        own.forEach(rule -> all.keySet().removeIf(field -> field.startsWith(rule.field() + ".")));
        own.forEach(rule -> all.put(rule.field(), rule));
        List<Rule> kept = List.copyOf(all.values());
        var wayBack = new WayBackLint(root.get("reverse").isPresent(), scope, problems);
        wayBack.check(fields, own, kept);
        included.forEach(file -> wayBack.checkIncluded(file, kept));
        scope.to().ifPresent(record -> checkRequired(record, all.keySet()));
        return kept;
    }

    private void checkRequired(RecordSchema record, Set<String> targets) {
        record.fields().forEach((path, field) -> {
            boolean mapped = targets.stream().anyMatch(t -> t.equals(path) || t.startsWith(path + "."));
            if (field.required() && !path.contains(".") && !mapped) {
                problems.add(part("to"), "\"" + path + "\" is never mapped, and every " + record.name() + " has it");
            }
        });
    }

    private List<TestCase> tests(Set<String> parameters) {
        var tests = new ArrayList<TestCase>();
        for (Yaml test : root.get("tests").map(Yaml::items).orElse(List.of())) {
            String name = test.text("name").orElse("");
            long outcomes = List.of("expect", "expect_exactly", "refused").stream()
                    .filter(key -> test.get(key).isPresent())
                    .count();
            if (outcomes != 1 && test.isMap()) {
                problems.add(
                        test,
                        "test \"" + name + "\" needs exactly one of expect:, expect_exactly: and refused:; it has "
                                + (outcomes == 0 ? "none" : outcomes));
            }
            test.get("parameters").ifPresent(given -> given.entries().keySet().stream()
                    .filter(key -> !parameters.contains(key))
                    .forEach(key -> problems.addAtKey(
                            given, key, "\"" + key + "\" is not a parameter; " + Suggest.hint(key, parameters))));
            tests.add(new TestCase(name, test));
        }
        return tests;
    }
}
