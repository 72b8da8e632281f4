package dev.serai.file;

import java.math.BigDecimal;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What YAML takes for a number: an id such as {@code 4e56789012345} too, when it stands without quotes. */
final class Numbers {
    /** Digits, and places before or behind the point, that every reader of JSON takes. */
    private static final int LONGEST = 300;

    private static final int SHOWN = 40;

    private Numbers() {}

    /** Whether it is one that JSON can't write, as infinity, or that would fill the memory of who reads it. */
    static boolean isBeyondAll(ScalarNode scalar) {
        return Set.of(Tag.INT, Tag.FLOAT).contains(scalar.getTag()) && !canBeHeld(scalar.getValue());
    }

    private static boolean canBeHeld(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        try {
            var number = new BigDecimal(text);
            return Math.abs((long) number.precision() - number.scale()) <= LONGEST;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** What to do about it. */
    static String beyond(ScalarNode scalar) {
        String text = scalar.getValue();
        return "without quotes \"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text)
                + "\" is a number, and one that nothing can hold; if it is text, put it in quotes";
    }
}
