package dev.serai.route;

import dev.serai.run.Outcome;

/** A step did not get through; the outcome says whether waiting helps and who must act. */
final class StepFailed extends RuntimeException {
    private final transient Outcome outcome;

    StepFailed(Outcome outcome) {
        super(outcome.reason());
        this.outcome = outcome;
    }

    StepFailed(Outcome outcome, Throwable cause) {
        super(outcome.reason(), cause);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Sent perhaps, and must not be sent again before somebody has looked. */
    static final class InDoubt extends RuntimeException {
        InDoubt(String reason) {
            super(reason);
        }
    }
}
