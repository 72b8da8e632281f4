package dev.serai.route;

import dev.serai.store.Buckets.Limited;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What remotes have closed for a while by saying "too many", as this hub knows it: a call asks it without a statement. */
final class Closings {
    /** What ends so soon is not taken for opened by a person: clocks differ. */
    private static final Duration NEARLY = Duration.ofSeconds(2);

    private final Map<Limited, Instant> until = new ConcurrentHashMap<>();
    /** What this hub has learned by itself since the last look began: what that look finds may be older. */
    private final Set<Limited> noted = new HashSet<>();
    /** What the look before has found opened. */
    private Set<Limited> justOpened = Set.of();

    /** What all hubs know: how much longer each is closed. */
    interface Shared {
        Map<Limited, Duration> closed() throws SQLException;
    }

    boolean closed(Limited limited, Instant now) {
        Instant end = until.get(limited);
        return end != null && now.isBefore(end);
    }

    /** What this hub has just told the others. */
    void note(Limited limited, Instant end) {
        synchronized (noted) {
            noted.add(limited);
            until.put(limited, end);
        }
    }

    /**
     * Takes what all hubs know.
     *
     * @return what a person has opened before its time, at this look and the next one: a run may have been about to be parked
     */
    Set<Limited> look(Shared shared, InstantSource clock) throws SQLException {
        synchronized (noted) {
            noted.clear();
        }
        Map<Limited, Duration> there = shared.closed();
        Instant now = clock.instant();
        synchronized (noted) {
            var gone = new HashSet<>(until.keySet());
            gone.removeAll(there.keySet());
            gone.removeAll(noted);
            var fresh = new HashSet<>(gone);
            fresh.removeIf(limited -> until.get(limited).isBefore(now.plus(NEARLY)));
            var opened = new HashSet<>(justOpened);
            opened.removeAll(there.keySet());
            opened.removeAll(noted);
            opened.addAll(fresh);
            justOpened = fresh;
            until.keySet().removeAll(gone);
            there.forEach((limited, left) -> {
                if (!noted.contains(limited)) {
                    until.put(limited, now.plus(left));
                }
            });
            return opened;
        }
    }
}
