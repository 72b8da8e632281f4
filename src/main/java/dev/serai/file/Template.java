package dev.serai.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
    /** Functions that see bytes, and make text of them; of text its UTF-8. */
    private static final Map<String, Function<byte[], String>> OF_BYTES = Map.of(
            "md5", bytes -> hash("MD5", bytes),
            "sha256", bytes -> hash("SHA-256", bytes),
            "base64url", bytes -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));

    /** Functions a place may use: name to what it does. */
    public static final Map<String, UnaryOperator<String>> FUNCTIONS = functions();

    /** Those after which no quotation mark ends the text it stands in; {@code quoted} only knows apostrophes. */
    private static final Set<String> KEPT_IN_QUOTES = Set.of("escaped", "md5", "sha256", "base64url");

    private static final Pattern PLACE = Pattern.compile("\\{((?:[a-z0-9]+\\()*)([A-Za-z_][\\w.-]*)(\\)*)}");

    private final String source;
    private final List<Part> parts;

    /** @param functions in the order they are applied */
    private record Part(String text, List<String> functions, String name) {
        /** Unless a mark is decoded behind that: {@code last(escaped(x))}. */
        boolean staysIn(char quote) {
            return functions.subList(functions.lastIndexOf("last") + 1, functions.size()).stream()
                    .anyMatch(f -> KEPT_IN_QUOTES.contains(f) || quote == '\'' && f.equals("quoted"));
        }

        String written() {
            String inside = name;
            for (String function : functions) {
                inside = function + "(" + inside + ")";
            }
            return inside;
        }
    }

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

    private static Map<String, UnaryOperator<String>> functions() {
        var functions = new HashMap<String, UnaryOperator<String>>(Map.of(
                "tail", text -> text.indexOf('-') < 0 ? "" : text.substring(text.lastIndexOf('-') + 1),
                "head", text -> text.indexOf('.') < 0 ? text : text.substring(0, text.indexOf('.')),
                "last", Template::last,
                "lower", text -> text.toLowerCase(Locale.ROOT),
                "upper", text -> text.toUpperCase(Locale.ROOT),
                "trim", String::strip,
                "quoted", text -> text.replace("'", "''"),
                "escaped", text -> text.replaceAll("[\\\\'\"]", "\\\\$0")));
        OF_BYTES.forEach(
                (name, function) -> functions.put(name, text -> function.apply(text.getBytes(StandardCharsets.UTF_8))));
        return Map.copyOf(functions);
    }

    /** The id that an address ends with, decoded: of {@code /people/7} and of {@code /people(7)} it is 7. */
    private static String last(String address) {
        if (address.indexOf('/') < 0) {
            return address;
        }
        String path = address.split("[?#]", 2)[0].replaceAll("/+$", "");
        String segment = path.substring(path.lastIndexOf('/') + 1);
        int open = segment.indexOf('(');
        String id = open >= 0 && segment.endsWith(")") ? segment.substring(open + 1, segment.length() - 1) : segment;
        try {
            return URLDecoder.decode(id.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return id;
        }
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
            text.append(encode.apply(apply(part.functions, value)));
        }
        return text.toString();
    }

    private static String apply(List<String> functions, String value) {
        String text = value;
        for (String function : functions) {
            text = FUNCTIONS.get(function).apply(text);
        }
        return text;
    }

    /**
     * As {@link #fill}, but of bytes that need not be text: a place without functions is its bytes, and {@code sha256} is of
     * them. A value may be empty.
     *
     * @param values gives the value of a name, or null when there is none
     * @throws MissingValue when a name has no value
     */
    public byte[] fillBytes(Function<String, byte[]> values) {
        var all = new ByteArrayOutputStream();
        for (Part part : parts) {
            all.writeBytes(part.name == null ? part.text.getBytes(StandardCharsets.UTF_8) : filled(part, values));
        }
        return all.toByteArray();
    }

    private byte[] filled(Part part, Function<String, byte[]> values) {
        byte[] value = values.apply(part.name);
        if (value == null) {
            throw new MissingValue(part.name, source);
        }
        if (part.functions.isEmpty()) {
            return value;
        }
        Function<byte[], String> first = OF_BYTES.getOrDefault(
                part.functions.get(0),
                bytes -> FUNCTIONS.get(part.functions.get(0)).apply(new String(bytes, StandardCharsets.UTF_8)));
        return apply(part.functions.subList(1, part.functions.size()), first.apply(value))
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A function that takes the value of that name for text, which it need not be: the {@code lower} of {@code {lower(body)}}. */
    public Optional<String> textFunctionOf(String name) {
        return parts.stream()
                .filter(part -> name.equals(part.name) && !part.functions.isEmpty())
                .map(part -> part.functions.get(0))
                .filter(function -> !OF_BYTES.containsKey(function))
                .findFirst();
    }

    /**
     * The first place between quotation marks whose value could end them, as in {@code email:'{email}'}: it lacks
     * {@code quoted} or {@code escaped}. A mark behind a letter is taken for an apostrophe, but for one just before a place.
     *
     * @param ours names whose values are the hub's own and hold no such mark
     */
    public Optional<String> looseInQuotes(Set<String> ours) {
        char open = 0;
        char before = ' ';
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.name != null) {
                if (open != 0 && !ours.contains(part.name) && !part.staysIn(open) && closes(open, i + 1)) {
                    return Optional.of(part.written());
                }
                before = 'x';
            }
            for (int at = 0; at < part.text.length(); at++) {
                char c = part.text.charAt(at);
                boolean last = at == part.text.length() - 1 && i < parts.size() - 1;
                if (c == open) {
                    open = 0;
                } else if (open == 0 && (c == '"' || c == '\'' && (last || !Character.isLetterOrDigit(before)))) {
                    open = c;
                }
                before = c;
            }
        }
        return Optional.empty();
    }

    private boolean closes(char quote, int from) {
        return parts.subList(from, parts.size()).stream().anyMatch(part -> part.text.indexOf(quote) >= 0);
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

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
