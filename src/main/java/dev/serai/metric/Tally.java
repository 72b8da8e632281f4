package dev.serai.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What this hub counted since somebody took it last; the one place where it counts for people, rules and the digest. */
public final class Tally {
    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    /**
     * What happened.
     *
     * @param kind flow, delivery_ms, step, call, cache, door, slow_door, request, event, repeat or unreadable
     * @param name of the flow, connection or source
     * @param part a step or an operation; empty for the whole
     * @param outcome a word of a fixed list; empty where there is but one
     */
    public record Key(String kind, String name, String part, String outcome) {}

    /** So often since the last time. */
    public record Counted(Key key, long count) {}

    void add(String kind, String name, String part, String outcome) {
        add(new Key(kind, name, part, outcome), 1);
    }

    void add(String kind, String name, long count) {
        add(new Key(kind, name, "", ""), count);
    }

    private void add(Key key, long count) {
        counts.computeIfAbsent(key, k -> new LongAdder()).add(count);
    }

    /** Takes what there is; the counting begins anew. */
    public List<Counted> take() {
        var taken = new ArrayList<Counted>();
        counts.forEach((key, count) -> {
            long sum = count.sumThenReset();
            if (sum > 0) {
                taken.add(new Counted(key, sum));
            }
        });
        return taken;
    }

    /** What could not be kept is counted again the next time. */
    public void giveBack(List<Counted> taken) {
        taken.forEach(each -> add(each.key, each.count));
    }
}
