package dev.serai.route;

import dev.serai.run.Units;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** Times that runs were sent away with: whoever comes after them is given no earlier one. Not safe for many threads. */
final class Promises {
    private final Deque<Promise> given = new ArrayDeque<>();
    private Units units = Units.NONE;

    private record Promise(Instant due, Units units) {}

    /** What those will take whose time is still to come; the others are forgotten. */
    Units open(Instant now) {
        while (!given.isEmpty() && !given.peekFirst().due.isAfter(now)) {
            units = units.minus(given.removeFirst().units);
        }
        return units;
    }

    int size() {
        return given.size();
    }

    /** @return when to come, which is no earlier than for the one before */
    Instant give(Instant due, Units wanted) {
        Instant last = given.isEmpty() ? due : given.peekLast().due;
        Instant given = last.isAfter(due) ? last : due;
        this.given.addLast(new Promise(given, wanted));
        units = units.plus(wanted);
        return given;
    }

    void forget() {
        given.clear();
        units = Units.NONE;
    }
}
