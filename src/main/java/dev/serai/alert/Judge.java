package dev.serai.alert;

import dev.serai.alert.Alert.State;
import dev.serai.alert.Alert.Times;
import dev.serai.alert.Alert.Told;
import java.time.Duration;
import java.time.Instant;

/** What becomes of an alert at a look: the only place that decides when people are told. */
public final class Judge {
    /** What comes back within so long after its end is the same trouble, flapping. */
    static final Duration FLAP = Duration.ofHours(1);

    /** So often what flaps must be quiet twice as long before its end is told. */
    private static final int MOST_DOUBLINGS = 5;

    /** People are told again when it has become so many times as much. */
    private static final int ESCALATION = 10;

    private Judge() {}

    /** What people are told. */
    public enum News {
        NONE,
        RAISED,
        ESCALATED,
        RESOLVED
    }

    /** @param alert as it is from now on; null when it is forgotten */
    public record Ruling(Alert alert, News news) {}

    /** It is so. @param known null when it was never seen */
    public static Ruling seen(Alert known, Finding found, Instant now) {
        Rule rule = found.rule();
        boolean under = known != null && known.state() != State.RESOLVED;
        if (!under) {
            boolean flaps =
                    known != null && known.times().resolvedAt().plus(FLAP).isAfter(now);
            Instant silenced = known == null ? null : known.times().silencedUntil();
            Instant ended = known == null ? null : known.times().resolvedAt();
            var fresh = new Alert(
                    found.key(),
                    rule.name(),
                    rule.hold().isZero() ? State.OPEN : State.PENDING,
                    found.severity(),
                    new Times(now, now, null, ended, silenced),
                    found.count(),
                    flaps ? known.flaps() + 1 : 0,
                    null,
                    found.muted());
            return tell(fresh, now);
        }
        boolean ripe = !known.times().since().plus(rule.hold()).isAfter(now);
        State state = known.state() == State.PENDING && ripe ? State.OPEN : known.state();
        Times at = known.times();
        var next = new Alert(
                known.key(),
                rule.name(),
                state,
                found.severity(),
                new Times(at.since(), now, null, at.resolvedAt(), at.silencedUntil()),
                found.count(),
                known.flaps(),
                known.told(),
                found.muted());
        return tell(next, now);
    }

    /** A state that has begun and not ended: what a silence kept from people is told when that is over. */
    public static Ruling lasts(Alert known, Instant now) {
        return tell(known, now);
    }

    private static Ruling tell(Alert alert, Instant now) {
        if (alert.state() != State.OPEN || alert.muted() || alert.times().silent(now)) {
            return new Ruling(alert, News.NONE);
        }
        Told told = alert.told();
        if (told == null) {
            return new Ruling(told(alert, now), News.RAISED);
        }
        boolean worse = alert.severity().compareTo(told.severity()) > 0
                || alert.count() >= ESCALATION * Math.max(1, told.count());
        return worse ? new Ruling(told(alert, now), News.ESCALATED) : new Ruling(alert, News.NONE);
    }

    private static Alert told(Alert alert, Instant now) {
        return new Alert(
                alert.key(),
                alert.rule(),
                alert.state(),
                alert.severity(),
                alert.times(),
                alert.count(),
                alert.flaps(),
                new Told(alert.severity(), alert.count(), now),
                alert.muted());
    }

    /** It is not so. @param known pending or open @param quiet how long that must last */
    public static Ruling unseen(Alert known, Duration quiet, Instant now) {
        if (known.state() == State.PENDING) {
            // what has a past keeps it, so that it is known for flapping
            return new Ruling(
                    known.times().resolvedAt() == null
                            ? null
                            : ended(known, known.times().resolvedAt()),
                    News.NONE);
        }
        Times at = known.times();
        Instant clear = at.clearSince() == null ? now : at.clearSince();
        Duration patience = quiet.multipliedBy(1L << Math.min(known.flaps(), MOST_DOUBLINGS));
        if (clear.plus(patience).isAfter(now)) {
            return new Ruling(
                    with(
                            known,
                            known.state(),
                            new Times(at.since(), at.seenAt(), clear, at.resolvedAt(), at.silencedUntil())),
                    News.NONE);
        }
        // also in a silence: who was told of it, a pager say, waits for the end
        boolean tell = known.told() != null && !known.muted();
        return new Ruling(ended(known, now), tell ? News.RESOLVED : News.NONE);
    }

    private static Alert ended(Alert known, Instant end) {
        Times at = known.times();
        return with(
                known, State.RESOLVED, new Times(at.since(), at.seenAt(), at.clearSince(), end, at.silencedUntil()));
    }

    private static Alert with(Alert known, State state, Times times) {
        return new Alert(
                known.key(),
                known.rule(),
                state,
                known.severity(),
                times,
                known.count(),
                known.flaps(),
                known.told(),
                known.muted());
    }
}
