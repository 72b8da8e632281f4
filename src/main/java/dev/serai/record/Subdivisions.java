package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** States and provinces by ISO 3166-2. No locale data has their names, so those of a few countries are kept in the jar. */
final class Subdivisions {
    private static final String EXPECTED = "is not a state or province; a code such as US-CA is expected";
    private static final Pattern SHORT = Pattern.compile("[A-Z0-9]{1,3}");
    private static final Map<String, Map<String, String>> BY_NAME = names();

    private Subdivisions() {}

    static JsonNode subdivision(JsonNode value, String region) {
        String text = TextRules.strip(TextRules.text(value));
        String upper = text.toUpperCase(Locale.ROOT);
        int hyphen = upper.indexOf('-');
        if (hyphen == 2 && SHORT.matcher(upper.substring(3)).matches() && Countries.isCode(upper.substring(0, 2))) {
            return code(upper.substring(0, 2), upper.substring(3));
        }
        String country = region == null ? null : Countries.code(region).orElse(null);
        if (country == null) {
            throw new Unacceptable(
                    "is a state or province without a country; write it as US-CA, or give the field a region:");
        }
        String named = BY_NAME.getOrDefault(country, Map.of()).get(Countries.fold(text));
        if (named != null) {
            return TextNode.valueOf(country + "-" + named);
        }
        if (!SHORT.matcher(upper).matches()) {
            throw new Unacceptable(EXPECTED);
        }
        return code(country, upper);
    }

    private static JsonNode code(String country, String subdivision) {
        Map<String, String> known = BY_NAME.get(country);
        if (known != null && !known.containsValue(subdivision)) {
            throw new Unacceptable(EXPECTED);
        }
        return TextNode.valueOf(country + "-" + subdivision);
    }

    /** Country to folded name to code. */
    private static Map<String, Map<String, String>> names() {
        var read = new Properties();
        try (InputStream in = Subdivisions.class.getResourceAsStream("/record/subdivisions.properties")) {
            read.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var names = new HashMap<String, Map<String, String>>();
        read.forEach((code, all) -> {
            String country = code.toString().substring(0, 2);
            String subdivision = code.toString().substring(3);
            for (String name : all.toString().split("\\|")) {
                names.computeIfAbsent(country, c -> new HashMap<>()).put(Countries.fold(name), subdivision);
            }
        });
        return names;
    }
}
