package dev.serai.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How often and when to try again, in two tiers: quickly, in memory, while the run keeps its claim; then durably, as a
 * row with a due time. What the remote asked for ({@code Retry-After}) is always waited in full, and the wait of the
 * schedule on top, so that those who were told the same moment don't all come at it. Too many calls are no failure of a
 * run: it waits as it is told ({@link #asTold}), and no tier counts that.
 *
 * @param maxAge how long after its event came, or a person resumed it, a run is still tried again; empty for ever
 * @param only the HTTP statuses worth another try; empty for all that are not final. What got no answer at all is always
 *     tried again
 */
public record RetryPolicy(Tier quick, Tier durable, Optional<Duration> maxAge, SortedSet<Integer> only) {
    /** A longer wait is not held in memory but becomes a durable retry: the longest of the quick ones. N-07 */
    public static final Duration LONGEST_HELD = Duration.ofSeconds(32);

    /** @param attempts the tries there are after the first one; 0 for none */
    public record Tier(int attempts, Backoff backoff) {}

    /** A failure to be judged. @param arrived when its event was stored @param retry the try asked for, counted from 1 in its tier */
    public record Ask(Outcome outcome, int retry, Instant arrived, Instant now) {}

    /**
     * What comes next.
     *
     * @param due when to try again; empty when there is nothing left to try
     * @param because why there is not, one clause for a person; empty when it goes without saying
     */
    public record Next(Optional<Instant> due, String because) {
        private static Next never(String because) {
            return new Next(Optional.empty(), because);
        }
    }

    public RetryPolicy {
        only = Collections.unmodifiableSortedSet(new TreeSet<>(only));
    }

    /** A policy without limit of age, for every status that is not final. */
    public RetryPolicy(Tier quick, Tier durable) {
        this(quick, durable, Optional.empty(), Collections.emptySortedSet());
    }

    /** The wait in memory before the given quick retry, or none. @param chance in [0, 1) */
    public Next quickly(Ask ask, double chance) {
        return ask.outcome.retryAfter().compareTo(LONGEST_HELD) > 0 ? Next.never("") : next(quick, ask, chance);
    }

    /** When the given durable retry is due. @param chance in [0, 1) */
    public Next durably(Ask ask, double chance) {
        return next(durable, ask, chance);
    }

    /** When what was refused with "too many" comes again: that is no retry, however often it happens. */
    public Next asTold(Ask ask) {
        return excluded(ask.outcome) ? Next.never(because()) : within(ask, ask.now.plus(ask.outcome.retryAfter()));
    }

    private Next next(Tier tier, Ask ask, double chance) {
        Outcome outcome = ask.outcome;
        if (!outcome.worthRetrying()) {
            return Next.never("");
        }
        if (excluded(outcome)) {
            return Next.never(because());
        }
        if (ask.retry > tier.attempts) {
            return Next.never("");
        }
        return within(ask, ask.now.plus(outcome.retryAfter()).plus(tier.backoff.before(ask.retry, chance)));
    }

    private boolean excluded(Outcome outcome) {
        return !only.isEmpty() && outcome.status() != Outcome.NO_ANSWER && !only.contains(outcome.status());
    }

    private String because() {
        return "its retry policy tries again after " + only + " only";
    }

    private Next within(Ask ask, Instant due) {
        if (maxAge.isPresent() && due.isAfter(ask.arrived.plus(maxAge.get()))) {
            return Next.never("by then its event would be older than max_age, " + words(maxAge.get()));
        }
        return new Next(Optional.of(due), "");
    }

    private static String words(Duration time) {
        return time.toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
