package dev.serai.route;

import dev.serai.run.Window;
import java.time.Instant;
import java.util.Optional;

/** No leave to call now. @param due when to come again @param why for a person */
record NoLeave(Instant due, String why) {

    /** The database was not there to say whether there is leave. */
    static NoLeave unknown(String name, String failure, Instant due) {
        return new NoLeave(due, "the database did not say whether the quota of " + name + " allows it: " + failure);
    }

    /** The remote said "too many". */
    static NoLeave closed(String name, Instant due) {
        return new NoLeave(due, name + " has asked to wait");
    }

    /** @param tight the window that keeps it waiting; empty when calls at the same time do */
    static NoLeave usedUp(String name, Optional<Window> tight, int concurrent, Instant due) {
        return new NoLeave(
                due,
                "the quota of " + name + " is used up, "
                        + tight.map(Window::words).orElse(concurrent + " calls at the same time"));
    }
}
