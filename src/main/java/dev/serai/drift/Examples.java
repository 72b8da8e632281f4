package dev.serai.drift;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Masks;
import java.util.Locale;
import java.util.regex.Pattern;

/** Values as a finding may show them. Nobody has said what a stranger's field holds, so most count as personal. */
final class Examples {
    /** Words that programs choose: past_due, EU-WEST, tier2. People's names have neither underscores nor only capitals. */
    private static final Pattern WORD =
            Pattern.compile("[a-z]+[a-z0-9]*(?:[_.:-][a-z0-9]+)+|[A-Z][A-Z0-9]*(?:[_.:-][A-Z0-9]+)*");

    private static final int LONGEST_WORD = 30;
    private static final int LARGEST_NUMBER = 9_999;

    /** Parts of names whose values are nobody else's business, however plain they look. */
    private static final Pattern TELLING =
            Pattern.compile("name|mail|phone|mobile|street|address|city|zip|postal|birth|"
                    + "iban|card|passw|secret|token|key|\\bip\\b|gender|salary|health|religio");

    private Examples() {}

    /** @param path dotted, of the field @param oneOfFew whether the field has only a few values, again and again */
    static String of(String path, JsonNode value, boolean oneOfFew) {
        if (value == null || value.isContainerNode() || value.isNull() || value.isMissingNode()) {
            return "";
        }
        boolean telling = isTelling(path);
        boolean plain = value.isBoolean()
                || !telling && value.isNumber() && Math.abs(value.asDouble()) <= LARGEST_NUMBER
                || !telling && value.isTextual() && (oneOfFew || isWord(value.textValue()));
        return plain ? Masks.plain(value) : Masks.personal(value);
    }

    static boolean isTelling(String path) {
        return TELLING.matcher(path.toLowerCase(Locale.ROOT)).find();
    }

    private static boolean isWord(String text) {
        return text.length() <= LONGEST_WORD && WORD.matcher(text).matches();
    }
}
