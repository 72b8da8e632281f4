package dev.serai.run;

import java.time.Duration;

/**
 * The judgement of one attempt.
 *
 * @param reason one sentence for a person, without secrets and without payload; empty on success
 * @param retryAfter how long the remote asked us to wait at least; zero when it did not say
 * @param status of the HTTP answer, or {@link #NO_ANSWER}
 */
public record Outcome(Verdict verdict, Owner owner, String reason, Duration retryAfter, int status) {
    /** There was none: timeout, network, or nothing was asked. */
    public static final int NO_ANSWER = 0;

    public static final Outcome SUCCESS = new Outcome(Verdict.SUCCESS, Owner.TRANSIENT, "", Duration.ZERO);

    public Outcome(Verdict verdict, Owner owner, String reason, Duration retryAfter) {
        this(verdict, owner, reason, retryAfter, NO_ANSWER);
    }

    /** Waiting may help. */
    public static Outcome retry(String reason) {
        return new Outcome(Verdict.RETRY, Owner.TRANSIENT, reason, Duration.ZERO);
    }

    /** A person must act before another attempt makes sense. */
    public static Outcome fail(String reason) {
        return new Outcome(Verdict.FAIL, Owner.CONFIG, reason, Duration.ZERO);
    }

    public boolean succeeded() {
        return verdict == Verdict.SUCCESS || verdict == Verdict.IGNORE;
    }

    public boolean worthRetrying() {
        return verdict == Verdict.RETRY || verdict == Verdict.RATE_LIMITED;
    }

    /** The same, and why nothing more is tried. @param clause for a person; empty adds nothing */
    public Outcome because(String clause) {
        return clause.isEmpty()
                ? this
                : new Outcome(verdict, owner, reason + "; not tried again: " + clause, retryAfter, status);
    }
}
