package dev.serai.mapping;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A dotted path into a record: {@code properties.email}, {@code lines.data.0.amount}; digits count list items from 0, and
 * {@code \.} is a dot of a name: {@code owner@odata\.bind}.
 * {@code .} alone is the record itself. Under {@code each:} the record is the item, and {@code ^.currency} is a field of
 * the record around it.
 *
 * @param up how many records further out it begins
 */
record FieldPath(String text, int up, String[] names, int[] positions) {
    private static final String OUTWARD = "^.";

    static FieldPath of(String text) {
        int up = 0;
        while (text.startsWith(OUTWARD, up * OUTWARD.length())) {
            up++;
        }
        String inside = text.substring(up * OUTWARD.length());
        String[] names = inside.equals(".") ? new String[0] : parts(inside);
        int[] positions = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            positions[i] = isPosition(names[i]) ? Integer.parseInt(names[i]) : -1;
            names[i] = names[i].replace("\\.", ".");
        }
        return new FieldPath(text, up, names, positions);
    }

    /** Cut at its dots, each name as it is written. */
    static String[] parts(String path) {
        return path.split("(?<!\\\\)\\.", -1);
    }

    /** Whether that name is a place in a list. */
    static boolean isPosition(String name) {
        return !name.isEmpty() && name.length() < 5 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether names with single dots between them are there, and nothing else. */
    static boolean isWellFormed(String path) {
        String inside = path;
        while (inside.startsWith(OUTWARD)) {
            inside = inside.substring(OUTWARD.length());
        }
        return inside.equals(".")
                || !inside.isBlank() && !inside.startsWith(".") && !inside.endsWith(".") && !inside.contains("..");
    }

    /** The value there; null when there is none, or it is JSON null or empty text. */
    JsonNode read(Given given) {
        Given from = given;
        for (int i = 0; i < up && from != null; i++) {
            from = from.around();
        }
        return from == null ? null : read(from.record());
    }

    /** As {@link #read(Given)}, from the record itself. */
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
