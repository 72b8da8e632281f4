package dev.serai.route;

import dev.serai.run.Bucket.Want;
import dev.serai.run.Units;

/** Who waits for leave to make a call. Critical ones first, else in the order they came. */
record Waiter(Caller caller, Units units, long number) implements Comparable<Waiter> {
    @Override
    public int compareTo(Waiter other) {
        int byPriority = caller.priority().compareTo(other.caller.priority());
        return byPriority != 0 ? byPriority : Long.compare(number, other.number);
    }

    Want want() {
        return new Want(caller.critical(), false, 1, units);
    }
}
