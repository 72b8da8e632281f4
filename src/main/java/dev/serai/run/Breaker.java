package dev.serai.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The circuit breaker of one endpoint, an operation of a connection. Closed, it counts failures in a row; at the limit
 * it opens, and nothing is sent; when the time is over it is half open: one call, the probe, finds out, and nobody else
 * is let through until it has, or until its lease is over because its hub died.
 *
 * @param failures in a row, while closed
 * @param since when it came into this state
 * @param until when the next probe may go: the end of the opening, or of the probe's lease; null while closed
 * @param probe counts the probes ever made; only the newest may say what it found
 * @param reason what the last failure was, for a person; empty while there is none
 */
public record Breaker(State state, int failures, Instant since, Instant until, long probe, String reason) {

    /** CLOSED lets all through, OPEN none, HALF_OPEN the probe. */
    public enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** @param failures in a row that open it @param open how long it then stays open */
    public record Limits(int failures, Duration open) {
        /** N-02, N-03 */
        public static final Limits DEFAULT = new Limits(5, Duration.ofMinutes(15));
    }

    /** Of an endpoint that was never in trouble. */
    public static Breaker closed(Instant now) {
        return closed(now, 0);
    }

    private static Breaker closed(Instant now, long probe) {
        return new Breaker(State.CLOSED, 0, now, null, probe, "");
    }

    /** Nothing to remember: all calls go through, and none has failed. */
    public boolean calm() {
        return state == State.CLOSED && failures == 0;
    }

    /** Whether a probe may go now. */
    public boolean probeIsDue(Instant now) {
        return state != State.CLOSED && !now.isBefore(until);
    }

    /** Sends a probe, or empty when there is no need, it is not yet time, or another one is under way. */
    public Optional<Breaker> probing(Instant now, Duration lease) {
        return probeIsDue(now)
                ? Optional.of(new Breaker(State.HALF_OPEN, failures, now, now.plus(lease), probe + 1, reason))
                : Optional.empty();
    }

    /**
     * After a call that failed in a way that waiting may mend. One that was under way when it opened, or a probe whose
     * lease is over, changes nothing.
     *
     * @param of the number of the probe this call was, 0 for an ordinary one
     */
    public Breaker failed(long of, Limits limits, Instant now, String why) {
        if (of > 0 && !isProbe(of) || of == 0 && state != State.CLOSED) {
            return this;
        }
        int inARow = failures + 1;
        if (of > 0 || inARow >= limits.failures) {
            return new Breaker(State.OPEN, inARow, now, now.plus(limits.open), probe, why);
        }
        return new Breaker(State.CLOSED, inARow, since, null, probe, why);
    }

    /** After a call that got through, or a probe that got any answer of a living remote. @param of as for {@link #failed} */
    public Breaker succeeded(long of, Instant now) {
        boolean counts = of > 0 ? isProbe(of) : state == State.CLOSED && failures > 0;
        return counts ? closed(now, probe) : this;
    }

    /** After a probe that could not be sent: the next one may go at once. */
    public Breaker unsent(long of, Instant now) {
        return isProbe(of) ? new Breaker(State.OPEN, failures, now, now, probe, reason) : this;
    }

    private boolean isProbe(long of) {
        return state == State.HALF_OPEN && of == probe;
    }
}
