package dev.serai.run;

import java.time.Duration;

/**
 * Waits that double: {@code first}, twice that, and so on up to {@code longest}.
 *
 * @param jitter which part of a wait is left to chance, from 0 (none) to 1 (full jitter)
 */
public record Backoff(Duration first, Duration longest, double jitter) {

    /** The wait after the given attempt. @param attempt counts from 1 @param chance in [0, 1) */
    public Duration after(int attempt, double chance) {
        long factor = 1L << Math.min(30, attempt - 1);
        Duration wait = first.compareTo(longest.dividedBy(factor)) >= 0 ? longest : first.multipliedBy(factor);
        long chosen = Math.round(wait.toMillis() * (1 - jitter * chance));
        return Duration.ofMillis(chosen);
    }
}
