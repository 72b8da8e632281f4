package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.drift.Finding;
import dev.serai.drift.Kind;
import dev.serai.file.Place;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts.Drift;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Values that tables let pass, each counted once until it is drained; a flood of different ones takes bounded memory. */
public final class PassedValues {
    private static final int MOST = 500;
    private static final Pattern WORD = Pattern.compile("[\\p{L}0-9][\\p{L}0-9 _.:/-]{0,29}");
    private static final int MOST_DIGITS = 4;

    private final InstantSource clock;
    private final Map<Passed, Count> counts = new HashMap<>();

    private record Passed(Stream stream, String path, String shown) {}

    private record Count(Place table, long event, Instant at, long times) {
        Count once() {
            return new Count(table, event, at, times + 1);
        }
    }

    public PassedValues(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void note(Stream stream, long event, String path, Place table, String shown) {
        var passed = new Passed(stream, path, shown);
        Count before = counts.get(passed);
        if (before != null) {
            counts.put(passed, before.once());
        } else if (counts.size() < MOST) {
            counts.put(passed, new Count(table, event, clock.instant(), 1));
        }
    }

    /** What has passed since the last call. */
    synchronized List<Drift> drain() {
        var all = new ArrayList<Drift>();
        counts.forEach((passed, count) -> all.add(Drift.of(
                passed.stream,
                new Finding(
                        Kind.PASSED,
                        passed.path,
                        passed.shown,
                        count.table.toString(),
                        passed.shown,
                        count.event,
                        count.at),
                count.times)));
        counts.clear();
        return all;
    }

    /** Whether it looks like a word of a list that somebody chooses from: short, and neither an address nor a number. */
    static boolean isWord(JsonNode value) {
        String text = value.asText();
        return WORD.matcher(text).matches()
                && text.chars().filter(Character::isDigit).count() <= MOST_DIGITS;
    }
}
