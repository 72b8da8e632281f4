package dev.serai.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The clock by which the leases of runs end. All hubs must agree on it, however wrong their own clocks are: it is the
 * database's. Tests that let time pass hand in another one.
 */
public final class LeaseClock {
    /** What {@code coalesce(?::timestamptz, clock_timestamp())} comes to in the statement. */
    public static final LeaseClock OF_THE_DATABASE = new LeaseClock(Optional.empty());

    private final Optional<InstantSource> clock;

    private LeaseClock(Optional<InstantSource> clock) {
        this.clock = clock;
    }

    public static LeaseClock by(InstantSource clock) {
        return new LeaseClock(Optional.of(clock));
    }

    /** Given to a statement as its time; empty when it asks the database's clock itself. */
    Optional<Instant> now() {
        return clock.map(InstantSource::instant);
    }
}
