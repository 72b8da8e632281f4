package dev.serai.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Allowance.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What all hubs together have used of what a remote allows. A hub takes a small share, calls with it, and says with its
 * next exchange when the calls came back: a call counts as used from the moment it is given out until the remote can't
 * count it any more, so the limit holds whatever the network does. What a hub holds when it dies is counted as used at
 * the end of its lease.
 *
 * <p>Not safe for many threads: whoever changes it has locked its row.
 */
public final class Bucket {
    /** How long what is given out may be called with. */
    public static final Duration VALID = Duration.ofSeconds(1);
    /** How soon to ask again when what is in the way is held by another hub, which will say so shortly. */
    private static final long HELD_BY_OTHERS = 50;
    /** Milliseconds between calls that wait for the same moment, where no window says more. */
    private static final long APART = 10;
    /** A hub that is not short of anything may take this part of what is left in advance. */
    private static final int AHEAD = 8;
    /** So long after the last critical call the reserve is kept in windows that are no budgets. */
    private static final Duration CRITICAL_SEEN = Duration.ofMinutes(10);

    private final Allowance allowed;
    private final Thresholds thresholds;
    private final List<WindowUse> windows = new ArrayList<>();
    private final Map<String, Holder> holders = new TreeMap<>();
    private long closedUntil;
    private long criticalAt;

    /**
     * A hub's part.
     *
     * @param held given out to it, and not known to have come back
     * @param slots calls it may have under way at the same time
     * @param wantedSlots what it asked for
     * @param until when it is given up, in milliseconds since the epoch
     */
    private record Holder(Units held, int slots, int wantedSlots, long until) {}

    /** Calls that are to be made. @param each what one takes @param ahead not needed yet */
    public record Want(boolean critical, boolean ahead, long calls, Units each) {}

    /** Calls that came back. @param ago how long before the exchange */
    public record Used(Duration ago, Units units) {}

    /** The remote said "too many". @param window which limit that is, or empty @param pause for how long */
    public record Refused(String window, Duration pause) {}

    /**
     * What a hub tells and asks for.
     *
     * @param held what it has under way; all else that was given to it, it has used or gives back
     * @param slots calls it wants to have under way at the same time
     * @param busy calls it has under way
     * @param lease how long what it holds is kept for it
     */
    public record Report(Units held, int busy, int slots, List<Want> wants, Duration lease) {}

    /** What a hub has learned since its last exchange. */
    public record News(List<Used> used, List<Heard> heard, List<Refused> refused) {
        public static final News NONE = new News(List.of(), List.of(), List.of());
    }

    /**
     * What a hub may do now.
     *
     * @param critical for critical flows only
     * @param common for any
     * @param slots calls it may have under way at the same time; no limit when the remote has none
     * @param nextCritical when the first call that was not granted may go, as far as is known now
     * @param next the same for what is not critical
     */
    public record Grant(Units critical, Units common, int slots, Instant nextCritical, Instant next) {}

    private Bucket(Allowance allowed, Thresholds thresholds) {
        this.allowed = allowed;
        this.thresholds = thresholds;
    }

    /** @param state what {@link #state} gave; an empty object for a bucket nobody has used */
    public static Bucket of(Allowance allowed, Thresholds thresholds, ObjectNode state) {
        var bucket = new Bucket(allowed, thresholds);
        for (Window window : allowed.windows()) {
            ObjectNode used = state.path("windows").path(window.name()) instanceof ObjectNode known
                    ? known
                    : JsonNodeFactory.instance.objectNode();
            bucket.windows.add(WindowUse.of(window, used));
        }
        state.path("holders")
                .properties()
                .forEach(entry -> bucket.holders.put(
                        entry.getKey(),
                        new Holder(
                                new Units(
                                        entry.getValue().path("calls").asLong(),
                                        entry.getValue().path("points").asLong()),
                                entry.getValue().path("slots").asInt(),
                                entry.getValue().path("wanted_slots").asInt(),
                                entry.getValue().path("until").asLong())));
        bucket.closedUntil = state.path("closed_until").asLong();
        bucket.criticalAt = state.path("critical_at").asLong();
        return bucket;
    }

