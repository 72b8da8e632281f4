package dev.serai.alert;

import java.util.Locale;

/** How much it matters, the least first. */
public enum Severity {
    INFO,
    WARNING,
    CRITICAL;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @param word one that {@link #word} wrote */
    public static Severity of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
