package dev.serai.route;

import dev.serai.run.Allowance;
import dev.serai.run.Bucket;
import dev.serai.store.Buckets.Exchanged;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What this hub knows of a bucket from its last answer, and when it asks again. Not safe for many threads. */
final class Answered {
    /** At least so long between two questions that did not help. */
    static final Duration PAUSE = Duration.ofMillis(10);
    /** When all slots are taken, one may come free without anybody saying so. */
    private static final Duration SLOT_PAUSE = Duration.ofMillis(50);
    /** Until the database is asked again after it did not answer. */
    private static final Duration AWAY = Duration.ofSeconds(1);

    private final Instant[] next = {Instant.MIN, Instant.MIN};
    private Bucket bucket;
    /** How much later it is by the bucket's clock. */
    private Duration ahead = Duration.ZERO;

    private String away = "";
    /** The most that each window has ever allowed by the remote's word. */
    private final Map<String, Long> most = new HashMap<>();

    private boolean grown;

    /** @param full whether all places of this hub are taken */
    void by(Exchanged answer, boolean full, Instant now) {
        away = "";
        bucket = answer.bucket();
        ahead = Duration.between(now, answer.now());
        bucket.limits().forEach((window, limit) -> {
            Long before = most.put(window, Math.max(limit, most.getOrDefault(window, 0L)));
            grown |= before != null && limit > before;
        });
        next[0] = next(answer.grant().nextCritical(), now, full);
        next[1] = next(answer.grant().next(), now, full);
    }

    /** @return whether the question before was answered */
    boolean byNobody(String failure, Instant now) {
        boolean fresh = away.isEmpty();
        away = failure.isEmpty() ? "it did not answer" : failure;
        next[0] = next[1] = now.plus(AWAY);
        return fresh;
    }

    /** @param granted when the first goes that was not granted; {@link Instant#MAX} when all were */
    private Instant next(Instant granted, Instant now, boolean full) {
        if (granted.equals(Instant.MAX)) {
            return full ? now.plus(SLOT_PAUSE) : Instant.MIN;
        }
        Instant here = granted.minus(ahead);
        return here.isAfter(now.plus(PAUSE)) ? here : now.plus(PAUSE);
    }

    /** When it may be asked again. @param kind the class of the call: 0 critical, 1 all others */
    Instant next(int kind) {
        return next[kind];
    }

    /** It may be asked at once. */
    void askAgain() {
        next[0] = next[1] = Instant.MIN;
    }

    /** This hub's clock shows an earlier time now. */
    void clockWasSetBack(Duration by) {
        ahead = ahead.plus(by);
    }

    boolean isAway() {
        return !away.isEmpty();
    }

    /** Whether it has answered, and did so the last time. */
    boolean isKnown() {
        return bucket != null && away.isEmpty();
    }

    /** When to come again that nothing is known. */
    NoLeave unknown(String name, Instant now) {
        return NoLeave.unknown(name, away, now.plus(AWAY));
    }

    Turns.Known known(Allowance allowed) {
        return new Turns.Known(bucket, allowed, ahead);
    }

    /** The same moment by the bucket's clock. */
    Instant there(Instant now) {
        return now.plus(ahead);
    }

    /** Until when nothing goes; far away in the past before the first answer. */
    Instant closedUntil() {
        return bucket == null ? Instant.EPOCH : bucket.closedUntil().minus(ahead);
    }

    /** Once: whether the remote allows more by its own word than it ever did before. */
    boolean hasGrown() {
        boolean has = grown;
        grown = false;
        return has;
    }

    /** What it allowed before says nothing any more. */
    void otherwise() {
        most.clear();
        grown = false;
    }
}
