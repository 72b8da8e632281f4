package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values as they may appear in a message or a log. */
public final class Masks {
    /** Enough to recognise a value, too little to be a payload. */
    private static final int MOST = 40;

    private Masks() {}

    /**
     * A personal value with all but its first characters hidden: {@code a***@e***} for an e-mail address, {@code A***}
     * for other text, {@code ***} for the rest.
     */
    public static String personal(JsonNode value) {
        if (!value.isTextual()) {
            return "***";
        }
        String text = value.textValue().strip();
        int at = text.indexOf('@');
        if (at > 0 && at < text.length() - 1) {
            return first(text) + "***@" + first(text.substring(at + 1)) + "***";
        }
        return text.length() < 3 ? "***" : first(text) + "***";
    }

    /** A value that is not personal: shortened, line breaks and other control characters replaced. */
    public static String plain(JsonNode value) {
        String text = value.isTextual() ? value.textValue() : value.isContainerNode() ? "***" : value.asText();
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= MOST ? line : line.substring(0, MOST) + "…";
    }

    private static final Pattern ADDRESS = Pattern.compile("[\\pL\\pN.!#$%*+^_~-]+@[\\pL\\pN-]+(?:\\.[\\pL\\pN-]+)+");
    private static final Pattern PHONE = Pattern.compile("\\+\\d[\\d ().-]{5,20}\\d");
    private static final Pattern IBAN =
            Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\\b");
    private static final Pattern CARD = Pattern.compile("\\b[3-6]\\d{3}(?:[ -]?\\d{4}){2}[ -]?\\d{3,4}\\b");

    private static final String ALONE = "(?<![\\pL\\pN_.:/+=#-])(?:%s)(?![\\pL\\pN_]|[-.:/][\\pL\\pN])";
    /** As it is dialled from abroad, at home (030 901820, 0171/1234567, 01711234567) and in North America (415-555-2671). */
    private static final Pattern DIALLED = Pattern.compile(ALONE.formatted("00[1-9](?:[ ()./-]{0,2}\\d){9,14}"
            + "|(?:\\(0[1-9]\\d{0,4}\\)|0[1-9]\\d{0,4})(?:[ /-]{1,3}\\d{2,8}){1,5}|0[1-9]\\d{8,10}"
            + "|(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2}[-. ])[2-9]\\d{2}[-. ]\\d{4}"));

    /** 05/11/2026 is a day. */
    private static final Pattern DAY = Pattern.compile("\\d{1,2}([/-])\\d{1,2}\\1(?:\\d{4}|\\d{2})(?:\\D.*)?");

    private static final int SHORTEST_PHONE = 8;

    /** Text that people or remotes wrote: addresses, phone numbers, bank accounts and card numbers in it are hidden. */
    public static String inText(String text) {
        String masked = text;
        if (mayBeAddress(text)) {
            masked = hidden(masked, ADDRESS, found -> true);
        }
        if (text.indexOf('+') >= 0) {
            masked = hidden(masked, PHONE, found -> true);
        }
        masked = accounts(masked);
        return Digits.mayBeDialled(masked) ? hidden(masked, DIALLED, Masks::isPhone) : masked;
    }

    /** Not the at of a field's name, with which each line of the log begins. */
    private static boolean mayBeAddress(String text) {
        for (int at = text.indexOf('@', 1); at > 0; at = text.indexOf('@', at + 1)) {
            if (text.charAt(at - 1) != '"') {
                return true;
            }
        }
        return false;
    }

    /** Bank accounts and card numbers alone are hidden. */
    static String accounts(String text) {
        String masked = Digits.mayBeIban(text) ? hidden(text, IBAN, Masks::isIban) : text;
        return Digits.mayBeCard(masked) ? hidden(masked, CARD, Masks::isCard) : masked;
    }

    private static boolean isPhone(String text) {
        return text.replaceAll("\\D", "").length() >= SHORTEST_PHONE
                && !DAY.matcher(text).matches();
    }

    /** Shorter ones stand in any sentence. */
    private static final int SHORTEST_VALUE = 3;

    private static final int MOST_VALUES = 1_000;
    private static final Pattern NAME = Pattern.compile("\\p{Lu}[\\pL'’-]{2,}");

    /**
     * What a payload tells of people, and the names in it one by one: to be hidden where a vendor repeats them.
     *
     * @param personal as for {@link #payload}; where nobody says, what the name of a field gives away
     */
    public static Set<String> people(JsonNode json, Function<String, Optional<Boolean>> personal) {
        var people = new TreeSet<String>(
                Comparator.comparingInt(String::length).reversed().thenComparing(text -> text));
        people("", json, personal, people);
        return people;
    }

