package dev.serai.store;

import java.time.Instant;

/**
 * How long a claim is surely ours. A process that was frozen, or cut off from the database, for longer than that must
 * ask before it sends anything: another hub may have taken the run over and come further.
 */
public final class Lease {
    private volatile Instant end;

    Lease(Instant end) {
        this.end = end;
    }

    public boolean holds(Instant now) {
        return now.isBefore(end);
    }

    void prolong(Instant newEnd) {
        end = newEnd;
    }

    /** Another claim has taken its place. */
    void lose() {
        end = Instant.MIN;
    }
}
