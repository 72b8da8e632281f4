package dev.serai.route;

import dev.serai.run.Units;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** The times that calls of one class were sent away with: who comes later gets a later one. Not safe for many threads. */
final class Promises {
    /** From then on some share an entry: millions may wait. */
    private static final int MOST = 20_000;

    private static final int SHARED = 200;

    private final Deque<Promise> promised = new ArrayDeque<>();
    private Units units = Units.NONE;
    private int count;

    /** @param due of the last one @param units of all @param calls so many */
    private record Promise(Instant due, Units units, int calls) {}

    /** What is promised and not yet due, with one more. */
    Units with(Units more, Instant now) {
        forgetDue(now);
        return units.plus(more);
    }

    private void forgetDue(Instant now) {
        while (!promised.isEmpty() && !promised.peekFirst().due.isAfter(now)) {
            forget(promised.removeFirst());
        }
    }

    private void forget(Promise gone) {
        units = units.minus(gone.units);
        count -= gone.calls;
    }

    /**
     * Takes back the times of some, the first first.
     *
     * @param most who comes before then by himself included
     * @param fits whether so much may be called with
     * @return how many come sooner than they were told
     */
    int callBack(int most, Instant now, Instant soon, Predicate<Units> fits) {
        forgetDue(now);
        int coming = 0;
        int called = 0;
        Units all = Units.NONE;
        for (var each = promised.iterator(); each.hasNext() && coming < most; ) {
            Promise first = each.next();
            coming += first.calls;
            all = all.plus(first.units);
            if (!fits.test(all)) {
                break;
            }
            if (first.due.isAfter(soon)) {
                each.remove();
                forget(first);
                called += first.calls;
            }
        }
        return called;
    }

    int count() {
        return count;
    }

    /** @return the time, or that of the one before, which is not passed */
    Instant promise(Instant due, Units more) {
        Promise last = promised.peekLast();
        Instant turn = last != null && last.due.isAfter(due) ? last.due : due;
        if (promised.size() >= MOST && last.calls < SHARED) {
            promised.removeLast();
            promised.addLast(new Promise(turn, last.units.plus(more), last.calls + 1));
        } else {
            promised.addLast(new Promise(turn, more, 1));
        }
        units = units.plus(more);
        count++;
        return turn;
    }

    void clear() {
        promised.clear();
        units = Units.NONE;
        count = 0;
    }
}
