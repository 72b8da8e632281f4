package dev.serai.route;

import dev.serai.run.Units;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** The times that calls of one class were sent away with: who comes later gets a later one. Not safe for many threads. */
final class Promises {
    private final Deque<Promise> promised = new ArrayDeque<>();
    private Units units = Units.NONE;

    private record Promise(Instant due, Units units) {}

    /** What is promised and not yet due, with one more. */
    Units with(Units more, Instant now) {
        while (!promised.isEmpty() && !promised.peekFirst().due.isAfter(now)) {
            units = units.minus(promised.removeFirst().units);
        }
        return units.plus(more);
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
