package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What links tell: where they lead, and which campaign they belong to. */
final class Links {
    private static final String UTM = "utm_";
    private static final List<String> UTM_VALUES = List.of("source", "medium", "campaign", "term", "content");
    private static final List<String> CLICK_IDS =
            List.of("gclid", "gbraid", "wbraid", "dclid", "fbclid", "msclkid", "ttclid", "li_fat_id");

    private Links() {}

    /** Only what the canonical record has a place for: {@code utm_id} and inventions of ad tools are left out. */
    static JsonNode utm(JsonNode value) {
        var found = JsonNodeFactory.instance.objectNode();
        for (String pair : pairs(value)) {
            String name = name(pair);
            if (name.startsWith(UTM) && UTM_VALUES.contains(name.substring(UTM.length()))) {
                put(found, name.substring(UTM.length()), pair);
            }
        }
        return orNothing(found);
    }

    static JsonNode clickIds(JsonNode value) {
        var found = JsonNodeFactory.instance.objectNode();
        for (String pair : pairs(value)) {
            if (CLICK_IDS.contains(name(pair))) {
                put(found, name(pair), pair);
            }
        }
        return orNothing(found);
    }

    private static void put(com.fasterxml.jackson.databind.node.ObjectNode found, String name, String pair) {
        String text = TextRules.strip(decoded(pair.substring(pair.indexOf('=') + 1)));
        if (!text.isEmpty() && !found.has(name)) {
            found.put(name, text);
        }
    }

    private static JsonNode orNothing(JsonNode found) {
        return found.isEmpty() ? TextNode.valueOf("") : found;
    }

    /** The {@code name=value} parts of a link's query; of a query alone as well. */
    private static List<String> pairs(JsonNode value) {
        String text = TextRules.strip(TextRules.text(value));
        int hash = text.indexOf('#');
        String whole = hash < 0 ? text : text.substring(0, hash);
        String query = whole.substring(whole.indexOf('?') + 1);
        return List.of(query.split("&")).stream()
                .filter(pair -> pair.indexOf('=') > 0)
                .toList();
    }

    private static String name(String pair) {
        return decoded(pair.substring(0, pair.indexOf('='))).toLowerCase(Locale.ROOT);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // a lone percent sign: what stands there is what was meant
            return text;
        }
    }

    static JsonNode domain(JsonNode value) {
        String text = TextRules.strip(TextRules.text(value));
        int at = text.lastIndexOf('@');
        String address = at >= 0 && !text.contains("://") ? text.substring(at + 1) : text;
        String host = Addresses.host(address).toLowerCase(Locale.ROOT);
        return TextNode.valueOf(host.startsWith("www.") && host.indexOf('.', 4) > 0 ? host.substring(4) : host);
    }
}
