package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;

/**
 * Countries by code and name. The names are those of the JDK's locale data (CLDR): in English, in the languages spoken
 * in the country, and in the languages our forms are most often filled in.
 */
public final class Countries {
    private static final List<Locale> READ_EVERYWHERE = List.of(
            Locale.ENGLISH,
            Locale.GERMAN,
            Locale.FRENCH,
            Locale.ITALIAN,
            Locale.forLanguageTag("es"),
            Locale.forLanguageTag("pt"),
            Locale.forLanguageTag("nl"));

    /** What people write and no locale data has. */
    private static final Map<String, String> COLLOQUIAL = Map.of(
            "uk", "GB",
            "greatbritain", "GB",
            "england", "GB",
            "scotland", "GB",
            "wales", "GB",
            "unitedstatesofamerica", "US",
            "america", "US",
            "holland", "NL",
            "czechrepublic", "CZ",
            "turkey", "TR");

    private static final Map<String, String> BY_NAME = names();

    /** Codes and English names as they are written, for speed. */
    private static final Map<String, String> EXACT = exact();

    private Countries() {}

    /** The ISO 3166-1 alpha-2 code of a code or name, if one is known. */
    public static Optional<String> code(String nameOrCode) {
        String exactly = EXACT.get(nameOrCode);
        return Optional.ofNullable(exactly != null ? exactly : BY_NAME.get(fold(nameOrCode)));
    }

    static boolean isCode(String text) {
        return text.equals(BY_NAME.get(text.toLowerCase(Locale.ROOT)));
    }

    static JsonNode country(JsonNode value) {
        return code(TextRules.text(value))
                .map(TextNode::valueOf)
                .orElseThrow(() -> new Unacceptable("is not a country; a code such as DE or a name is expected"));
    }

    private static Map<String, String> exact() {
        var exact = new HashMap<String, String>();
        for (String code : Locale.getISOCountries()) {
            exact.put(code, code);
            exact.put(new Locale("", code).getDisplayCountry(Locale.ENGLISH), code);
        }
        return Map.copyOf(exact);
    }

    private static Map<String, String> names() {
        var names = new HashMap<String, String>();
        String[] codes = Locale.getISOCountries();
        for (String code : codes) {
            names.put(fold(code), code);
        }
        for (String code : codes) {
            names.putIfAbsent(fold(alpha3(code)), code);
        }
        for (Locale language : READ_EVERYWHERE) {
            for (String code : codes) {
                names.putIfAbsent(fold(new Locale("", code).getDisplayCountry(language)), code);
            }
        }
        for (Locale local : Locale.getAvailableLocales()) {
            if (local.getCountry().length() == 2) {
                names.putIfAbsent(fold(local.getDisplayCountry(local)), local.getCountry());
            }
        }
        COLLOQUIAL.forEach(names::putIfAbsent);
        return Map.copyOf(names);
    }

    private static String alpha3(String code) {
        try {
            return new Locale("", code).getISO3Country();
        } catch (MissingResourceException e) {
            return code;
        }
    }

    /** Letters only, lower case, without accents: "Côte d’Ivoire" and "cote d'ivoire" are the same name. */
    static String fold(String name) {
        String apart = Normalizer.normalize(name.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
        var letters = new StringBuilder(apart.length());
        apart.codePoints().filter(Character::isLetter).forEach(letters::appendCodePoint);
        return letters.toString();
    }
}
