package dev.serai.record;

/**
 * Sees at a glance that no number of anybody's can stand in a text. Every line of the log is looked through, hardly one has any, and
 * the patterns that tell exactly take a hundred times as long.
 */
final class Digits {
    private static final int SHORTEST_PHONE = 8;
    private static final int SHORTEST_CARD = 15;
    /** Behind these no number begins: what follows is an id, a time or a part of a word. */
    private static final String BEFORE_NONE = "_.:/+=#-";

    private static final String BETWEEN = " ()./-";

    private Digits() {}

    /** Two capital letters and two digits. */
    static boolean mayBeIban(String text) {
        for (int i = text.length() - 4; i >= 0; i--) {
            if (isCapital(text.charAt(i))
                    && isCapital(text.charAt(i + 1))
                    && isDigit(text.charAt(i + 2))
                    && isDigit(text.charAt(i + 3))) {
                return true;
            }
        }
        return false;
    }

    static boolean mayBeCard(String text) {
        return find(text, false);
    }

    static boolean mayBeDialled(String text) {
        return find(text, true);
    }

    private static boolean find(String text, boolean dialled) {
        int at = 0;
        while (at < text.length()) {
            if (!isDigit(text.charAt(at)) && text.charAt(at) != '(') {
                at++;
                continue;
            }
            int end = at;
            int digits = 0;
            boolean inWords = false;
            while (end < text.length() && (isDigit(text.charAt(end)) || BETWEEN.indexOf(text.charAt(end)) >= 0)) {
                digits += isDigit(text.charAt(end)) ? 1 : 0;
                inWords |= " ()".indexOf(text.charAt(end)) >= 0;
                end++;
            }
            if (dialled
                    ? digits >= SHORTEST_PHONE && (inWords || mayBegin(text, at)) && !isDay(text, at, end)
                    : digits >= SHORTEST_CARD) {
                return true;
            }
            at = end;
        }
        return false;
    }

    private static boolean mayBegin(String text, int at) {
        return at == 0
                || !Character.isLetterOrDigit(text.charAt(at - 1)) && BEFORE_NONE.indexOf(text.charAt(at - 1)) < 0;
    }

    /** 2026-11-21; no year begins with a zero, as numbers that are dialled do. */
    private static boolean isDay(String text, int at, int end) {
        return end - at == 10 && text.charAt(at) != '0' && text.charAt(at + 4) == '-' && text.charAt(at + 7) == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isCapital(char c) {
        return c >= 'A' && c <= 'Z';
    }
}
