package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizer.Rule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every normalizer there is. The reference is generated from this list. */
public final class Normalizers {
    /** The form itself is what the other side takes, so it is its own way back. */
    private static final String ITSELF = "itself";

    private static final String NO_WAY_BACK = "";

    private static final Map<String, Normalizer> ALL = new LinkedHashMap<>();

    static {
        text();
        lists();
        identity();
        places();
        times();
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

    /** What is wrong with a time zone that stands in a file, if anything is. */
    public static Optional<String> problemOfZone(String name) {
        try {
            Zones.find(name);
            return Optional.empty();
        } catch (Unacceptable e) {
            return Optional.of(e.getMessage());
        }
    }

    private static void text() {
        form("trim", "Removes white space at both ends.", TextRules::trim);
        form("squeeze", "Trims, and makes one space of each run of white space.", TextRules::squeeze);
        form("lower", "Lower case, the same in every language setting.", TextRules::lower);
        form("upper", "Upper case, the same in every language setting.", TextRules::upper);
        form("nfc", "Unicode composed form (NFC), so that equal looking text is equal.", TextRules::nfc);
        oneWay(
                "slug",
                "Lower-case ASCII letters, digits and single hyphens: \"Café Uno\" becomes cafe-uno.",
                TextRules::slug);
        oneWay("html_text", "HTML as plain text: tags out, entities read, a line for each paragraph.", Html::text);
        oneWay(
                "first_name",
                "All words of a full name but the last; the part after the comma of \"Lovelace, Ada\".",
                Names::first);
        oneWay(
                "last_name",
                "The last word of a full name, with van, de and the like before it; nothing when it is one word.",
                Names::last);
        oneWay(
                "md5",
                "MD5 of the UTF-8 bytes, lower-case hex. For keys of vendors, never for secrets.",
                TextRules::md5);
        oneWay("sha256", "SHA-256 of the UTF-8 bytes, lower-case hex.", TextRules::sha256);
        form("string", "Text: a number or true/false as it is written.", TextRules::string);
    }

    private static void lists() {
        add(
                "split",
                "Text as a list of its parts, each trimmed, without empty ones.",
                List.of(Option.SEPARATOR),
                "join",
                true,
                Lists::split);
        add("join", "A list as text; a single value stays.", List.of(Option.SEPARATOR), "split", true, Lists::join);
        add(
                "first",
                "The first item of a list; a single value stays.",
                List.of(),
                NO_WAY_BACK,
                true,
                (value, options) -> Lists.first(value));
        add(
                "unique",
                "A list without repeats, in the order of first appearance.",
                List.of(),
                ITSELF,
                true,
                (value, options) -> Lists.unique(value));
    }

    private static void identity() {
        form("email", "Checks the form of an e-mail address, trims it, lower-cases its domain.", Addresses::email);
        form(
                "url",
                "Checks a web address (http or https), lower-cases scheme and host; example.com gets https://.",
                Addresses::url);
        oneWay("domain", "The host of a web or e-mail address, lower case, without www.", Links::domain);
        oneWay("utm", "The utm_… values of a link as a map: source, medium, campaign, term, content.", Links::utm);
        oneWay(
                "click_ids",
                "The click ids in a link as a map: gclid, gbraid, wbraid, dclid, fbclid, msclkid, ttclid, li_fat_id.",
                Links::clickIds);
        add(
                "e164",
                "A phone number in E.164 form (+14155550100); needs region: unless it starts with +.",
                List.of(Option.REGION),
                ITSELF,
                false,
                (value, options) -> PhoneRule.e164(value, options.get(Option.REGION)));
    }

    private static void places() {
        form("country", "ISO 3166-1 alpha-2 from a code of two or three letters or a name.", Countries::country);
        add(
                "subdivision",
                "ISO 3166-2 (US-CA) from the code, or from the short code or name with region:. Names of AU, CA, DE and US are known.",
                List.of(Option.REGION),
                ITSELF,
                false,
                (value, options) -> Subdivisions.subdivision(value, options.get(Option.REGION)));
        form(
                "timezone",
                "IANA name (Europe/Berlin) from one in any case, or from an English name such as Eastern Standard Time.",
                Zones::timezone);
        form("language", "BCP 47 tag (pt-BR) from one with _ or in any case, or from a name.", Languages::language);
    }

    private static void times() {
        add(
                "timestamp",
                "RFC 3339 in UTC from RFC 3339, RFC 1123, or epoch seconds or milliseconds; from other text with format:."
                        + " A time that names no zone needs zone:.",
                List.of(Option.FORMAT, Option.ZONE, Option.LOCALE),
                "time_text",
                false,
                Times::timestamp);
        add(
                "time_text",
                "A time as text by format:, in zone: (UTC when not given); RFC 3339 without format:.",
                List.of(Option.FORMAT, Option.ZONE, Option.LOCALE),
                "timestamp",
                false,
                Times::text);
        add(
                "date",
                "A calendar date (2026-01-31) from one, from a time (its date in zone:, UTC when not given), or from text with format:.",
                List.of(Option.FORMAT, Option.ZONE, Option.LOCALE),
                "date_text",
                false,
                Times::date);
        add(
                "date_text",
                "A calendar date as text by format:.",
                List.of(Option.FORMAT, Option.LOCALE),
                "date",
                false,
                Times::dateText);
        add(
                "epoch_seconds",
                "A time as whole seconds since 1970.",
                List.of(),
                "timestamp",
                false,
                (value, options) -> Times.epochSeconds(value));
        add(
                "epoch_millis",
                "A time as milliseconds since 1970.",
                List.of(),
                "timestamp",
                false,
                (value, options) -> Times.epochMillis(value));
        form("boolean", "true or false from true, yes, y, t, on, 1 and false, no, n, f, off, 0.", Numbers::bool);
    }

    private static void amounts() {
        add(
                "number",
                "A number from digits with a point for decimals, or as locale: writes them.",
                List.of(Option.LOCALE),
                ITSELF,
                false,
                (value, options) -> Numbers.number(value, options.get(Option.LOCALE)));
        add(
                "integer",
                "A whole number; decimals other than zero are refused. Also as locale: writes it.",
                List.of(Option.LOCALE),
                ITSELF,
                false,
                (value, options) -> Numbers.integer(value, options.get(Option.LOCALE)));
        add(
                "amount",
                "The number of an amount written with its currency: \"$1,234.50\", \"1.234,50 EUR\" with locale: de.",
                List.of(Option.LOCALE),
                ITSELF,
                false,
                (value, options) -> Money.amount(value, options.get(Option.LOCALE)));
        form(
                "currency",
                "An ISO 4217 code in upper case; from a sign that only one currency has (€, £, ₹), or an English name.",
                Money::currency);
        add(
                "minor_units",
                "An amount as a whole number of the currency's smallest unit; needs currency:.",
                List.of(Option.CURRENCY, Option.DECIMALS),
                "major_units",
                false,
                (value, options) ->
                        Money.minorUnits(value, options.get(Option.CURRENCY), options.get(Option.DECIMALS)));
        add(
                "major_units",
                "An amount in the currency's main unit from its smallest; needs currency:.",
                List.of(Option.CURRENCY, Option.DECIMALS),
                "minor_units",
                false,
                (value, options) ->
                        Money.majorUnits(value, options.get(Option.CURRENCY), options.get(Option.DECIMALS)));
    }

    private static void form(String name, String description, ValueRule rule) {
        add(name, description, List.of(), ITSELF, false, (value, options) -> rule.apply(value));
    }

    private static void oneWay(String name, String description, ValueRule rule) {
        add(name, description, List.of(), NO_WAY_BACK, false, (value, options) -> rule.apply(value));
    }

    private static void add(
            String name, String description, List<Option> options, String inverse, boolean whole, Rule rule) {
        var back = Optional.of(inverse.equals(ITSELF) ? name : inverse).filter(n -> !n.isEmpty());
        ALL.put(name, new Normalizer(name, description, options, back, whole, rule));
    }

    /** A rule that needs nothing but the value. */
    @FunctionalInterface
    private interface ValueRule {
        JsonNode apply(JsonNode value);
    }
}