    public ObjectNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        ObjectNode used = state.putObject("windows");
        windows.forEach(use -> used.set(use.window().name(), use.state()));
        ObjectNode held = state.putObject("holders");
        holders.forEach((name, holder) -> held.putObject(name)
                .put("calls", holder.held.calls())
                .put("points", holder.held.points())
                .put("slots", holder.slots)
                .put("wanted_slots", holder.wantedSlots)
                .put("until", holder.until));
        return state.put("closed_until", closedUntil).put("critical_at", criticalAt);
    }

    /** A hub says what it has done and takes what it may do next. */
    public Grant exchange(String hub, Report report, News news, Instant at) {
        long now = at.toEpochMilli();
        expire(now);
        learn(hub, report, news, now);
        int slots = slots(hub, report);
        Units[] granted = {Units.NONE, Units.NONE};
        long[] next = {Long.MAX_VALUE, Long.MAX_VALUE};
        Units held = held();
        for (Want want : report.wants) {
            int kind = want.critical ? 0 : 1;
            if (want.critical) {
                criticalAt = now;
            }
            long fits = next[kind] == Long.MAX_VALUE ? fits(want, held, now) : 0;
            Units given = want.each.times(fits);
            granted[kind] = granted[kind].plus(given);
            held = held.plus(given);
            if (!want.critical && fits > 0) {
                pace(given, held, now);
            }
            if (fits < want.calls && !want.ahead) {
                next[kind] = Math.min(next[kind], free(want.critical, want.each, held, now));
            }
        }
        Units mine = report.held.plus(granted[0]).plus(granted[1]);
        long until = at.plus(report.lease).toEpochMilli();
        if (mine.calls() > 0 || allowed.concurrent() > 0 && Math.max(slots, report.slots) > 0) {
            holders.put(hub, new Holder(mine, slots, report.slots, until));
        } else {
            holders.remove(hub);
        }
        return new Grant(granted[0], granted[1], slots, instant(next[0]), instant(next[1]));
    }

    private static Instant instant(long milli) {
        return milli == Long.MAX_VALUE ? Instant.MAX : Instant.ofEpochMilli(milli);
    }

    /** What a hub that is gone has held may have been used until the last moment. */
    private void expire(long now) {
        windows.forEach(use -> use.roll(now));
        holders.values().removeIf(holder -> {
            if (holder.until > now) {
                return false;
            }
            windows.forEach(use -> use.add(use.window().of(holder.held), holder.until, now));
            return true;
        });
    }

    private void learn(String hub, Report report, News news, long now) {
        for (Used used : news.used) {
            long when = now - used.ago.toMillis();
            windows.forEach(use -> use.add(use.window().of(used.units), when, now));
        }
        holders.computeIfPresent(
                hub, (name, known) -> new Holder(report.held, known.slots, known.wantedSlots, known.until));
        Units ours = held();
        for (Heard heard : news.heard) {
            windows.stream()
                    .filter(use -> use.window().name().equals(heard.window()))
                    .forEach(use -> use.hear(heard, use.window().of(ours), now));
        }
        for (Refused refused : news.refused) {
            closedUntil = Math.max(closedUntil, now + refused.pause.toMillis());
            windows.stream()
                    .filter(use -> use.window().name().equals(refused.window))
                    .forEach(use -> use.usedUp(refused.pause.toMillis(), now));
        }
    }

    private Units held() {
        return holders.values().stream().map(Holder::held).reduce(Units.NONE, Units::plus);
    }

    /** A fair part of the calls at the same time: nobody keeps more than its own while others want some. */
    private int slots(String hub, Report report) {
        if (allowed.concurrent() == 0) {
            return Integer.MAX_VALUE;
        }
        int others = 0;
        int wanting = 1;
        boolean shortOf = false;
        for (var entry : holders.entrySet()) {
            if (!entry.getKey().equals(hub)) {
                others += entry.getValue().slots;
                wanting++;
                shortOf |= entry.getValue().wantedSlots > entry.getValue().slots;
            }
        }
        int fair = shortOf ? Math.max(1, allowed.concurrent() / wanting) : allowed.concurrent();
        int may = Math.min(Math.min(report.slots, fair), allowed.concurrent() - others);
        return Math.max(report.busy, Math.max(0, may));
    }

    /** How many of the wanted calls may go now. */
    private long fits(Want want, Units held, long now) {
        if (now < closedUntil) {
            return 0;
        }
        long most = want.calls;
        for (WindowUse use : windows) {
            long each = use.window().of(want.each);
            if (each == 0) {
                continue;
            }
            long taken = use.used() + use.window().of(held);
            long left = use.limit() - taken - (want.critical ? 0 : reserve(use, now));
            if (!want.critical && use.window().budget()) {
                left = Math.min(left, unslowed(use, taken, each, now));
            }
            most = Math.min(most, Math.max(0, left) / each / (want.ahead ? AHEAD : 1));
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
    private void pace(Units given, Units held, long now) {
        windows.stream()
                .filter(use -> slowed(
                        use, use.used() + use.window().of(held) - use.window().of(given)))
                .forEach(use -> use.pace(use.window().of(given), reserve(use, now), now));
    }

    /**
     * When so much may go, as far as is known now; soon, when what is in the way is held by others. What waits for a
     * common moment, a midnight say, gets moments behind it that follow each other.
     */
    private long free(boolean critical, Units units, Units held, long now) {
        long base = Math.max(now, closedUntil);
        for (WindowUse use : windows) {
            if (use.window().budget() && use.window().of(units) > 0) {
                base = Math.max(base, budgetFree(use, critical, units, held, now));
            }
        }
        long free = base > now && windows.stream().allMatch(use -> use.window().budget())
                ? base + use(units) * APART
                : base;
        for (WindowUse use : windows) {
            long need = use.window().of(units);
            if (need == 0 || use.window().budget()) {
                continue;
            }
            long per = use.window().per().toMillis();
            long at = base - now > per
                    ? base + need * per / use.limit()
                    : use.free(need, use.window().of(held) + (critical ? 0 : reserve(use, now)), now);
            // all that is in the way is held: its hub gives it back, or says that it is used
            free = Math.max(free, at == Long.MAX_VALUE ? now + Math.max(HELD_BY_OTHERS, per / 200) : at);
        }
        return free;
    }

    private static long use(Units units) {
        return Math.max(units.calls(), 1);
    }

    private long budgetFree(WindowUse use, boolean critical, Units units, Units held, long now) {
        long need = use.window().of(units);
        long reserve = critical ? 0 : reserve(use, now);
        if (use.limit() - use.used() - reserve >= need
                && use.limit() - use.used() - reserve - use.window().of(held) < need) {
            return now + VALID.toMillis();
        }
        long at = use.free(need, use.window().of(held) + reserve, now);
        at = at == Long.MAX_VALUE ? now + VALID.toMillis() : at;
        return !critical && slowed(use, use.used() + use.window().of(held))
                ? Math.max(at, use.pacedFor(need, reserve, now))
                : at;
    }

    /**
     * When so many more units could go, if nobody else took any. Beyond the limit of a window its next rounds are counted
     * in, so that what has to wait can be given times that follow each other.
     */
    public Instant due(boolean critical, Units units, Instant at) {
        return instant(free(critical, units, held(), at.toEpochMilli()));
    }

    /** The window that keeps so much waiting longest; empty when none does. */
    public Optional<Window> tightest(boolean critical, Units units, Instant at) {
        long now = at.toEpochMilli();
        Units held = held();
        return windows.stream()
                .filter(use -> use.window().of(units) > 0)
                .max(Comparator.comparingLong(use -> use.free(
                        use.window().of(units), use.window().of(held) + (critical ? 0 : reserve(use, now)), now)))
                .map(WindowUse::window);
    }

    /** No call goes before. */
    public Instant closedUntil() {
        return Instant.ofEpochMilli(closedUntil);
    }

    /** Lets calls go on that the remote has refused for a while: a person knows better. */
    public void open() {
        closedUntil = 0;
    }

    /**
     * How a window stands.
     *
     * @param used what is under way included
     * @param crossed the threshold that was crossed since the last look, in percent; 0 for none
     */
    public record Level(Window window, long used, long limit, Instant since, Instant until, int crossed) {}

    /** How all windows stand. A crossed threshold is told once. */
    public List<Level> levels(Instant at) {
        long now = at.toEpochMilli();
        windows.forEach(use -> use.roll(now));
        Units held = held();
        return windows.stream()
                .map(use -> new Level(
                        use.window(),
                        use.used() + use.window().of(held),
                        use.limit(),
                        use.since(now),
                        use.until(now),
                        use.crossing(thresholds)))
                .toList();
    }

    /** How the calls at the same time are shared out now, by hub. */
    public Map<String, Integer> slotsByHub() {
        var slots = new LinkedHashMap<String, Integer>();
        holders.forEach((hub, holder) -> slots.put(hub, holder.slots));
        return slots;
    }

    /** Hubs that hold a part now, at least one. */
    public int hubs() {
        return Math.max(1, holders.size());
    }
}
