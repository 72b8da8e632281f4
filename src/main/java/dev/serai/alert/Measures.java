package dev.serai.alert;

import dev.serai.run.Admission;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What was seen of the hubs at one moment.
 *
 * @param patterns dead letters that failed alike, the most first
 * @param open runs that are not done, by flow and state
 * @param growth dead letters by flow, for each window that a rule asks for
 * @param sums what was counted within a span
 * @param ownFlows flows that only deliver alerts
 * @param failing connections in use that fail their proofs
 */
public record Measures(
        Instant now,
        List<Pattern> patterns,
        List<Open> open,
        Map<Duration, Map<String, Long>> growth,
        Map<Span, Map<String, Long>> sums,
        Levels levels,
        Set<String> ownFlows,
        List<Failing> failing) {

    /** A connection that fails. @param reason what its last proof found */
    public record Failing(String connection, Instant since, String reason) {}

    /**
     * Dead letters of a step that failed alike.
     *
     * @param errorClass a word of {@link dev.serai.run.ErrorClass}
     * @param connection empty when none was called
     * @param died how many of them did within each minute of the last day
     */
    public record Pattern(
            String flow,
            String step,
            String reason,
            long runs,
            String errorClass,
            String connection,
            String newest,
            Blast blast,
            boolean own,
            SortedMap<Instant, Long> died) {
        long diedSince(Instant from) {
            return died.tailMap(from).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /**
     * What it touches.
     *
     * @param records how many
     * @param unclear writes that can be neither repeated nor looked up and were begun
     * @param lookedUp writes that were begun and are looked up before they are sent again
     * @param resting records that rest, as they failed alike again and again
     * @param held runs that wait until these have rested
     */
    public record Blast(long records, long unclear, long lookedUp, long resting, long held) {
        /** No record rests. */
        public Blast(long records, long unclear, long lookedUp) {
            this(records, unclear, lookedUp, 0, 0);
        }
    }

    /** @param late since when the first that could begin waits; null when none does */
    public record Open(String flow, String state, long runs, Instant late) {}

    /** In percent. */
    public record Levels(double capacity, double disk) {}

    /** What hubs count, as their tally names it. @param outcome empty for all of its kind */
    public record Counted(String kind, String outcome) {}

    /** What was counted from one minute, or hour, to another. */
    public record Span(Counted what, Instant from, Instant to) {}

    public static final Counted EVENTS = new Counted("event", "");
    public static final Counted DONE = new Counted("flow", "done");
    public static final Counted DEAD = new Counted("flow", "dead");
    public static final Counted UNREADABLE = new Counted("unreadable", "");
    public static final Counted REQUESTS = new Counted("door", "");
    public static final Counted SLOW = new Counted("slow_door", "");

    /** Of what is told until it has not happened for a day. */
    public static final Duration DAY = Duration.ofDays(1);

    /** Fewer refused requests of a source may be anybody's. */
    public static final long FEWEST_REFUSED = 5;

    /** Requests at the doors, by source. */
    public static Counted requests(Admission admission) {
        return new Counted("request", admission.word());
    }

    /** The windows over which refused requests are counted. */
    public static Set<Duration> requestWindows(Rules rules) {
        var windows = new HashSet<Duration>();
        rules.on().stream()
                .filter(rule -> rule.signal() == Signal.REQUESTS_REFUSED)
                .forEach(rule -> windows.addAll(List.of(rule.window(), DAY)));
        return windows;
    }

    /** The spans that the rules need. */
    public static Set<Span> spans(Rules rules, Instant now) {
        var spans = new HashSet<Span>();
        for (Rule rule : rules.on()) {
            switch (rule.signal()) {
                case SUCCESS_RATIO -> {
                    spans.add(span(DONE, rule.window(), now));
                    spans.add(span(DEAD, rule.window(), now));
                }
                case RECORDS_UNREADABLE -> spans.add(span(UNREADABLE, rule.window(), now));
                case INTAKE_LATENCY -> {
                    spans.add(span(REQUESTS, rule.window(), now));
                    spans.add(span(SLOW, rule.window(), now));
                }
                case RATE_DROP, RATE_RISE -> {
                    spans.add(span(EVENTS, rule.window(), now));
                    spans.add(span(EVENTS, rule.window(), now.minus(rule.window())));
                    spans.add(span(EVENTS, rule.window(), now.minus(Duration.ofDays(1))));
                }
                default -> {}
            }
        }
        return spans;
    }

    /** The windows over which dead letters are counted. */
    public static Set<Duration> growthWindows(Rules rules) {
        var windows = new HashSet<Duration>();
        rules.on().stream()
                .filter(rule -> rule.signal() == Signal.DEAD_LETTER_GROWTH)
                .forEach(rule -> windows.add(rule.window()));
        return windows;
    }

    /** Where a window begins, in whole minutes. */
    public static Instant start(Duration window, Instant now) {
        return span(DEAD, window, now).from();
    }

    /** Whole minutes, as counts are kept; the minute that is under way belongs to it. */
    public static Span span(Counted what, Duration window, Instant now) {
        long minute = now.getEpochSecond() / 60;
        Instant to = Instant.ofEpochSecond((minute + 1) * 60);
        return new Span(what, to.minus(window), to);
    }

    Map<String, Long> sum(Span span) {
        return sums.getOrDefault(span, new HashMap<>());
    }
}
