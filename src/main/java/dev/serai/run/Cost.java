package dev.serai.run;

import java.time.Duration;

/**
 * What so many calls take of what a remote allows.
 *
 * @param units in all
 */
public record Cost(Units units) {

    /** How long it takes when nothing else goes there and all of each window is used. */
    public Duration atLeast(Allowance allowed) {
        Duration longest = Duration.ZERO;
        for (Window window : allowed.windows()) {
            long need = window.of(units);
            long rounds = need == 0 ? 0 : (need - 1) / window.limit();
            Duration takes = window.per().multipliedBy(rounds);
            longest = takes.compareTo(longest) > 0 ? takes : longest;
        }
        return longest;
    }

    /** The part of a window that it takes, in percent; more than 100 when it does not fit into one. */
    public double percentOf(Window window) {
        return 100.0 * window.of(units) / window.limit();
    }
}
