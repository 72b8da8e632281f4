package dev.serai.route;

import dev.serai.run.Outcome;
import java.time.Instant;
import java.util.Optional;

/** A step did not get through; the outcome says whether waiting helps and who must act. */
class StepFailed extends RuntimeException {
    private final transient Outcome outcome;
    private final String connection;

    StepFailed(Outcome outcome) {
        this(outcome, "");
    }

    /** @param connection that was to be called */
    StepFailed(Outcome outcome, String connection) {
        super(outcome.reason());
        this.outcome = outcome;
        this.connection = connection;
    }

    StepFailed(Outcome outcome, Throwable cause) {
        super(outcome.reason(), cause);
        this.outcome = outcome;
        this.connection = "";
    }

    final Outcome outcome() {
        return outcome;
    }

    /** The connection that was to be called, or empty. */
    final String connection() {
        return connection;
    }

    /** Nothing goes through there now: the run waits, which counts as no retry. */
    static final class Parked extends StepFailed {
        private final String waitsFor;
        private final transient Optional<Instant> until;

        /** @param waitsFor {@code connection/operation}, or {@code connection/*} */
        Parked(Outcome outcome, String waitsFor) {
            super(outcome);
            this.waitsFor = waitsFor;
            this.until = Optional.empty();
        }

        /** @param until when its turn comes, though nobody wakes it */
        Parked(Outcome outcome, String waitsFor, Instant until) {
            super(outcome);
            this.waitsFor = waitsFor;
            this.until = Optional.of(until);
        }

        Optional<Instant> until() {
            return until;
        }

        String waitsFor() {
            return waitsFor;
        }
    }

    /** Sent perhaps, and must not be sent again before somebody has looked. */
    static final class InDoubt extends RuntimeException {
        InDoubt(String reason) {
            super(reason);
        }
    }
}
