package dev.serai.simulator;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as files and the admin door write them: {@code 250ms}, {@code 10s}, {@code 5m}, {@code 2h}. */
final class Durations {
    private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private Durations() {}

    /** @throws IllegalArgumentException saying how a duration is written */
    static Duration parse(String text) {
        var found = WRITTEN.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a duration; write 250ms, 10s, 5m or 2h");
        }
        long amount = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }
}
