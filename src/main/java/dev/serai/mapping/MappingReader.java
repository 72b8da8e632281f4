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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a mapping file: first its shape by the JSON Schema, then what only makes sense as a whole. */
final class MappingReader {
    private static final FileSchema SCHEMA = FileSchema.of("mapping");

    /** Camel's own syntax for a setting, with an optional default after the colon. */
    private static final Pattern SETTING = Pattern.compile("\\{\\{\\s*([A-Za-z0-9_.-]+)\\s*(?::(.*))?}}");

    private final Yaml root;
    private final Function<String, Optional<String>> settings;
    private final Problems problems = new Problems();

    MappingReader(String file, String yaml, Function<String, Optional<String>> settings) {
        this.root = Yaml.read(file, yaml);
        this.settings = settings;
    }

    /** @throws dev.serai.file.FileRefused with every problem */
    Mapping read() {
        SCHEMA.check(root, problems);
        var head = new Mapping.Head(
                root.text("mapping").orElse(""),
                root.text("description").orElse(""),
                root.text("from").orElse("any"),
                root.text("to").flatMap(RecordSchemas::of));
        Map<String, Parameter> parameters = parameters();
        var scope = new Scope(RecordSchemas.of(head.from()), head.to(), parameters, new HashSet<>());
        List<Rule> rules = rules(scope);
        for (String name : parameters.keySet()) {
            if (!scope.used().contains(name)) {
                problems.addAtKey(part("parameters"), name, "parameter \"" + name + "\" is declared but never used");
            }
        }
        List<TestCase> tests = tests(parameters.keySet());
        problems.throwIfAny();
        return new Mapping(head, parameters, rules, tests);
    }

    private Yaml part(String name) {
        return root.get(name).orElse(root);
    }

    private Map<String, Parameter> parameters() {
        var parameters = new LinkedHashMap<String, Parameter>();
        root.get("parameters").ifPresent(map -> map.entries().forEach((name, at) -> {
            if (RecordSchemas.of(root.text("from").orElse(""))
                    .filter(r -> r.has(name))
                    .isPresent()) {
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
                ? settings.apply(setting.group(1))
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

    private List<Rule> rules(Scope scope) {
        var rules = new ArrayList<Rule>();
        var reader = new FieldReader(scope, problems);
        Yaml fields = part("fields");
        Map<String, Yaml> entries = root.get("fields").map(Yaml::entries).orElse(Map.of());
        checkNames(fields, entries.keySet());
        entries.forEach((target, field) -> {
            scope.to()
                    .filter(record -> !record.has(target))
                    .ifPresent(record -> problems.addAtKey(
                            fields,
                            target,
                            "\"" + target + "\" is not a field of " + record.name() + "; "
                                    + Suggest.hint(target, record.fieldNames())));
            reader.read(target, field).ifPresent(rules::add);
        });
        scope.to().ifPresent(record -> checkRequired(record, entries.keySet()));
        return rules;
    }

    /** No field may stand under another, and list places not beside names: the result could not be both. */
    private void checkNames(Yaml fields, Set<String> targets) {
        var kinds = new HashMap<String, Boolean>();
        for (String target : targets) {
            if (target.isBlank() || target.startsWith(".") || target.endsWith(".") || target.contains("..")) {
                problems.addAtKey(
                        fields,
                        target,
                        "\"" + target + "\" is not a path; names with single dots between them are expected");
                continue;
            }
            String[] names = target.split("\\.");
            String above = "";
            for (int i = 0; i < names.length; i++) {
                if (i > 0 && targets.contains(above)) {
                    problems.addAtKey(
                            fields,
                            target,
                            "\"" + target + "\" is under \"" + above + "\", which has a value of its own; keep one");
                }
                boolean position = FieldPath.isPosition(names[i]);
                Boolean before = kinds.putIfAbsent(above, position);
                if (before != null && before != position) {
                    problems.addAtKey(
                            fields,
                            target,
                            "\"" + target + "\" makes \"" + above
                                    + "\" both a list and a map; use only numbers or only names");
                }
                above = above.isEmpty() ? names[i] : above + "." + names[i];
            }
        }
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
