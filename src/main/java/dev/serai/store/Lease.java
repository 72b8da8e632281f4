package dev.serai.store;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a claim is surely ours. A process that was frozen, or cut off from the database, for longer than that must
 * ask before it sends anything: another hub may have taken the run over and come further.
 */
public final class Lease {
    private volatile Term term;

    /**
     * From a moment on before the database was asked, so that it ends here no later than there.
     *
     * @param end by this hub's clock, which goes on while a machine sleeps
     * @param nanos the same by the machine's own count, which nobody sets back
     */
    record Term(Instant end, long nanos) {
        static final Term OVER = new Term(Instant.MIN, 0);

        static Term from(Instant now, Duration time) {
            return new Term(now.plus(time), System.nanoTime() + time.toNanos());
        }
    }

    Lease(Term term) {
        this.term = term;
    }

    public boolean holds(Instant now) {
        Term held = term;
        return now.isBefore(held.end) && System.nanoTime() - held.nanos < 0;
    }

    void prolong(Term longer) {
        term = longer;
    }

    /** Another claim has taken its place. */
    void lose() {
        term = Term.OVER;
    }
}
