package dev.serai.run;

import java.time.Duration;

/**
 * Waits whose bound doubles: {@code first}, twice that, and so on up to {@code longest}.
 *
 * @param jitter which part of a wait is left to chance, from 0 (none: every wait is its bound) to 1 (full: a wait is
 *     chosen evenly between nothing and its bound, so that those who failed together don't come back together)
 */
public record Backoff(Duration first, Duration longest, double jitter) {
    public static final double FULL_JITTER = 1;

    /** The most that is waited before the given retry. @param retry counts from 1 */
    public Duration bound(int retry) {
        long factor = 1L << Math.min(30, retry - 1);
        return first.compareTo(longest.dividedBy(factor)) >= 0 ? longest : first.multipliedBy(factor);
    }

    /** The wait before the given retry, never nothing at all. @param retry counts from 1 @param chance in [0, 1) */
    public Duration before(int retry, double chance) {
        return Duration.ofMillis(Math.max(1, Math.round(bound(retry).toMillis() * (1 - jitter * chance))));
    }
}
