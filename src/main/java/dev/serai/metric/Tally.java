package dev.serai.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was counted since somebody took it last. */
public final class Tally {
    private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

    /** @param kind flow, step, call, cache or door @param part a step or an operation; empty for the whole */
    public record Key(String kind, String name, String part, String outcome) {}

    /** So often since the last time. */
    public record Counted(Key key, long count) {}

    void add(String kind, String name, String part, String outcome) {
        add(new Key(kind, name, part, outcome), 1);
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
