package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;

/** A dotted path into a record: {@code properties.email}, {@code lines.data.0.amount}; digits count list items from 0. */
record FieldPath(String text, String[] names, int[] positions) {

    static FieldPath of(String text) {
        String[] names = text.split("\\.", -1);
        int[] positions = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            positions[i] = isPosition(names[i]) ? Integer.parseInt(names[i]) : -1;
        }
        return new FieldPath(text, names, positions);
    }

    /** Whether that name is a place in a list. */
    static boolean isPosition(String name) {
        return !name.isEmpty() && name.length() < 5 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** The value there; null when there is none, or it is JSON null or empty text. */
    JsonNode read(JsonNode from) {
        JsonNode at = from;
        for (int i = 0; i < names.length && at != null; i++) {
            at = at.isArray() ? at.get(positions[i]) : at.get(names[i]);
        }
        return hasValue(at) ? at : null;
    }

    /** Remote systems say "no value" by leaving a field out, by null, and by empty text: to us these are the same. */
    static boolean hasValue(JsonNode value) {
        return value != null
                && !value.isNull()
                && !value.isMissingNode()
                && !(value.isTextual() && value.textValue().isEmpty());
    }

    @Override
    public String toString() {
        return text;
    }
}
