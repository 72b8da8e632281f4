package dev.serai.run;

import dev.serai.run.RetryPolicy.Tier;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Retry policies with a name, which a connector file or a flow may choose. */
public final class RetryPresets {
    private static final Tier NO_MORE =
            new Tier(0, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), Backoff.FULL_JITTER));

    /** 1 s doubling to 32 s. N-07 */
    public static final Tier QUICK = tier(6, Duration.ofSeconds(1), Duration.ofSeconds(32));

    /** 1, 2, 4 minutes. N-10 */
    public static final Tier MINUTES = tier(3, Duration.ofMinutes(1), Duration.ofHours(1));

    /** What is used where nothing is said. */
    public static final String STANDARD = "standard";

    private static final Map<String, Preset> ALL = all();

    private RetryPresets() {}

    /** @param meaning one sentence for a person, with its source */
    public record Preset(String meaning, RetryPolicy policy) {}

    private static Map<String, Preset> all() {
        var all = new LinkedHashMap<String, Preset>();
        all.put(
                STANDARD,
                new Preset(
                        "6 quick retries, 1 s doubling to 32 s, then 3 durable ones, 1 minute doubling.",
                        new RetryPolicy(QUICK, MINUTES)));
        all.put(
                "quick-only",
                new Preset(
                        "6 quick retries, 1 s doubling to 32 s, and no durable one: for what is stale in a minute.",
                        new RetryPolicy(QUICK, NO_MORE)));
        all.put(
                "overload-only",
                new Preset(
                        "3 quick retries, 1 s doubling, after 503 only; a 429 is waited for, any other status is final.",
                        new RetryPolicy(
                                tier(3, Duration.ofSeconds(1), Duration.ofSeconds(4)),
                                NO_MORE,
                                Optional.empty(),
                                new TreeSet<>(Set.of(429, 503)))));
        all.put(
                "steady",
                new Preset(
                        "3 attempts in all, never less than 2 s nor more than 10 s apart.",
                        new RetryPolicy(
                                // half of the wait is left to chance, so that 2 s stay the least
                                new Tier(2, new Backoff(Duration.ofSeconds(4), Duration.ofSeconds(10), 0.5)),
                                NO_MORE)));
        all.put(
                "minutes-only",
                new Preset(
                        "No quick retry; 3 durable ones, 1 minute doubling: for work nobody waits for.",
                        new RetryPolicy(NO_MORE, MINUTES)));
        all.put(
                "three-attempts",
                new Preset(
                        "3 attempts in all, 1 s doubling.",
                        new RetryPolicy(tier(2, Duration.ofSeconds(1), Duration.ofSeconds(32)), NO_MORE)));
        all.put(
                "patient",
                new Preset(
                        "6 quick retries, then 40 durable ones, 1 minute doubling to 6 hours, until the event is 7 days old.",
                        new RetryPolicy(
                                QUICK,
                                tier(40, Duration.ofMinutes(1), Duration.ofHours(6)),
                                Optional.of(Duration.ofDays(7)),
                                Collections.emptySortedSet())));
        return Collections.unmodifiableMap(all);
    }

    private static Tier tier(int attempts, Duration first, Duration longest) {
        return new Tier(attempts, new Backoff(first, longest, Backoff.FULL_JITTER));
    }

    /** Every preset by its name, the standard one first. */
    public static Map<String, Preset> byName() {
        return ALL;
    }

    public static Optional<RetryPolicy> policy(String name) {
        return Optional.ofNullable(ALL.get(name)).map(Preset::policy);
    }
}
