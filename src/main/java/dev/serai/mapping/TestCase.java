package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.file.Problems;
import dev.serai.file.Yaml;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A test in a mapping file: {@code given} a record, {@code expect} these fields or be {@code refused}. */
record TestCase(String name, Yaml at) {

    /** The mapping under test, its parameters as the file has them. */
    interface Tried {
        JsonNode apply(JsonNode in, Map<String, String> parameters);

        /** A sentence for each field that is another after there and back. */
        List<String> differences(JsonNode result, Map<String, String> parameters);
    }

    TestResult run(Tried mapping) {
        var problems = new Problems();
        JsonNode record = at.get("given").orElseThrow().json();
        Optional<Yaml> refusal = at.get("refused");
        try {
            JsonNode result = mapping.apply(record, parameters());
            if (refusal.isPresent()) {
                problems.add(refusal.get(), test() + "gives a result, expected a refusal");
            } else {
                var compare = new Compare(problems);
                at.get("expect").ifPresent(expected -> compare.contains(expected, result, ""));
                at.get("expect_exactly").ifPresent(expected -> {
                    compare.contains(expected, result, "");
                    compare.nothingElse(expected, result, "");
                });
                mapping.differences(result, parameters()).forEach(difference -> problems.add(at, test() + difference));
            }
        } catch (Refused e) {
            List<String> said =
                    e.problems().stream().map(FieldProblem::toString).toList();
            if (refusal.isEmpty()) {
                problems.add(at, test() + "refused, expected a result: " + String.join("; ", said));
            } else if (!said.equals(texts(refusal.get()))) {
                problems.add(
                        refusal.get(),
                        test() + "refused with \"" + String.join("\", \"", said) + "\", expected \""
                                + String.join("\", \"", texts(refusal.get())) + "\"");
            }
        }
        return new TestResult(name, problems.all());
    }

    /** What the mapping makes of it today: a result, or every sentence of a refusal. */
    record Today(Optional<JsonNode> result, List<String> refused) {}

    Today today(Tried mapping) {
        try {
            return new Today(
                    Optional.of(mapping.apply(at.get("given").orElseThrow().json(), parameters())), List.of());
        } catch (Refused e) {
            return new Today(
                    Optional.empty(),
                    e.problems().stream().map(FieldProblem::toString).toList());
        }
    }

    private String test() {
        return "test \"" + name + "\": ";
    }

    private Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        at.get("parameters").ifPresent(map -> map.entries().forEach((key, value) -> parameters.put(key, value.text())));
        return parameters;
    }

    private static List<String> texts(Yaml refused) {
        return refused.isList() ? refused.items().stream().map(Yaml::text).toList() : List.of(refused.text());
    }

    /** Notes each difference at the place where the file says what was expected. */
    private final class Compare {
        private final Problems problems;

        Compare(Problems problems) {
            this.problems = problems;
        }

        void contains(Yaml expected, JsonNode actual, String path) {
            if (expected.isMap() && actual.isObject()) {
                expected.entries().forEach((name, value) -> {
                    JsonNode found = actual.get(name);
                    if (found == null) {
                        problems.addAtKey(
                                expected, name, test() + join(path, name) + " is left out, expected " + value.json());
                    } else {
                        contains(value, found, join(path, name));
                    }
                });
            } else if (expected.isList() && actual.isArray() && expected.items().size() == actual.size()) {
                for (int i = 0; i < actual.size(); i++) {
                    contains(expected.items().get(i), actual.get(i), join(path, String.valueOf(i)));
                }
            } else if (!Same.value(expected.json(), actual)) {
                String what = path.isEmpty() ? "the result" : path;
                problems.add(expected, test() + what + " is " + actual + ", expected " + expected.json());
            }
        }

        void nothingElse(Yaml expected, JsonNode actual, String path) {
            if (expected.isList()) {
                for (int i = 0; i < Math.min(expected.items().size(), actual.size()); i++) {
                    nothingElse(expected.items().get(i), actual.get(i), join(path, String.valueOf(i)));
                }
            }
            if (expected.isMap()) {
                actual.properties().forEach(entry -> {
                    String field = join(path, entry.getKey());
                    expected.get(entry.getKey())
                            .ifPresentOrElse(
                                    value -> nothingElse(value, entry.getValue(), field),
                                    () -> problems.add(
                                            expected,
                                            test() + field + " is " + entry.getValue() + ", expected no such field"));
                });
            }
        }

        private static String join(String path, String name) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }
}
