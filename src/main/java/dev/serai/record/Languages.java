package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Languages by BCP 47 tag and name; the names are those of the JDK's locale data (CLDR). */
final class Languages {
    private static final Set<String> KNOWN = Set.of(Locale.getISOLanguages());
    private static final Map<String, String> BY_NAME = names();

    private Languages() {}

    static boolean isTag(String text) {
        return KNOWN.contains(Locale.forLanguageTag(text).getLanguage());
    }

    static JsonNode language(JsonNode value) {
        String text = TextRules.strip(TextRules.text(value));
        Locale tag = Locale.forLanguageTag(text.replace('_', '-'));
        if (KNOWN.contains(tag.getLanguage())
                && tag.getUnicodeLocaleKeys().isEmpty()
                && tag.getExtensionKeys().isEmpty()) {
            return TextNode.valueOf(tag.toLanguageTag());
        }
        String named = BY_NAME.get(Countries.fold(text));
        if (named == null) {
            throw new Unacceptable("is not a language; a tag such as de or pt-BR is expected");
        }
        return TextNode.valueOf(named);
    }

    /** In English and in the language itself. */
    private static Map<String, String> names() {
        var names = new HashMap<String, String>();
        for (String code : Locale.getISOLanguages()) {
            // the JDK still lists the codes that ISO replaced; a tag has the new one
            Locale language = Locale.forLanguageTag(code);
            if (language.getLanguage().isEmpty()) {
                continue;
            }
            for (Locale in : List.of(Locale.ENGLISH, language)) {
                names.putIfAbsent(Countries.fold(language.getDisplayLanguage(in)), language.toLanguageTag());
            }
        }
        return Map.copyOf(names);
    }
}
