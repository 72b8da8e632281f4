package dev.serai.route;

import dev.serai.run.Allowance;
import dev.serai.run.Bucket;
import dev.serai.run.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * When the calls that are sent away come again. Who waits for a place among the calls at the same time is given a time by
 * how long calls take of late; a remote that was slow may be quick by then, so places that lie idle call them back.
 * Not safe for many threads.
 */
final class Turns {
    /** Nobody is sent away for less: coming again takes longer. */
    private static final Duration AT_LEAST = Duration.ofMillis(100);
    /** How often it is looked for places that lie idle; who comes within that needs no call. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** A limit that takes longer for all that wait is not reckoned with to its end: it comes again and is told anew. */
    private static final Duration AT_MOST = Duration.ofDays(366);

    private final Slots slots;
    /** By class: 0 critical, 1 all others. */
    private final List<Promises> promised = List.of(new Promises(), new Promises());

    Turns(Slots slots) {
        this.slots = slots;
    }

    /** The bucket as it was after the last question. @param ahead how much later it is by the bucket's clock */
    record Known(Bucket bucket, Allowance allowed, Duration ahead) {
        private Instant due(int kind, Units units, Instant now) {
            return bucket.due(kind == 0, units, now.plus(ahead)).minus(ahead);
        }

        /** Calls at the same time that this hub may have. */
        private int places() {
            return Math.max(1, allowed.concurrent() / bucket.hubs());
        }
    }

    /** @param kind the class of the call @return when it comes again */
    Instant promise(int kind, Units units, Known known, Instant now) {
        Promises before = promised.get(kind);
        Units all = before.with(units, now).times(known.bucket.hubs());
        Instant due = known.due(kind, all, now);
        if (known.allowed.concurrent() > 0) {
            due = later(due, slots.next(before.count() + 1, known.places(), now));
        }
        Instant latest = now.plus(AT_MOST);
        return before.promise(due.isAfter(latest) ? latest : later(due, now.plus(AT_LEAST)), units);
    }

    /** To be asked once a second. @return how many of those that were sent away may come now, sooner than they were told */
    int callBack(Known known, Instant now) {
        int places = known.places();
        if (known.allowed.concurrent() == 0 || slots.taken() * 2 > places) {
            return 0;
        }
        int left = slots.within(LOOK, places);
        int called = 0;
        for (int kind = 0; kind < promised.size(); kind++) {
            int each = kind;
            called += promised.get(kind).callBack(left - called, now, now.plus(LOOK), all -> !known.due(
                            each, all.times(known.bucket.hubs()), now)
                    .isAfter(now));
        }
        return called;
    }

    /** What was promised counts no more. */
    void forget() {
        promised.forEach(Promises::clear);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
