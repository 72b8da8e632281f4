package dev.serai.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Allowance.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

    /** Milliseconds; a clock that lags by less was not set back, and does no harm. */
    private static final long SET_BACK = 10_000;

    private final Allowance allowed;
    private final Thresholds thresholds;
    private final List<WindowUse> windows = new ArrayList<>();
    private final Map<String, Holder> holders = new TreeMap<>();
    private final Leeway leeway;
    /** When it was asked last, in milliseconds since the epoch; 0 for never. */
    private long asked;

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

    /**
     * The remote said "too many".
     *
     * @param window which limit that is, or empty
     * @param pause for how long it asks to wait
     * @param sent how long before the exchange the call was sent
     * @param through the same of the hub's last call that the remote let through; empty when there was none
     */
    public record Refused(String window, Duration pause, Duration sent, Optional<Duration> through) {}

    /**
     * What a hub tells and asks for.
     *
     * @param held what it has under way; all else that was given to it, it has used or gives back
     * @param slots calls it wants to have under way at the same time, at most
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
        this.leeway = new Leeway(windows, thresholds);
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
        bucket.leeway.closedUntil = state.path("closed_until").asLong();
        bucket.leeway.criticalAt = state.path("critical_at").asLong();
        bucket.asked = state.path("asked").asLong();
        bucket.leeway.refusals = state.path("refusals").asInt();
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
        return state.put("allowed", allowed.toString())
                .put("asked", asked)
                .put("closed_until", leeway.closedUntil)
                .put("critical_at", leeway.criticalAt)
                .put("refusals", leeway.refusals);
    }

    /** A hub says what it has done and takes what it may do next. */
    public Grant exchange(String hub, Report report, News news, Instant at) {
        long now = at.toEpochMilli();
        if (asked - now > SET_BACK) {
            setBack(asked - now, now);
        }
        asked = now;
        expire(now);
        learn(hub, report, news, now);
        int slots = slots(hub, report);
        Units[] granted = {Units.NONE, Units.NONE};
        long[] next = {Long.MAX_VALUE, Long.MAX_VALUE};
        Units held = held();
        for (Want want : report.wants) {
            int kind = want.critical ? 0 : 1;
            if (want.critical) {
                leeway.criticalAt = now;
            }
            long fits = next[kind] == Long.MAX_VALUE ? leeway.fits(want, held, now) : 0;
            Units given = want.each.times(fits);
            granted[kind] = granted[kind].plus(given);
            held = held.plus(given);
            if (!want.critical && fits > 0) {
                leeway.pace(given, held, now);
            }
            if (fits < want.calls && !want.ahead) {
                next[kind] = Math.min(next[kind], leeway.free(want.critical, want.each, held, now));
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

    private void setBack(long by, long now) {
        leeway.setBack(by, now);
        holders.replaceAll(
                (name, holder) -> new Holder(holder.held, holder.slots, holder.wantedSlots, holder.until - by));
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
            leeway.close(refused, now);
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

    /**
     * When so many more units could go, if nobody else took any. Beyond the limit of a window its next rounds are counted
     * in, so that what has to wait can be given times that follow each other.
     */
    public Instant due(boolean critical, Units units, Instant at) {
        return instant(leeway.free(critical, units, held(), at.toEpochMilli()));
    }

    /** The window that keeps so much waiting longest; empty when none does. */
    public Optional<Window> tightest(boolean critical, Units units, Instant at) {
        return leeway.tightest(critical, units, held(), at.toEpochMilli());
    }

    /** No call goes before. */
    public Instant closedUntil() {
        return Instant.ofEpochMilli(leeway.closedUntil);
    }

    /** Lets calls go on that the remote has refused for a while: a person knows better. */
    public void open() {
        leeway.closedUntil = 0;
    }

    /**
     * How a window stands.
     *
     * @param used what is under way included
     * @param crossed the threshold that was crossed since the last look, in percent; 0 for none
     * @param perHour units an hour, of late
     */
    public record Level(
            Window window, long used, long limit, Instant since, Instant until, int crossed, double perHour) {

        /** When it will be used up at the rate of late; empty when it begins anew before that. */
        public Optional<Instant> exhausted(Instant now) {
            if (used >= limit) {
                return Optional.of(now);
            }
            double hours = (limit - used) / perHour;
            Instant at = perHour <= 0 || hours > 24 * 366 ? Instant.MAX : now.plusMillis((long) (hours * 3_600_000));
            return at.isBefore(until) ? Optional.of(at) : Optional.empty();
        }
    }

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
                        use.crossing(thresholds),
                        use.rate(now)))
                .toList();
    }

    /** Units that a window allows, by the file or by the remote's word; by its name. */
    public Map<String, Long> limits() {
        return windows.stream().collect(Collectors.toMap(use -> use.window().name(), WindowUse::limit, Math::max));
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
