package dev.serai.route;

import java.time.Duration;
import java.time.Instant;

/** Notices a clock that was set back. Not safe for many threads. */
final class ClockWatch {
    /** A clock that is merely slowed down loses less. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private Instant latest = Instant.EPOCH;

    /** @return by how much it was set back since it was last looked at; zero when it was not */
    Duration setBack(Instant now) {
        Duration by = Duration.between(now, latest);
        if (by.compareTo(LEAST) > 0) {
            latest = now;
            return by;
        }
        latest = now.isAfter(latest) ? now : latest;
        return Duration.ZERO;
    }
}
