package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Set;

/** Names of people, which nobody can split rightly in every culture: these are the habits of most forms. */
final class Names {
    /** Words that belong to the family name after them. */
    private static final Set<String> PARTICLES = Set.of(
            "van", "von", "der", "den", "ter", "ten", "zu", "zum", "zur", "de", "del", "della", "di", "da", "dos",
            "das", "du", "la", "le", "el", "al", "bin", "ibn", "af", "av", "mac", "mc", "st.");

    private Names() {}

    static JsonNode first(JsonNode value) {
        String name = TextRules.squeezed(TextRules.text(value));
        int comma = name.indexOf(',');
        if (comma > 0) {
            return TextNode.valueOf(TextRules.strip(name.substring(comma + 1)));
        }
        int last = familyFrom(name);
        return TextNode.valueOf(last == 0 ? name : TextRules.strip(name.substring(0, last)));
    }

    static JsonNode last(JsonNode value) {
        String name = TextRules.squeezed(TextRules.text(value));
        int comma = name.indexOf(',');
        if (comma > 0) {
            return TextNode.valueOf(TextRules.strip(name.substring(0, comma)));
        }
        int last = familyFrom(name);
        return TextNode.valueOf(last == 0 ? "" : name.substring(last));
    }

    /** Where the family name begins; 0 when there is one word only. */
    private static int familyFrom(String name) {
        int from = name.lastIndexOf(' ') + 1;
        while (from > 1) {
            int before = name.lastIndexOf(' ', from - 2) + 1;
            String word = name.substring(before, from - 1).toLowerCase(Locale.ROOT);
            if (before == 0 || !PARTICLES.contains(word)) {
                break;
            }
            from = before;
        }
        return from;
    }
}
