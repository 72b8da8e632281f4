package dev.serai.crash;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** The time of hubs that share a database: the machine's own, and what has been made to pass beside it. */
final class Time implements InstantSource {
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);

    @Override
    public Instant instant() {
        return Instant.now().plus(passed.get());
    }

    void passes(Duration more) {
        passed.accumulateAndGet(more, Duration::plus);
    }
}
