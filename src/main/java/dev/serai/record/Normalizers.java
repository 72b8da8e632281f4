package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizer.Rule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every normalizer there is. The reference is generated from this list. */
public final class Normalizers {
    private static final Map<String, Normalizer> ALL = new LinkedHashMap<>();

    static {
        text();
        identity();
        amounts();
    }

    private Normalizers() {}

    public static Optional<Normalizer> of(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    public static Set<String> names() {
        return Set.copyOf(ALL.keySet());
    }

    /** In the order of the reference. */
    public static Collection<Normalizer> all() {
        return ALL.values();
    }

    private static void text() {
        add("trim", "Removes white space at both ends.", TextRules::trim);
        add("squeeze", "Trims, and makes one space of each run of white space.", TextRules::squeeze);
        add("lower", "Lower case, the same in every language setting.", TextRules::lower);
        add("upper", "Upper case, the same in every language setting.", TextRules::upper);
        add("nfc", "Unicode composed form (NFC), so that equal looking text is equal.", TextRules::nfc);
        add(
                "slug",
                "Lower-case ASCII letters, digits and single hyphens: \"Café Uno\" becomes cafe-uno.",
                TextRules::slug);
        add(
                "first_name",
                "All words of a full name but the last; the whole name when it is one word.",
                TextRules::firstName);
        add("last_name", "The last word of a full name; nothing when it is one word.", TextRules::lastName);
        add("md5", "MD5 of the UTF-8 bytes, lower-case hex. For keys of vendors, never for secrets.", TextRules::md5);
        add("sha256", "SHA-256 of the UTF-8 bytes, lower-case hex.", TextRules::sha256);
        add("string", "Text: a number or true/false as it is written.", TextRules::string);
    }

    private static void identity() {
        add("email", "Checks the form of an e-mail address, trims it, lower-cases its domain.", Addresses::email);
        add("url", "Checks a web address (http or https), lower-cases scheme and host.", Addresses::url);
        add("country", "ISO 3166-1 alpha-2 from a code of two or three letters or a name.", Countries::country);
        add(
                "e164",
                "A phone number in E.164 form (+14155550100); needs region: unless it starts with +.",
                Option.REGION,
                "",
                PhoneRule::e164);
        add(
                "timestamp",
                "RFC 3339 in UTC from RFC 3339, RFC 1123, or epoch seconds or milliseconds.",
                Times::timestamp);
        add("boolean", "true or false from true, yes, on, 1 and false, no, off, 0.", Numbers::bool);
    }

    private static void amounts() {
        add("number", "A number from digits, with a point for decimals.", Numbers::number);
        add("integer", "A whole number; decimals other than zero are refused.", Numbers::integer);
        add("currency", "An ISO 4217 code in upper case.", Money::currency);
        add(
                "minor_units",
                "An amount as a whole number of the currency's smallest unit; needs currency:.",
                Option.CURRENCY,
                "major_units",
                Money::minorUnits);
        add(
                "major_units",
                "An amount in the currency's main unit from its smallest; needs currency:.",
                Option.CURRENCY,
                "minor_units",
                Money::majorUnits);
    }

    private static void add(String name, String description, ValueRule rule) {
        add(name, description, Option.NONE, "", (value, option) -> rule.apply(value));
    }

    private static void add(String name, String description, Option option, String inverse, Rule rule) {
        var back = Optional.of(inverse).filter(n -> !n.isEmpty());
        ALL.put(name, new Normalizer(name, description, option, back, rule));
    }

    /** A rule that needs nothing but the value. */
    @FunctionalInterface
    private interface ValueRule {
        JsonNode apply(JsonNode value);
    }
}
