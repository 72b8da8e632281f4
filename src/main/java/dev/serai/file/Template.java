package dev.serai.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Text with places to fill in: {@code /lists/{list}/members/{md5(email_address)}}. A place is a name, a dotted path
 * ({@code data.object.id}) or functions of one ({@code md5(lower(email))}). The only functions are those of {@link #FUNCTIONS}, so a template can
 * compute nothing else. {@code {{...}}} never reaches this class: {@link Text} takes the settings out first.
 */
public final class Template {
    /** Functions a place may use: name to what it does. */
    public static final Map<String, UnaryOperator<String>> FUNCTIONS = Map.of(
            "md5", text -> hash("MD5", text),
            "sha256", text -> hash("SHA-256", text),
            "tail", text -> text.indexOf('-') < 0 ? "" : text.substring(text.lastIndexOf('-') + 1),
            "head", text -> text.indexOf('.') < 0 ? text : text.substring(0, text.indexOf('.')),
            "lower", text -> text.toLowerCase(Locale.ROOT),
            "upper", text -> text.toUpperCase(Locale.ROOT),
            "base64url",
                    text -> Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(text.getBytes(StandardCharsets.UTF_8)),
            "trim", String::strip);

    private static final Pattern PLACE = Pattern.compile("\\{((?:[a-z0-9]+\\()*)([A-Za-z_][\\w.-]*)(\\)*)}");

    private final String source;
    private final List<Part> parts;

    /** @param functions in the order they are applied */
    private record Part(String text, List<String> functions, String name) {}

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = parts;
    }

    /** @throws IllegalArgumentException naming the unknown function or the brace that is not closed */
    public static Template of(String source) {
        var parts = new ArrayList<Part>();
        var found = PLACE.matcher(source);
        int from = 0;
        while (found.find()) {
            parts.add(literal(source, from, found.start()));
            parts.add(new Part("", functions(found), found.group(2)));
            from = found.end();
        }
        parts.add(literal(source, from, source.length()));
        return new Template(source, List.copyOf(parts));
    }

    private static List<String> functions(MatchResult place) {
        var functions = new ArrayList<String>();
        for (String function : place.group(1).split("\\(")) {
            if (!function.isEmpty()) {
                requireFunction(function);
                functions.add(0, function);
            }
        }
        if (functions.size() != place.group(3).length()) {
            throw new IllegalArgumentException("\"" + place.group() + "\" opens and closes a different number of"
                    + " parentheses; write {name} or {function(name)}");
        }
        return functions;
    }

    /** @throws IllegalArgumentException naming the functions there are */
    public static void requireFunction(String name) {
        if (!FUNCTIONS.containsKey(name)) {
            throw new IllegalArgumentException("\"" + name + "\" is not a function; known: "
                    + String.join(", ", new TreeSet<>(FUNCTIONS.keySet())));
        }
    }

    private static Part literal(String source, int from, int to) {
        String text = source.substring(from, to);
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has a brace that belongs to no place; write {name} or {function(name)}");
        }
        return new Part(text, List.of(), null);
    }

    /** The names the places ask for. */
    public Set<String> names() {
        var names = new TreeSet<String>();
        parts.stream().filter(p -> p.name != null).forEach(p -> names.add(p.name));
        return names;
    }

    /**
     * Fills in every place.
     *
     * @param values gives the value of a name, or null when there is none
     * @param encode applied to each filled-in value, not to the text between
     * @throws MissingValue when a name has no value or an empty one
     */
    public String fill(Function<String, String> values, UnaryOperator<String> encode) {
        var text = new StringBuilder();
        for (Part part : parts) {
            if (part.name == null) {
                text.append(part.text);
                continue;
            }
            String value = values.apply(part.name);
            if (value == null || value.isEmpty()) {
                throw new MissingValue(part.name, source);
            }
            for (String function : part.functions) {
                value = FUNCTIONS.get(function).apply(value);
            }
            text.append(encode.apply(value));
        }
        return text.toString();
    }

    /** Fills in every place as it is. @throws MissingValue when a name has no value */
    public String fill(Function<String, String> values) {
        return fill(values, UnaryOperator.identity());
    }

    /** Looks dotted paths up in JSON: {@code data.object.id}, {@code items.0.sku}; null when nothing scalar is there. */
    public static Function<String, String> in(JsonNode json) {
        return path -> {
            JsonNode at = json.path(path);
            if (at.isMissingNode()) {
                at = json;
                for (String name : path.split("\\.")) {
                    at = at.isArray() && name.chars().allMatch(Character::isDigit)
                            ? at.path(Integer.parseInt(name))
                            : at.path(name);
                }
            }
            return at.isValueNode() && !at.isNull() ? at.asText() : null;
        };
    }

    @Override
    public String toString() {
        return source;
    }

    /** A place of a template has no value. */
    public static final class MissingValue extends RuntimeException {
        private final String name;

        MissingValue(String name, String template) {
            super("\"" + name + "\" has no value; \"" + template + "\" needs it", null, false, false);
            this.name = name;
        }

        public String name() {
            return name;
        }
    }

    private static String hash(String algorithm, String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
