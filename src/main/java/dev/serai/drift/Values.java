package dev.serai.drift;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of a field, as long as they are few: then it is one of words, and a new one is worth a note. They are known
 * by their hash alone; only one that is new is kept as it is, until it is told or has become normal.
 */
final class Values {
    private static final int FEW = 20;
    private static final int LONGEST = 40;
    private static final int LARGEST = 99_999;

    /** Null once there were too many. */
    Map<Long, Mark> marks = new HashMap<>();

    /** Sightings of the field before it began to be learned. */
    long from;

    /** @param seen sightings of the field */
    void take(Look look, String path, JsonNode value, long seen) {
        if (marks == null) {
            return;
        }
        if (!mayBeWord(value) || Examples.isTelling(path)) {
            forget(look);
            return;
        }
        String text = value.asText();
        long hash = hash(text);
        Mark mark = marks.get(hash);
        if (mark == null) {
            if (marks.size() == FEW || !look.budget().take()) {
                forget(look);
                return;
            }
            mark = new Mark();
            marks.put(hash, mark);
        }
        if (mark.see(look, seen - from) && mark.begins()) {
            mark.begin(look, Examples.of(path, value, true));
        }
    }

    /** The field has taken another form: its values are learned from here on. */
    void learnAnew(Look look, long seen) {
        if (marks != null) {
            look.budget().give(marks.size());
            marks.clear();
            from = seen;
        }
    }

    long total(String text) {
        Mark mark = marks == null ? null : marks.get(hash(text));
        return mark == null ? 0 : mark.total;
    }

    void halve(long before, long after) {
        if (marks != null) {
            marks.values().forEach(mark -> mark.halve(before - from, after - from / 2));
            from /= 2;
        }
    }

    private void forget(Look look) {
        look.budget().give(marks.size());
        marks = null;
    }

    private static boolean mayBeWord(JsonNode value) {
        if (value.isTextual()) {
            String text = value.textValue();
            return !text.isEmpty() && text.length() <= LONGEST && text.indexOf('@') < 0;
        }
        return value.isIntegralNumber() && value.canConvertToLong() && Math.abs(value.longValue()) <= LARGEST;
    }

    /** FNV-1a over the characters: enough to tell a few words apart. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
