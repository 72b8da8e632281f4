package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Other people in place of those in payloads: the same word always becomes the same one, of the same form, whatever stands around
 * it, so that trimming, splitting and changing case come to the same before and after. An address stays one, at example.com, and a
 * phone number keeps all but its last four digits.
 */
public final class Pseudonyms {
    private static final int PHONE_TAIL = 4;
    private static final int SHORTEST_WORD = 3;
    private static final int SHORTEST_NUMBER = 5;
    private static final int LARGEST_NUMBER = 9_999;

    private static final Pattern RUN = Pattern.compile("\\pL+|\\d+");
    private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern PHONE = Pattern.compile("\\s*\\+?[\\d(][\\d\\s()./-]{6,22}");
    private static final Pattern DAY = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})(.*)", Pattern.DOTALL);
    private static final Pattern WEB = Pattern.compile("(https?://)(.*)", Pattern.DOTALL);
    /** What files write into requests: subscribed, contact-form, v3, email,first_name. */
    private static final Pattern CONSTANT =
            Pattern.compile("[a-z][a-z_.-]{0,29}\\d{0,2}(?:,[a-z][a-z_.-]{0,29}\\d{0,2})*");
    /** Where remotes call a kind of failure by a name of their own. */
    private static final Pattern KIND = Pattern.compile("(?:.*\\.)?(?:title|type|code|error|category|status)");

    private static final Pattern COUNTRY = Pattern.compile("(?:.*\\.)?\\w*country\\w*", Pattern.CASE_INSENSITIVE);

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern LONG_NUMBER = Pattern.compile("\\d{" + SHORTEST_NUMBER + ",}");

    private final byte[] salt;
    /** What was replaced so far, in small letters: replaced wherever else it stands. */
    private final Set<String> known = new HashSet<>();
    /** Words of files and programs, in small letters: they tell of nobody. */
    private final Set<String> spoken = new HashSet<>();

    /** @param salt chance: without it nobody finds the names again by trying */
    public Pseudonyms(byte[] salt) {
        this.salt = salt.clone();
    }

    /** The words of this name, of a flow or an operation, tell of nobody wherever they stand. */
    public void speaks(String name) {
        spoken.addAll(runs(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * A payload without the people in it.
     *
     * @param personal by dotted path, list positions as {@code *}: whether a value is to be replaced
     * @param strict whether where nobody says so all is replaced that is no word of a program, small number or time
     */
    public JsonNode of(JsonNode json, Function<String, Optional<Boolean>> personal, boolean strict) {
        BiPredicate<String, JsonNode> replace = (path, value) -> !isCountry(path, value)
                && (personal.apply(path).orElseGet(() -> strict && !Masks.isPlain(path, value))
                        || Masks.isTelling(path)
                        || value.isTextual() && isMasked(value.textValue()));
        learn("", json, replace);
        return new Walk(replace, new HashSet<>()).of("", "", json, this::withoutKnown);
    }

    /**
     * What was sent, where files put words of their own between those of people.
     *
     * @param masked is told the places, as {@link Likeness} names them
     */
    public JsonNode sent(JsonNode json, Set<String> masked) {
        BiPredicate<String, JsonNode> replace = (path, value) -> Masks.isTelling(path) && !isSmall(value)
                || value.isTextual() && (isMasked(value.textValue()) || tells(value.textValue()))
                || !Masks.isPlain("", value)
                        && !(value.isTextual()
                                && CONSTANT.matcher(value.textValue()).matches());
        return new Walk(replace, masked).of("", "", json, text -> text);
    }

    /** What was answered with a refusal: words of programs and of sentences stay, so that people can read what was wrong. */
    public JsonNode refusal(JsonNode json) {
        BiPredicate<String, JsonNode> replace =
                (path, value) -> value.isTextual() ? tells(value.textValue()) && single(value) : !isSmall(value);
        kinds("", json);
        return new Walk(replace, new HashSet<>()).of("", "", json, this::sentence);
    }

    /** A sentence that people or remotes wrote, without the people in it. */
    public String sentence(String text) {
        var told = new StringBuilder();
        boolean begins = true;
        for (String word : text.split("(?<=\\s)|(?=\\s)")) {
            String bare = word.replaceAll("[.,;:!?)\"']+$", "");
            told.append(isSpoken(word, begins) ? word : same(bare) + word.substring(bare.length()));
            begins = word.isBlank() ? begins : word.matches(".*[.:!?]\"?");
        }
        return told.toString();
    }

    private boolean isSpoken(String word, boolean begins) {
        boolean name = !begins
                && !spoken.containsAll(runs(word.toLowerCase(Locale.ROOT)))
                && word.matches("\\P{L}*\\p{Lu}\\P{Lu}*\\p{Ll}.*");
        boolean foreign = word.codePoints().anyMatch(c -> c > 0x24F && Character.isLetter(c));
        return !name && !foreign && !isMasked(word) && !tells(word);
    }

    /** What stands behind the colon of {@code contact:7001}. */
    public String id(String id) {
        boolean small = NUMBER.matcher(id).matches() && id.length() < SHORTEST_NUMBER;
        return small ? id : same(id);
    }

    private void kinds(String path, JsonNode json) {
        json.properties().forEach(field -> kinds(Walk.below(path, field.getKey()), field.getValue()));
        if (json.isArray()) {
            json.forEach(item -> kinds(path, item));
        } else if (json.isTextual()
                && KIND.matcher(path).matches()
                && !isMasked(json.textValue())
                && !tells(json.textValue())) {
            speaks(json.textValue());
        }
    }

    /** Flows go by it, and it is shared by millions. */
    private static boolean isCountry(String path, JsonNode value) {
        return value.isTextual()
                && COUNTRY.matcher(path).matches()
                && Countries.code(value.textValue()).isPresent();
    }

    private static boolean single(JsonNode value) {
        return value.textValue().strip().indexOf(' ') < 0;
    }

    private static boolean isSmall(JsonNode value) {
        return value.isNumber() && Math.abs(value.asDouble()) <= LARGEST_NUMBER;
    }

    private static boolean isMasked(String text) {
        return text.indexOf('@') > 0 || !Masks.inText(text).equals(text);
    }

    /** Whether something stands in it that was replaced elsewhere, or a long number. */
    private boolean tells(String text) {
        if (LONG_NUMBER.matcher(text).find()) {
            return true;
        }
        String small = text.toLowerCase(Locale.ROOT);
        return known.stream().anyMatch(word -> word.length() > SHORTEST_WORD && small.contains(word))
                || runs(small).stream().anyMatch(known::contains);
    }

    private static Set<String> runs(String text) {
        var runs = new HashSet<String>();
        Matcher run = RUN.matcher(text);
        while (run.find()) {
            runs.add(run.group());
        }
        return runs;
    }

    private void learn(String path, JsonNode json, BiPredicate<String, JsonNode> replace) {
        if (json.isObject()) {
            json.properties().forEach(field -> learn(Walk.below(path, field.getKey()), field.getValue(), replace));
        } else if (json.isArray()) {
            json.forEach(item -> learn(Walk.below(path, "*"), item, replace));
        } else if (!json.isNull() && !json.isBoolean() && replace.test(path, json)) {
            for (String run : runs(json.asText().toLowerCase(Locale.ROOT))) {
                boolean number = Character.isDigit(run.charAt(0));
                if (run.length() >= (number ? SHORTEST_NUMBER : SHORTEST_WORD) && !spoken.contains(run)) {
                    known.add(run);
                }
            }
        }
    }

    /** Of a text that may stay: the words in it that were replaced elsewhere. */
    private String withoutKnown(String text) {
        return text.strip().indexOf(' ') < 0
                ? text
                : RUN.matcher(text)
                        .replaceAll(run -> Matcher.quoteReplacement(
                                known.contains(run.group().toLowerCase(Locale.ROOT))
                                        ? same(run.group())
                                        : run.group()));
    }

    /** One way through a document. */
    private final class Walk {
        private final BiPredicate<String, JsonNode> replace;
        private final Set<String> masked;

        Walk(BiPredicate<String, JsonNode> replace, Set<String> masked) {
            this.replace = replace;
            this.masked = masked;
        }

        static String below(String path, String name) {
            return path.isEmpty() ? name : path + "." + name;
        }

        /** @param path with {@code *} for list positions @param at with the positions */
        JsonNode of(String path, String at, JsonNode json, Function<String, String> kept) {
            if (json.isObject()) {
                var object = JsonNodeFactory.instance.objectNode();
                json.properties().forEach(field -> {
                    String name = isMasked(field.getKey()) ? same(field.getKey()) : field.getKey();
                    object.set(name, of(below(path, field.getKey()), below(at, name), field.getValue(), kept));
                });
                return object;
            }
            if (json.isArray()) {
                var list = JsonNodeFactory.instance.arrayNode();
                json.forEach(item -> list.add(of(below(path, "*"), below(at, "" + list.size()), item, kept)));
                return list;
            }
            if (json.isNull() || json.isBoolean()) {
                return json;
            }
            if (!replace.test(path, json)) {
                return json.isTextual() ? TextNode.valueOf(kept.apply(json.textValue())) : json;
            }
            masked.add(at);
            return json.isTextual()
                    ? TextNode.valueOf(same(json.textValue()))
                    : json.isIntegralNumber()
                            ? JsonNodeFactory.instance.numberNode(new java.math.BigInteger(same(json.asText())))
                            : json;
        }
    }

    /** Of the same form. */
    private String same(String text) {
        if (ADDRESS.matcher(text.strip()).matches()) {
            int at = text.indexOf('@');
            String end = text.substring(text.stripTrailing().length());
            return words(text.substring(0, at)) + "@example.com" + end;
        }
        Matcher day = DAY.matcher(text);
        if (day.matches()) {
            int n = number(text);
            return "%s-%02d-%02d%s".formatted(day.group(1), 1 + n % 12, 1 + n % 28, day.group(4));
        }
        Matcher web = WEB.matcher(text);
        if (web.matches()) {
            return web.group(1) + words(web.group(2));
        }
        boolean card = !Masks.accounts(text).equals(text) && text.indexOf('+') < 0;
        return PHONE.matcher(text).matches() && !card ? phone(text) : words(text);
    }

    /** All but the last four digits stay, however they are written. */
    private String phone(String text) {
        String digits = text.replaceAll("\\D", "");
        String tail = digits(digits.substring(Math.max(0, digits.length() - PHONE_TAIL)));
        var other = new StringBuilder(text);
        int next = tail.length();
        for (int i = text.length() - 1; i >= 0 && next > 0; i--) {
            if (Character.isDigit(text.charAt(i))) {
                other.setCharAt(i, tail.charAt(--next));
            }
        }
        return other.toString();
    }

    private String words(String text) {
        return RUN.matcher(text)
                .replaceAll(run -> Matcher.quoteReplacement(
                        Character.isDigit(run.group().charAt(0)) ? digits(run.group()) : letters(run.group())));
    }

    private String digits(String run) {
        byte[] chance = digest(run);
        var other = new StringBuilder(run);
        for (int i = 0; i < run.length(); i++) {
            int n = chance[i % chance.length] & 0xff;
            // a number stays as long as it is, and does not begin with a nought that was not there
            other.setCharAt(i, (char) (i > 0 ? '0' + n % 10 : run.charAt(0) == '0' ? '0' : '1' + n % 9));
        }
        return other.toString();
    }

    private String letters(String run) {
        byte[] chance = digest(run.toLowerCase(Locale.ROOT));
        var other = new StringBuilder(run);
        for (int i = 0; i < run.length(); i++) {
            char c = run.charAt(i);
            char small = letter(Character.toLowerCase(c), chance[i % chance.length] & 0xff);
            other.setCharAt(i, Character.isUpperCase(c) ? Character.toUpperCase(small) : small);
        }
        return other.toString();
    }

    /** Of the same script, roughly: what a remote can't read it shall not be able to read afterwards either. */
    private static char letter(char c, int n) {
        if (c < 0x80) {
            return (char) ('a' + n % 26);
        }
        if (c < 0x250) {
            return "äéñöü".charAt(n % 5);
        }
        return (char) (Character.isIdeographic(c) ? 0x4E00 + n : Character.isSurrogate(c) ? c : 'а' + n % 32);
    }

    private int number(String text) {
        byte[] chance = digest(text);
        return (chance[0] & 0xff) << 8 | chance[1] & 0xff;
    }

    private byte[] digest(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return digest.digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
