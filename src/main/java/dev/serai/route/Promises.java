package dev.serai.route;

import dev.serai.run.Units;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** The times that calls of one class were sent away with: who comes later gets a later one. Not safe for many threads. */
final class Promises {
    private final Deque<Promise> promised = new ArrayDeque<>();
    private Units units = Units.NONE;

    private record Promise(Instant due, Units units) {}

    /** What is promised and not yet due, with one more. */
    Units with(Units more, Instant now) {
        forgetDue(now);
        return units.plus(more);
    }

    private void forgetDue(Instant now) {
        while (!promised.isEmpty() && !promised.peekFirst().due.isAfter(now)) {
            units = units.minus(promised.removeFirst().units);
        }
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
        for (var each = promised.iterator(); each.hasNext() && coming < most; coming++) {
            Promise first = each.next();
            all = all.plus(first.units);
            if (!fits.test(all)) {
                break;
            }
            if (first.due.isAfter(soon)) {
                each.remove();
                units = units.minus(first.units);
                called++;
            }
        }
        return called;
    }

    int count() {
        return promised.size();
    }

    /** @return the time, or that of the one before, which is not passed */
    Instant promise(Instant due, Units more) {
        Instant turn = !promised.isEmpty() && promised.peekLast().due.isAfter(due) ? promised.peekLast().due : due;
        promised.addLast(new Promise(turn, more));
        units = units.plus(more);
        return turn;
    }

    void clear() {
        promised.clear();
        units = Units.NONE;
    }
}