    private static void people(
            String path, JsonNode json, Function<String, Optional<Boolean>> personal, Set<String> people) {
        if (json.isObject()) {
            json.properties()
                    .forEach(field -> people(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                            field.getValue(),
                            personal,
                            people));
        } else if (json.isArray()) {
            json.forEach(item -> people(path.isEmpty() ? "*" : path + ".*", item, personal, people));
        } else if (!json.isNull() && !json.isBoolean() && people.size() < MOST_VALUES) {
            String text = json.asText().strip();
            if (text.length() >= SHORTEST_VALUE && personal.apply(path).orElseGet(() -> isTelling(path))) {
                people.add(text);
                NAME.matcher(text).results().limit(4).forEach(name -> people.add(name.group()));
            }
        }
    }

    /** A text without them, as whole words. @param people as {@link #people} tells them */
    public static String without(String text, Set<String> people) {
        String masked = text;
        for (String each : people) {
            if (masked.toLowerCase(Locale.ROOT).contains(each.toLowerCase(Locale.ROOT))) {
                var word = "(?<![\\pL\\pN])" + Pattern.quote(each) + "(?![\\pL\\pN])";
                var shape = Pattern.compile(word, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
                masked = hidden(masked, shape, found -> true);
            }
        }
        return masked;
    }

    private static String hidden(String text, Pattern shape, Predicate<String> surely) {
        Matcher matcher = shape.matcher(text);
        var masked = new StringBuilder();
        int end = 0;
        while (matcher.find()) {
            String found = matcher.group();
            masked.append(text, end, matcher.start());
            masked.append(surely.test(found) ? personal(TextNode.valueOf(found)) : found);
            end = matcher.end();
        }
        return end == 0 ? text : masked.append(text.substring(end)).toString();
    }

    /** The check digits of ISO 13616. */
    private static boolean isIban(String text) {
        String plain = text.replace(" ", "");
        String turned = plain.substring(4) + plain.substring(0, 4);
        int rest = 0;
        for (char c : turned.toCharArray()) {
            int value = Character.digit(c, 36);
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }
        return rest == 1;
    }

    /** The check digit of ISO/IEC 7812 (Luhn). */
    private static boolean isCard(String text) {
        String digits = text.replaceAll("\\D", "");
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    /**
     * Words that programs choose: past_due, crm:lead, EUR, TIER_2. People's names have no underscores; log-ins have dots and
     * hyphens, and a single word in small letters, or in many capitals, may be anybody.
     */
    private static final Pattern WORD =
            Pattern.compile("[a-z][a-z0-9]*(?:[_:][a-z0-9]+)+|[A-Z]{1,4}|[A-Z][A-Z0-9]*(?:[_:][A-Z0-9]+)+");

    private static final int LONGEST_WORD = 30;
    private static final int LARGEST_NUMBER = 9_999;

    /** Parts of names whose values are nobody else's business, however plain they look. */
    private static final Pattern TELLING =
            Pattern.compile("name|mail|phone|mobile|street|address|city|zip|postal|birth|"
                    + "iban|card|passw|secret|token|key|\\bip\\b|gender|salary|health|religio");

    /** A time, or a day: says when, and of nobody. */
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(?:T[\\d:.]+(?:Z|[+-]\\d{2}:?\\d{2})?)?");

    /**
     * A payload as somebody may see it who is not to see people.
     *
     * @param personal by dotted path, list positions as {@code *}: whether a mapping or a schema says that it tells of a person;
     *     where nobody says, all counts as personal that is no word of a program, small number or time
     */
    public static JsonNode payload(JsonNode json, Function<String, Optional<Boolean>> personal) {
        return payload("", json, personal);
    }

    private static JsonNode payload(String path, JsonNode json, Function<String, Optional<Boolean>> personal) {
        if (json.isObject()) {
            var masked = JsonNodeFactory.instance.objectNode();
            json.properties()
                    .forEach(field -> masked.set(
                            inText(field.getKey()),
                            payload(
                                    path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                                    field.getValue(),
                                    personal)));
            return masked;
        }
        if (json.isArray()) {
            var masked = JsonNodeFactory.instance.arrayNode();
            json.forEach(item -> masked.add(payload(path.isEmpty() ? "*" : path + ".*", item, personal)));
            return masked;
        }
        if (json.isNull() || json.isBoolean()) {
            return json;
        }
        boolean hide = personal.apply(path).orElseGet(() -> !isPlain(path, json));
        return hide
                ? TextNode.valueOf(personal(json))
                : json.isTextual() ? TextNode.valueOf(inText(json.textValue())) : json;
    }

    static boolean isTelling(String path) {
        return TELLING.matcher(path.toLowerCase(Locale.ROOT)).find();
    }

    /** Where nobody says what a field holds: whether its value is a word of a program, a small number or a time. */
    static boolean isPlain(String path, JsonNode value) {
        if (isTelling(path)) {
            return false;
        }
        String text = value.asText();
        return value.isNumber()
                ? Math.abs(value.asDouble()) <= LARGEST_NUMBER
                : text.isEmpty()
                        || TIME.matcher(text).matches()
                        || text.length() <= LONGEST_WORD && WORD.matcher(text).matches();
    }

    private static String first(String text) {
        return text.substring(0, text.offsetByCodePoints(0, 1));
    }
}
