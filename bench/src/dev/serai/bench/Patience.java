package dev.serai.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Two minutes of waiting for something to start. */
final class Patience {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final long end = System.nanoTime() + LIMIT.toNanos();
    private final String otherwise;

    /** @param otherwise what to say when it is over */
    Patience(String otherwise) {
        this.otherwise = otherwise;
    }

    /** @throws Refused when patience is over */
    void wait20Ms() {
        if (System.nanoTime() > end) {
            throw new Refused(otherwise);
        }
        LockSupport.parkNanos(20_000_000);
    }
}
