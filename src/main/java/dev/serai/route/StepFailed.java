package dev.serai.route;

import dev.serai.run.Outcome;
import dev.serai.store.Buckets;
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
        private final boolean own;

        /** @param waitsFor {@code connection/operation}, or {@code connection/*} */
        Parked(Outcome outcome, String waitsFor) {
            super(outcome);
            this.waitsFor = waitsFor;
            this.until = Optional.empty();
            this.own = false;
        }

        /** @param until when its turn comes, though nobody wakes it */
        Parked(Outcome outcome, String waitsFor, Instant until) {
            this(outcome, waitsFor, until, false);
        }

        private Parked(Outcome outcome, String waitsFor, Instant until, boolean own) {
            this(outcome, "", waitsFor, until, own);
        }

        private Parked(Outcome outcome, String connection, String waitsFor, Instant until, boolean own) {
            super(outcome, connection);
            this.waitsFor = waitsFor;
            this.until = Optional.of(until);
            this.own = own;
        }

        /** It was sent, and the remote asked for patience. @param until when it may come again */
        static Parked byRemote(Outcome outcome, String connection, Instant until) {
            return new Parked(outcome, connection, Buckets.waitsFor(connection), until, false);
        }

        /** For what only its own record waits for. */
        static Parked alone(Outcome outcome, String waitsFor, Instant until) {
            return new Parked(outcome, waitsFor, until, true);
        }

        /** Until when every record that comes there would wait; empty when nobody knows, or only this one does. */
        Optional<Instant> untilForAll() {
            return own ? Optional.empty() : until;
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
