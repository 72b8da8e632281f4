package dev.serai.run;

import java.time.Instant;
import java.util.Optional;

/** How often and when to try again. @param maxAttempts the tries there are after the first one */
public record RetryPolicy(int maxAttempts, Backoff backoff) {

    /**
     * When to try again, or empty when nothing is left to try.
     *
     * @param attempt the try that is asked for, counted from 1
     * @param chance in [0, 1)
     */
    public Optional<Instant> nextAttempt(int attempt, Outcome outcome, Instant now, double chance) {
        if (!outcome.worthRetrying() || attempt > maxAttempts) {
            return Optional.empty();
        }
        return Optional.of(now.plus(outcome.retryAfter()).plus(backoff.after(attempt, chance)));
    }
}
