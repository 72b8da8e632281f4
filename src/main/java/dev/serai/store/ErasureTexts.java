package dev.serai.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The texts by which a person may stand somewhere: what was typed, addresses, phone numbers. What stands behind the colon of
 * {@code contact:250000} is none of them: alone it may be anything.
 */
final class ErasureTexts {
    static final String GONE = "(forgotten)";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Shorter ones stand in too many other texts by chance. */
    private static final int SHORTEST = 6;

    private static final int SHORTEST_NUMBER = 8;
    private static final Pattern ID = Pattern.compile("id:([a-z0-9]+):(.+)", Pattern.DOTALL);

    private final Set<String> forms;
    private final Set<String> texts = new TreeSet<>();

    /** @param subject what recognises the person, as it was typed @param forms {@code email:…}, {@code phone:…}, {@code id:…} */
    ErasureTexts(List<String> subject, Set<String> forms) {
        this.forms = forms;
        subject.forEach(typed -> texts.add(typed.strip()));
        forms.stream()
                .filter(form -> !form.startsWith("id:"))
                .forEach(form -> texts.add(form.substring(form.indexOf(':') + 1)));
    }

    Set<String> forms() {
        return forms;
    }

    /** Addresses, numbers, and what was typed. */
    Set<String> values() {
        return texts;
    }

    /** {@code contact 250000} of {@code id:contact:250000}. */
    List<String[]> ids() {
        return forms.stream()
                .map(ID::matcher)
                .filter(Matcher::matches)
                .map(id -> new String[] {id.group(1), id.group(2)})
                .toList();
    }

    /** A regular expression of PostgreSQL, without case; empty when nothing is long enough to be told from other texts. */
    String pattern() {
        return pattern("[[:alnum:]_@]", "[[:alnum:]_]");
    }

    private String pattern(String before, String after) {
        Set<String> written = new TreeSet<>();
        for (String text : texts) {
            if (text.length() >= (text.matches("\\d+") ? SHORTEST_NUMBER : SHORTEST)) {
                written.add(text);
                written.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
            }
        }
        // 4930901820 is neither in 4930901820.5 nor in 1,4930901820
        return written.isEmpty()
                ? ""
                : written.stream()
                        .map(text -> text.replaceAll("[^\\p{L}\\p{N}]", "\\\\$0"))
                        .collect(Collectors.joining(
                                "|", "(?<!" + before + "|[0-9][.,])(?:", ")(?!" + after + "|[.,][0-9])"));
    }

    /** A text of which nothing of the person is left. */
    String without(String text) {
        String pattern = pattern("[\\p{L}\\p{N}_@]", "[\\p{L}\\p{N}_]");
        return pattern.isEmpty()
                ? text
                : Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                        .matcher(text)
                        .replaceAll(GONE);
    }

    /** The same of JSON: in its texts and the names of its fields, never in its numbers. What is no JSON is a text. */
    String withoutInJson(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json == null ? text : clean(json).toString();
        } catch (JsonProcessingException e) {
            return without(text);
        }
    }

    private JsonNode clean(JsonNode json) {
        if (json.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            json.properties().forEach(field -> object.set(without(field.getKey()), clean(field.getValue())));
            return object;
        }
        if (json.isArray()) {
            var list = JsonNodeFactory.instance.arrayNode(json.size());
            json.forEach(item -> list.add(clean(item)));
            return list;
        }
        return json.isTextual() ? TextNode.valueOf(without(json.textValue())) : json;
    }

    /** What somebody wrote, without what was typed of the person. */
    static String without(Collection<String> subject, String text) {
        String clean = text;
        for (String typed : subject) {
            if (typed.strip().length() >= SHORTEST) {
                clean = Pattern.compile(Pattern.quote(typed.strip()), Pattern.CASE_INSENSITIVE)
                        .matcher(clean)
                        .replaceAll(Matcher.quoteReplacement(GONE));
            }
        }
        return clean;
    }
}
