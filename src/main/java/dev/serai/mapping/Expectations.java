package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.file.Yaml;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Rewrites what the tests of a mapping file expect, touching nothing that is as it should be. */
final class Expectations {
    private final String yaml;
    private final List<Edit> edits = new ArrayList<>();

    /** @param from in code points, as the parser counts them */
    private record Edit(int from, int to, String text) {}

    Expectations(String yaml) {
        this.yaml = yaml;
    }

    void update(TestCase test, TestCase.Today today) {
        today.result().ifPresent(result -> {
            test.at().get("expect").ifPresent(expected -> update(expected, result, false));
            test.at().get("expect_exactly").ifPresent(expected -> update(expected, result, true));
        });
        test.at()
                .get("refused")
                .filter(expected -> today.result().isEmpty())
                .ifPresent(expected -> update(expected, refusal(today.refused()), true));
    }

    private static JsonNode refusal(List<String> sentences) {
        var list = JsonNodeFactory.instance.arrayNode();
        sentences.forEach(list::add);
        return list.size() == 1 ? list.get(0) : list;
    }

    String text() {
        var text = new StringBuilder(yaml);
        edits.stream()
                .sorted(Comparator.comparingInt(Edit::from).reversed())
                .forEach(edit -> text.replace(at(edit.from), at(edit.to), edit.text));
        return text.toString();
    }

    private int at(int codePoints) {
        return yaml.offsetByCodePoints(0, codePoints);
    }

    private void update(Yaml expected, JsonNode actual, boolean exactly) {
        if (expected.isMap() && actual.isObject() && keepsAny(expected, actual)) {
            fields(expected, actual, exactly);
        } else if (expected.isList() && actual.isArray() && expected.items().size() == actual.size()) {
            for (int i = 0; i < actual.size(); i++) {
                update(expected.items().get(i), actual.get(i), exactly);
            }
        } else if (!Same.value(expected.json(), actual)) {
            var span = expected.span();
            edits.add(new Edit(span.from(), span.to(), FlowText.of(actual)));
        }
    }

    /** A map of which nothing stays is written anew. */
    private static boolean keepsAny(Yaml expected, JsonNode actual) {
        return expected.entries().keySet().stream().anyMatch(actual::has);
    }

    private void fields(Yaml expected, JsonNode actual, boolean exactly) {
        List<String> names = List.copyOf(expected.entries().keySet());
        String last = names.stream().filter(actual::has).reduce((a, b) -> b).orElseThrow();
        for (Map.Entry<String, Yaml> field : expected.entries().entrySet()) {
            if (actual.has(field.getKey())) {
                update(field.getValue(), actual.get(field.getKey()), exactly);
            } else {
                remove(expected, names, field.getKey());
            }
        }
        if (exactly) {
            actual.properties().stream()
                    .filter(field -> !names.contains(field.getKey()))
                    .forEach(field ->
                            insert(expected, last, FlowText.of(field.getKey()) + ": " + FlowText.of(field.getValue())));
        }
    }

    private void remove(Yaml map, List<String> names, String name) {
        int from = map.keySpan(name).orElseThrow().from();
        int to = map.get(name).orElseThrow().span().to();
        int index = names.indexOf(name);
        if (!map.isFlow() && map.place().line() != map.keyPlace(name).line()) {
            edits.add(new Edit(lineStart(from), lineEnd(to), ""));
        } else if (index < names.size() - 1) {
            edits.add(new Edit(
                    from, map.keySpan(names.get(index + 1)).orElseThrow().from(), ""));
        } else {
            edits.add(
                    new Edit(map.get(names.get(index - 1)).orElseThrow().span().to(), to, ""));
        }
    }

    private void insert(Yaml map, String after, String entry) {
        int end = map.get(after).orElseThrow().span().to();
        String indent = " ".repeat(map.place().column() - 1);
        int to = map.isFlow() ? end : lineEnd(end) - 1;
        edits.add(new Edit(to, to, map.isFlow() ? ", " + entry : "\n" + indent + entry));
    }

    /** The code point at which the line of that code point begins. */
    private int lineStart(int codePoint) {
        int offset = yaml.lastIndexOf('\n', at(codePoint) - 1) + 1;
        return yaml.codePointCount(0, offset);
    }

    /** The code point after the end of the line of that code point. */
    private int lineEnd(int codePoint) {
        int offset = yaml.indexOf('\n', at(codePoint));
        return offset < 0 ? yaml.codePointCount(0, yaml.length()) + 1 : yaml.codePointCount(0, offset + 1);
    }
}
