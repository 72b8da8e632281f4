package dev.serai.file;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as people write them in files: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 7d}. */
public final class Durations {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    /** How a duration is written, for messages. */
    public static final String SHAPES = "500ms, 10s, 5m, 2h or 1d";

    private Durations() {}

    /** @throws IllegalArgumentException saying how a duration is written */
    public static Duration of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not a duration; write " + SHAPES));
    }

    /** In the largest unit that is whole, hours at most: {@code 36h}, {@code 10s}. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 3_600_000 == 0
                ? millis / 3_600_000 + "h"
                : millis % 60_000 == 0
                        ? millis / 60_000 + "m"
                        : millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    public static Optional<Duration> parse(String text) {
        var match = SHAPE.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(match.group(1));
        return Optional.of(
                switch (match.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                });
    }
}
