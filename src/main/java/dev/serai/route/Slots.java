package dev.serai.route;

import java.time.Duration;
import java.time.Instant;

/** The calls that are under way at the same time, and how long one takes. Not safe for many threads. */
final class Slots {
    private int taken;
    private double millis = 200;

    int taken() {
        return taken;
    }

    void take() {
        taken++;
    }

    void free() {
        taken--;
    }

    /** A call is over. @param took by a clock that may have been set meanwhile: no more than a call may take counts */
    void free(Duration took, Duration longest) {
        free();
        millis += (Math.min(longest.toMillis(), Math.max(0, took.toMillis())) - millis) / 16;
    }

    /** When so many of those that wait have had one. @param mine calls at the same time that this hub may have */
    Instant next(int place, int mine, Instant now) {
        return now.plusMillis((long) (millis * (1 + place / mine)));
    }

    /** How many calls come to their end in such a time, at least one for each place that is free. */
    int within(Duration time, int mine) {
        return Math.max(mine - taken, (int) (mine * time.toMillis() / Math.max(1, millis)));
    }
}
