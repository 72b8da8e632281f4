package dev.serai.route;

import dev.serai.metric.Trace;
import dev.serai.route.FlowOptions.Priority;
import java.time.Duration;

/**
 * Who wants to call.
 *
 * @param records of the call; 1 unless it is a batch
 * @param patience how long it may be kept waiting for its turn; after that it comes again later
 * @param trace of the run it calls for
 */
record Caller(Priority priority, int records, Duration patience, Trace trace) {
    /** A run holds a thread that others could use: it is parked rather than kept. */
    private static final Duration SHORT = Duration.ofMillis(300);

    /** A poll has a thread of its own, and nothing to be parked. */
    static final Caller POLL = new Caller(Priority.NORMAL, 1, Duration.ofSeconds(10), Trace.NONE);

    static Caller of(RunScope scope, int records) {
        return new Caller(scope.options().priority(), records, SHORT, scope.trace());
    }

    /** A call outside of any run. */
    static Caller other() {
        return new Caller(Priority.NORMAL, 1, SHORT, Trace.NONE);
    }

    boolean critical() {
        return priority == Priority.CRITICAL;
    }

    /** It may wait though others do already. */
    boolean patient() {
        return patience.compareTo(SHORT) > 0;
    }
}
