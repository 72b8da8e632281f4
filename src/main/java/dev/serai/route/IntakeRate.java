package dev.serai.route;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many requests a source may send in one second of the clock; counted before anything else is looked at. */
final class IntakeRate {
    private final int perSecond;
    private final InstantSource clock;
    private final Map<String, Count> counts = new ConcurrentHashMap<>();

    private record Count(long second, int requests) {}

    IntakeRate(int perSecond, InstantSource clock) {
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /** Whether there is room for one more. @param source one that exists, or the counts would grow for ever */
    boolean admits(String source) {
        long second = clock.instant().getEpochSecond();
        Count now = counts.merge(
                source,
                new Count(second, 1),
                (before, first) -> before.second == second ? new Count(second, before.requests + 1) : first);
        return now.requests <= perSecond;
    }
}
