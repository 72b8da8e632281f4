package dev.serai.run;

import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Bucket.Want;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What may go now under all windows of a bucket, and when what may not. Times are milliseconds since the epoch. */
final class Leeway {
    /** How soon to ask again when what is in the way is held by another hub, which will say so shortly. */
    private static final long HELD_BY_OTHERS = 50;

    /** Milliseconds between calls that wait for the same moment, where no window says more. */
    private static final long APART = 10;

    /** A hub that is not short of anything may take this part of what is left in advance. */
    private static final int AHEAD = 8;

    /** So long after the last critical call the reserve is kept in windows that are no budgets. */
    private static final Duration CRITICAL_SEEN = Duration.ofMinutes(10);

    /** Milliseconds to wait longer than the remote asks for, when it has refused twice without letting a call through. */
    private static final long FIRST_MORE = 1_000;

    private static final long MOST_MORE = 900_000;

    private final List<WindowUse> windows;
    private final Thresholds thresholds;
    /** The remote said "too many": nothing goes before. */
    long closedUntil;
    /** When a critical call was asked for last. */
    long criticalAt;
    /** How often in a row it was closed without a call that the remote let through. */
    int refusals;

    Leeway(List<WindowUse> windows, Thresholds thresholds) {
        this.windows = windows;
        this.thresholds = thresholds;
    }

    /**
     * The remote has refused a call: nothing goes before the time it asks for, and longer each time that nothing got
     * through since. What was under way when it closed says nothing new.
     */
    void close(Bucket.Refused told, long now) {
        if (now - told.sent().toMillis() >= closedUntil) {
            boolean gotThrough = told.through()
                    .filter(ago -> now - ago.toMillis() >= closedUntil)
                    .isPresent();
            refusals = gotThrough ? 1 : refusals + 1;
        }
        long more = refusals < 2 ? 0 : Math.min(MOST_MORE, FIRST_MORE << Math.min(refusals - 2, 20));
        closedUntil = Math.max(closedUntil, now + told.pause().toMillis() + more);
    }

    /** The clock shows an earlier time than before. */
    void setBack(long by, long now) {
        windows.forEach(use -> use.setBack(by, now));
        closedUntil -= by;
        criticalAt -= by;
    }

    /** How many of the wanted calls may go now. */
    long fits(Want want, Units held, long now) {
        if (now < closedUntil) {
            return 0;
        }
        long most = want.calls();
        for (WindowUse use : windows) {
            long all = use.limit() - (want.critical() ? 0 : reserve(use, now));
            // what takes more than there ever is goes alone: the remote may allow more by now, and says so only then
            long each = Math.min(use.window().of(want.each()), Math.max(1, all));
            if (each == 0) {
                continue;
            }
            long taken = use.used() + use.window().of(held);
            long left = all - taken;
            if (!want.critical() && use.window().budget()) {
                left = Math.min(left, unslowed(use, taken, each, now));
            }
            most = Math.min(most, Math.max(0, left) / each / (want.ahead() ? AHEAD : 1));
        }
        return most;
    }

    /** Up to the threshold; beyond it one at a time, each at its own moment. */
    private long unslowed(WindowUse use, long taken, long each, long now) {
        if (slowed(use, taken)) {
            return use.paced(now) > now ? 0 : each;
        }
        return Math.max(each, use.limit() * thresholds.slowAt() / 100 - taken);
    }

    private boolean slowed(WindowUse use, long taken) {
        return use.window().budget() && 100 * taken >= use.limit() * thresholds.slowAt();
    }

    private long reserve(WindowUse use, long now) {
        boolean kept = use.window().budget() || now - criticalAt < CRITICAL_SEEN.toMillis();
        return kept ? use.limit() * thresholds.reserve() / 100 : 0;
    }

    /** @param held with what was given */
    void pace(Units given, Units held, long now) {
        windows.stream()
                .filter(use -> slowed(
                        use, use.used() + use.window().of(held) - use.window().of(given)))
                .forEach(use -> use.pace(use.window().of(given), reserve(use, now), now));
    }

    /**
     * When so much may go, as far as is known now; soon, when what is in the way is held by others. What waits for a
     * common moment, a midnight say, gets moments behind it that follow each other.
     */
    long free(boolean critical, Units units, Units held, long now) {
        long base = Math.max(now, closedUntil);
        for (WindowUse use : windows) {
            if (use.window().budget() && use.window().of(units) > 0) {
                base = Math.max(base, budgetFree(use, critical, units, held, now));
            }
        }
        long free = base > now && windows.stream().allMatch(use -> use.window().budget())
                ? base + number(units) * APART
                : base;
        for (WindowUse use : windows) {
            long need = use.window().of(units);
            if (need == 0 || use.window().budget()) {
                continue;
            }
            long per = use.window().per().toMillis();
            long at = base - now > per
                    ? base + (long) use.takes(need)
                    : use.free(need, use.window().of(held) + (critical ? 0 : reserve(use, now)), now);
            // all that is in the way is held: its hub gives it back, or says that it is used
            free = Math.max(free, at == Long.MAX_VALUE ? now + Math.max(HELD_BY_OTHERS, per / 200) : at);
        }
        return free;
    }

    private static long number(Units units) {
        return Math.max(units.calls(), 1);
    }

    private long budgetFree(WindowUse use, boolean critical, Units units, Units held, long now) {
        long need = use.window().of(units);
        long reserve = critical ? 0 : reserve(use, now);
        if (use.limit() - use.used() - reserve >= need
                && use.limit() - use.used() - reserve - use.window().of(held) < need) {
            return now + Bucket.VALID.toMillis();
        }
        long at = use.free(need, use.window().of(held) + reserve, now);
        at = at == Long.MAX_VALUE ? now + Bucket.VALID.toMillis() : at;
        return !critical && slowed(use, use.used() + use.window().of(held))
                ? Math.max(at, use.pacedFor(need, reserve, now))
                : at;
    }

    Optional<Window> tightest(boolean critical, Units units, Units held, long now) {
        return windows.stream()
                .filter(use -> use.window().of(units) > 0)
                .max(Comparator.comparingLong(use -> use.free(
                        use.window().of(units), use.window().of(held) + (critical ? 0 : reserve(use, now)), now)))
                .map(WindowUse::window);
    }
}
