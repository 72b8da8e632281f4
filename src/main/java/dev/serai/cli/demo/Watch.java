package dev.serai.cli.demo;

import dev.serai.store.History;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions, never for a while. */
final class Watch {
    /** What never comes is told then; what comes is waited for, however busy this machine is. */
    private static final Duration AT_MOST = Duration.ofMinutes(2);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final List<String> ENDED = List.of("done", "dead", "in_doubt");

    private final History history;

    Watch(History history) {
        this.history = history;
    }

    /** Something that becomes true. */
    interface Condition {
        boolean holds() throws SQLException;
    }

    /** @return whether it came true in time */
    static boolean until(Condition condition) throws SQLException {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    /** The runs of these events once all have ended, or as they are when time is up. */
    List<History.Run> ended(List<Long> events) throws SQLException {
        until(() -> runs(events).stream().allMatch(run -> ENDED.contains(run.state())));
        return runs(events);
    }

    private List<History.Run> runs(List<Long> events) throws SQLException {
        var runs = new ArrayList<History.Run>();
        for (long event : events) {
            runs.addAll(history.runsOf(event));
        }
        return runs;
    }
}
