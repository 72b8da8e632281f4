package dev.serai.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How fast many runs become due.
 *
 * @param between two of them; zero for all at once
 * @param behind when the last one of those before became due, if there were any
 */
public record Pace(Duration between, Optional<Instant> behind) {
    public static final Pace AT_ONCE = new Pace(Duration.ZERO, Optional.empty());

    private static final Pattern SHAPE = Pattern.compile("(\\d{1,6})/([smh])");

    /** {@code 10/s}, {@code 600/m} or {@code 36000/h}. @throws IllegalArgumentException saying so for anything else */
    public static Pace of(String text) {
        var match = SHAPE.matcher(text);
        if (!match.matches() || Long.parseLong(match.group(1)) == 0) {
            throw new IllegalArgumentException("\"" + text + "\" is not a rate; write 10/s, 600/m or 36000/h");
        }
        Duration unit =
                switch (match.group(2)) {
                    case "s" -> Duration.ofSeconds(1);
                    case "m" -> Duration.ofMinutes(1);
                    default -> Duration.ofHours(1);
                };
        return new Pace(unit.dividedBy(Long.parseLong(match.group(1))), Optional.empty());
    }

    /** The same, going on behind a run that is due then. */
    public Pace behind(Instant last) {
        return new Pace(between, Optional.of(last));
    }

    /** When the run becomes due that comes after so many others. */
    public Instant dueAt(Instant start, long after) {
        return behind.map(last -> last.plus(between)).orElse(start).plus(between.multipliedBy(after));
    }
}
