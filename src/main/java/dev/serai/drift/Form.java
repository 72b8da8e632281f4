package dev.serai.drift;

import com.fasterxml.jackson.databind.JsonNode;

/** The forms of values that a mapping has to treat in different ways. */
enum Form {
    MAP("a map"),
    LIST("a list"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    TEXT("text"),
    /** Text that is a number. */
    DIGITS("a number in quotes"),
    /** Text that begins with a date as RFC 3339 writes it. */
    TIME("a date or time as text"),
    /** Null or empty text: to a mapping, no value. */
    NONE("no value"),
    UNREADABLE("no JSON");

    private static final int LONGEST_NUMBER = 20;

    private final String words;

    Form(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    static Form of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> MAP;
            case ARRAY -> LIST;
            case NUMBER -> NUMBER;
            case BOOLEAN -> BOOLEAN;
            case STRING, BINARY -> of(value.asText());
            case NULL, MISSING -> NONE;
        };
    }

    private static Form of(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        if (text.length() >= 10 && text.charAt(4) == '-' && text.charAt(7) == '-') {
            String date = text.substring(0, 10);
            return isNumber(date.replace("-", "")) && date.replace("-", "").length() == 8 ? TIME : TEXT;
        }
        return text.length() <= LONGEST_NUMBER && isNumber(text) ? DIGITS : TEXT;
    }

    private static boolean isNumber(String text) {
        int digits = 0;
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.') {
                dots++;
            } else if (c != '-' || i > 0) {
                return false;
            }
        }
        return digits > 0 && dots < 2;
    }
}
