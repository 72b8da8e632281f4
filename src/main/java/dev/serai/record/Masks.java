package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;

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

    private static String first(String text) {
        return text.substring(0, text.offsetByCodePoints(0, 1));
    }
}
