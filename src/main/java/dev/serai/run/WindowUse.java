package dev.serai.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Window.Counting;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What is used of a window. Times are milliseconds since the epoch; whoever rounds, rounds to the safe side. */
final class WindowUse {
    /** Slots of a sliding window: what ends within the same one is remembered as one, until the end of the slot. */
    private static final long SLOTS = 500;
    /** How far below a threshold a sliding budget must fall before it can be crossed again. */
    private static final int FALLEN = 5;

    /** Milliseconds. */
    private static final double RATED_OVER = 3_600_000;

    private final Window window;
    private final long per;
    /** Sliding: units by the time from which they count no more. */
    private final TreeMap<Long, Long> log = new TreeMap<>();
    /** The limit the remote tells; 0 while it has told none. */
    private long told;
    /** Flowing: units a second that come back by the remote's word; 0 while it has told none. */
    private long restored;
    /** Not sliding: units used since {@code since}; flowing: at {@code since}. */
    private double used;

    private long since;
    /** Fixed: when the period ends; 0 while none has begun. */
    private long end;
    /** Until when what is not critical has had its turn. */
    private long pacedUntil;
    /** The threshold that was crossed last, in percent. */
    private int crossed;
    /** Units an hour of late, at {@code ratedAt}; what is an hour old counts a third. */
    private double rate;

    private long ratedAt;

    WindowUse(Window window) {
        this.window = window;
        this.per = window.per().toMillis();
    }

    static WindowUse of(Window window, ObjectNode state) {
        var use = new WindowUse(window);
        use.told = state.path("told").asLong();
        use.restored = state.path("restored").asLong();
        use.crossed = state.path("crossed").asInt();
        use.pacedUntil = state.path("paced_until").asLong();
        use.rate = state.path("rate").asDouble();
        use.ratedAt = state.path("rated_at").asLong();
        // what was counted another way says nothing any more
        if (window.counting().name().equals(state.path("counting").asText())) {
            use.used = state.path("used").asDouble();
            use.since = state.path("since").asLong();
            use.end = state.path("end").asLong();
            var entries = state.path("log");
            for (int i = 0; i + 1 < entries.size(); i += 2) {
                use.log.merge(entries.get(i).asLong(), entries.get(i + 1).asLong(), Long::sum);
            }
        }
        return use;
    }

    ObjectNode state() {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.put("counting", window.counting().name()).put("told", told).put("restored", restored);
        if (window.counting() == Counting.SLIDING) {
            var entries = state.putArray("log");
            log.forEach((at, units) -> entries.add(at).add(units));
        } else {
            state.put("used", used).put("since", since).put("end", end);
        }
        return state.put("paced_until", pacedUntil)
                .put("crossed", crossed)
                .put("rate", rate)
                .put("rated_at", ratedAt);
    }

    Window window() {
        return window;
    }

    long limit() {
        long limit = told > 0 ? told : window.limit();
        return window.cap() > 0 && !flowing() ? Math.min(limit, window.cap()) : limit;
    }

    private boolean flowing() {
        return window.counting() == Counting.FLOWING;
    }

    /** Milliseconds in which so many units come back. */
    double takes(long units) {
        return flowing() ? units / flow() : (double) units * per / limit();
    }

    /** Units that come back in a millisecond. What a bucket holds says nothing of how fast it fills. */
    private double flow() {
        double flow = restored > 0 ? restored / 1000.0 : (double) window.limit() / per;
        return window.cap() > 0 ? Math.min(flow, (double) window.cap() / per) : flow;
    }

    /** Forgets what counts no more. */
    void roll(long now) {
        switch (window.counting()) {
            case SLIDING -> log.headMap(now, true).clear();
            case FLOWING -> {
                used = Math.max(0, used - Math.max(0, now - since) * flow());
                since = Math.max(since, now);
            }
            case FIXED -> {
                if (end > 0 && now >= end) {
                    begin(0, 0);
                }
            }
            default -> {
                if (now >= end) {
                    Instant at = Instant.ofEpochMilli(now);
                    begin(window.begin(at).toEpochMilli(), window.end(at).toEpochMilli());
                }
            }
        }
    }

    /** The clock shows an earlier time than before: what counts, and what is told, lasts as long as it would have. */
    void setBack(long by, long now) {
        if (window.counting() == Counting.SLIDING) {
            var entries = new TreeMap<>(log);
            log.clear();
            entries.forEach((until, units) -> log.put(until - by, units));
        } else if (window.counting() == Counting.FLOWING || window.counting() == Counting.FIXED) {
            since -= by;
            end = end > 0 ? end - by : 0;
        } else if (now < since) {
            Instant at = Instant.ofEpochMilli(now);
            since = window.begin(at).toEpochMilli();
            end = window.end(at).toEpochMilli();
        }
        pacedUntil -= by;
        ratedAt -= by;
    }

    private void begin(long first, long last) {
        since = first;
        end = last;
        used = 0;
        crossed = 0;
        pacedUntil = 0;
    }

    long used() {
        return window.counting() == Counting.SLIDING
                ? log.values().stream().mapToLong(Long::longValue).sum()
                : (long) Math.ceil(used);
    }

