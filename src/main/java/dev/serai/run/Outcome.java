package dev.serai.run;

import java.time.Duration;

/**
 * The judgement of one attempt.
 *
 * @param reason one sentence for a person, without secrets and without payload; empty on success
 * @param retryAfter how long the remote asked us to wait at least; zero when it did not say
 */
public record Outcome(Verdict verdict, Owner owner, String reason, Duration retryAfter) {

    public static final Outcome SUCCESS = new Outcome(Verdict.SUCCESS, Owner.TRANSIENT, "", Duration.ZERO);

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
}
