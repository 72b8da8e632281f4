package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.schibsted.spt.data.jslt.Function;
import com.schibsted.spt.data.jslt.JsltException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Functions of JSLT done again: regular expressions run in linear time (RE2), results have a largest size, letter case
 * does not depend on the machine's language. Same names, same arguments, same answers otherwise.
 */
final class ExprFunctions {
    /** Functions whose second argument is a regular expression. */
    static final List<String> WITH_PATTERN = List.of("test", "capture", "split", "replace");

    static final List<Function> ALL = List.of(
            new Own(
                    "test",
                    2,
                    a -> a[0].isNull()
                            ? BooleanNode.FALSE
                            : BooleanNode.valueOf(
                                    pattern(a[1]).matcher(text(a[0])).find())),
            new Own("capture", 2, a -> a[0].isNull() ? a[0] : capture(text(a[0]), pattern(a[1]))),
            new Own("split", 2, a -> a[0].isNull() ? a[0] : list(pattern(a[1]).split(text(a[0])))),
            new Own("replace", 3, a -> a[0].isNull() ? a[0] : replace(text(a[0]), pattern(a[1]), text(a[2]))),
            new Own("join", 2, a -> a[0].isNull() ? a[0] : join(a[0], text(a[1]))),
            new Own(
                    "lowercase",
                    1,
                    a -> a[0].isNull() ? a[0] : TextNode.valueOf(text(a[0]).toLowerCase(Locale.ROOT))),
            new Own(
                    "uppercase",
                    1,
                    a -> a[0].isNull() ? a[0] : TextNode.valueOf(text(a[0]).toUpperCase(Locale.ROOT))),
            new Own("multiply", 2, a -> a[0].isNull() || a[1].isNull() ? NullNode.instance : multiply(a[0], a[1])),
            new Own("error", 1, a -> {
                throw new SaidByAuthor(text(a[0]));
            }));

    /** Characters of one result; ten times the largest event, so only a runaway meets it. */
    private static final int MOST_CHARACTERS = 10_000_000;

    /** The patterns stand in the files, so there are few. */
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

    private ExprFunctions() {}

    /** What the author of a mapping says through {@code error("…")}. */
    static final class SaidByAuthor extends JsltException {
        SaidByAuthor(String message) {
            super(message);
        }
    }

    private interface Body {
        JsonNode of(JsonNode[] arguments);
    }

    private record Own(String name, int arguments, Body body) implements Function {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public int getMinArguments() {
            return arguments;
        }

        @Override
        public int getMaxArguments() {
            return arguments;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] given) {
            return body.of(given);
        }
    }

    private static Pattern pattern(JsonNode source) {
        return PATTERNS.computeIfAbsent(source.asText(), Pattern::compile);
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static JsonNode capture(String text, Pattern pattern) {
        var groups = JsonNodeFactory.instance.objectNode();
        Matcher found = pattern.matcher(text);
        if (found.find()) {
            for (String name : pattern.namedGroups().keySet()) {
                String group = found.group(name);
                if (group != null) {
                    groups.put(name, group);
                }
            }
        }
        return groups;
    }

    private static JsonNode list(String[] texts) {
        var list = JsonNodeFactory.instance.arrayNode(texts.length);
        for (String text : texts) {
            list.add(text);
        }
        return list;
    }

    private static JsonNode replace(String text, Pattern pattern, String by) {
        var result = new StringBuilder();
        Matcher found = pattern.matcher(text);
        int from = 0;
        while (found.find()) {
            if (found.start() == found.end()) {
                throw new JsltException("replace() matched empty text");
            }
            result.append(text, from, found.start()).append(by);
            from = found.end();
            limit(result);
        }
        return TextNode.valueOf(result.append(text, from, text.length()).toString());
    }

    private static JsonNode join(JsonNode items, String separator) {
        if (!items.isArray()) {
            throw new JsltException("join() needs a list");
        }
        var result = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            result.append(i > 0 ? separator : "").append(text(items.get(i)));
            limit(result);
        }
        return TextNode.valueOf(result.toString());
    }

    private static void limit(StringBuilder result) {
        if (result.length() > MOST_CHARACTERS) {
            throw new JsltException("the text is longer than " + MOST_CHARACTERS + " characters");
        }
    }

    private static JsonNode multiply(JsonNode a, JsonNode b) {
        if (!a.isNumber() || !b.isNumber()) {
            throw new JsltException("multiply() needs numbers");
        }
        if (a.isIntegralNumber() && b.isIntegralNumber() && a.canConvertToLong() && b.canConvertToLong()) {
            return JsonNodeFactory.instance.numberNode(Math.multiplyExact(a.longValue(), b.longValue()));
        }
        return JsonNodeFactory.instance.numberNode(a.decimalValue().multiply(b.decimalValue()));
    }
}