    /** Counts what was used. @param at when the remote had certainly counted it, at the latest */
    void add(long units, long at, long now) {
        if (units <= 0) {
            return;
        }
        rate = rate(now) + units;
        ratedAt = now;
        if (window.counting() == Counting.SLIDING) {
            count(units, at + per, now);
            return;
        }
        if (window.counting() == Counting.FIXED && end == 0) {
            since = at;
            end = at + per;
        }
        used += units;
    }

    private void count(long units, long until, long now) {
        long slot = Math.max(1, per / SLOTS);
        long free = (until + slot - 1) / slot * slot;
        if (free > now) {
            log.merge(free, units, Long::sum);
        }
    }

    /**
     * When so many more units fit, if nobody else takes any: what comes after the limit is used up waits for the next
     * round.
     *
     * @param held taken and not yet counted; {@link Long#MAX_VALUE} when that alone is in the way
     */
    long free(long units, long held, long now) {
        long limit = limit();
        long rounds = units <= limit ? 0 : (units - 1) / limit;
        long need = units - rounds * limit;
        long left = limit - used() - held;
        long later = flowing() ? (long) Math.ceil(takes(rounds * limit)) : rounds * per;
        if (left >= need) {
            return now + later;
        }
        if (flowing()) {
            return now + later + (long) Math.ceil(takes(need - left));
        }
        if (window.counting() != Counting.SLIDING) {
            return end == 0 ? Long.MAX_VALUE : end + later;
        }
        for (Map.Entry<Long, Long> entry : log.entrySet()) {
            left += entry.getValue();
            if (left >= need) {
                return entry.getKey() + later;
            }
        }
        return Long.MAX_VALUE;
    }

    /** When what is not critical has its next turn in a budget that runs out; {@code now} while it need not wait. */
    long paced(long now) {
        return Math.max(now, pacedUntil);
    }

    /**
     * What is not critical has its share of a budget that runs out: an even part of what is left.
     *
     * @param reserve units that are not for it
     */
    void pace(long units, long reserve, long now) {
        double perMilli = evenly(reserve, now);
        pacedUntil = perMilli <= 0 ? end : paced(now) + (long) Math.ceil(units / perMilli);
    }

    /** When the last of so many units has its turn, evenly from the next one on; with the next period all begins anew. */
    long pacedFor(long units, long reserve, long now) {
        double perMilli = evenly(reserve, now);
        long at = perMilli <= 0 ? paced(now) : paced(now) + (long) ((units - 1) / perMilli);
        return window.counting() == Counting.SLIDING ? at : Math.min(end, at);
    }

    /** Units a millisecond that use up what is left just at the end of the period. */
    private double evenly(long reserve, long now) {
        if (window.counting() == Counting.SLIDING) {
            return (double) (limit() - reserve) / per;
        }
        return (double) (limit() - reserve - used()) / Math.max(1, end - now);
    }

    /** Takes over what the remote says. @param ours units of ours it may have counted that are not counted here yet */
    void hear(Heard heard, long ours, long now) {
        heard.limit().stream().filter(limit -> limit > 0).forEach(limit -> told = limit);
        heard.restore().stream().filter(units -> units > 0).forEach(units -> restored = units);
        boolean fixed = window.counting() != Counting.SLIDING && !flowing();
        long reset = heard.reset()
                .map(wait -> Math.min(wait.toMillis(), 2 * per))
                .filter(wait -> wait > 0)
                .orElse(0L);
        if (fixed && reset > 0) {
            // the period that began last is the one that is told of
            since = now + reset - per;
            end = now + reset;
        }
        long more = heard.remaining().isPresent()
                ? limit() - Math.max(0, heard.remaining().getAsLong()) - used() - ours
                : 0;
        if (more > 0 && window.counting() == Counting.SLIDING) {
            count(more, now + (reset > 0 ? Math.min(reset, per) : per), now);
        } else if (more > 0) {
            add(more, now, now);
        }
    }

    /** The remote says that it is used up. */
    void usedUp(long reset, long now) {
        if (window.counting() == Counting.FIXED && reset > 0) {
            end = now + reset;
        }
        if (window.counting() != Counting.SLIDING && !flowing() && end > now) {
            used = Math.max(used, limit());
        }
    }

    /** The threshold of a budget that was crossed just now, in percent; 0 for none. */
    int crossing(Allowance.Thresholds at) {
        int percent = percent();
        int reached = percent >= at.alarmAt() ? at.alarmAt() : percent >= at.warnAt() ? at.warnAt() : 0;
        if (!window.budget() || reached <= crossed) {
            if (percent < crossed - FALLEN) {
                crossed = reached;
            }
            return 0;
        }
        crossed = reached;
        return reached;
    }

    int percent() {
        return (int) (100 * used() / limit());
    }

    /** Units an hour, of late. */
    double rate(long now) {
        return rate * Math.exp(-Math.max(0, now - ratedAt) / RATED_OVER);
    }

    /** When the period began and ends; of one that has none, the time that is looked back over. */
    Instant since(long now) {
        return Instant.ofEpochMilli(end > 0 ? since : now - per);
    }

    Instant until(long now) {
        return Instant.ofEpochMilli(end > 0 ? end : now + per);
    }
}
