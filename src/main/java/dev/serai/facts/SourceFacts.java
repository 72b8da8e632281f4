package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Measures;
import dev.serai.alert.Signal;
import dev.serai.run.Admission;
import dev.serai.store.AlertBook.Entry;
import dev.serai.store.AlertDesk;
import dev.serai.store.Cursors;
import dev.serai.store.Cursors.Position;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import dev.serai.store.Tallies.Habit;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is told of where events come from: what came, what was refused and why, and whether a source is silent. */
public final class SourceFacts {
    private static final Set<String> KINDS = Set.of("event", "repeat", "request");
    /** The door of one's own systems, flows that make events, and the hub itself: no connection of that name is asked for. */
    private static final Map<String, String> OURS = Map.of("api", "api", "route", "flow");

    private static final String HUB = "serai";

    private static final int MOST_ALERTS = 1_000;

    /** Weekends and holidays belong to a habit. */
    private static final Duration HABIT = Duration.ofDays(28);
    /** Who is not known for that long has none yet. */
    private static final Duration KNOWN = Duration.ofDays(7);

    private final Tallies tallies;
    private final Cursors cursors;
    private final AlertDesk alerts;

    public SourceFacts(Tallies tallies, Cursors cursors, AlertDesk alerts) {
        this.tallies = tallies;
        this.cursors = cursors;
        this.alerts = alerts;
    }

    /** What was counted. @param byName all of it, by source */
    private record Counts(Map<String, List<Count>> byName) {
        static Counts of(List<Count> all) {
            return new Counts(all.stream().collect(Collectors.groupingBy(Count::name)));
        }

        List<Count> of(String source) {
            return byName.getOrDefault(source, List.of());
        }
    }

    /** One look at all tables. */
    private record Look(
            Instant now,
            Counts hour,
            Counts day,
            Counts week,
            Map<String, Habit> habits,
            Set<String> polled,
            Map<String, List<Entry>> alerts) {
        List<Entry> alertsOf(String source) {
            return alerts.getOrDefault(source, List.of());
        }
    }

    /**
     * All sources that are open or of which something came within four weeks, by name; last, without a name, requests for
     * sources that there are not.
     *
     * @param doors of each connection with webhooks why it lets nobody in; empty when it is open
     */
    public ArrayNode list(Map<String, Optional<String>> doors, Instant now) throws SQLException {
        var look = new Look(
                now,
                Counts.of(tallies.sums("minute", KINDS, now.minus(Duration.ofHours(1)))),
                Counts.of(tallies.sums("minute", KINDS, now.minus(Duration.ofDays(1)))),
                Counts.of(tallies.sums("hour", KINDS, now.minus(Duration.ofDays(7)))),
                tallies.habits(now.minus(HABIT)),
                cursors.all().stream().map(Position::connection).collect(Collectors.toSet()),
                alerts(now));
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (String source : names(doors, look)) {
            list.add(json(source, doors.get(source), look));
        }
        if (!look.week.of("").isEmpty()) {
            list.add(json("", null, look));
        }
        return list;
    }

    private static Set<String> names(Map<String, Optional<String>> doors, Look look) {
        var names = new TreeSet<>(look.habits.keySet());
        names.addAll(look.week.byName.keySet());
        names.addAll(look.polled);
        doors.forEach((name, closed) -> {
            if (closed.isEmpty()) {
                names.add(name);
            }
        });
        names.removeAll(Set.of("", HUB));
        return names;
    }

    private Map<String, List<Entry>> alerts(Instant now) throws SQLException {
        var open = new HashMap<String, List<Entry>>();
        for (Entry entry : alerts.list(true, now.plusSeconds(60), MOST_ALERTS)) {
            if (Signal.isOfSources(entry.signal())) {
                open.computeIfAbsent(entry.body().path("connection").asText(), source -> new ArrayList<>())
                        .add(entry);
            }
        }
        return open;
    }

    /** @param closed null where there is no door for webhooks */
    private static ObjectNode json(String source, Optional<String> closed, Look look) {
        Habit habit = look.habits.get(source);
        Instant last = last(look, source, habit);
        Long quiet = last == null
                ? null
                : Math.max(0, Duration.between(last, look.now).toSeconds());
        Long pause = known(habit, look.now) ? habit.longestPause().toSeconds() : null;
        boolean silent = quiet != null
                && pause != null
                && quiet >= pause + Duration.ofHours(1).toSeconds();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("source", source);
        ways(source, closed, look).forEach(json.putArray("ways")::add);
        json.put("state", state(source, closed, look, last, silent));
        json.put("closed", closed == null ? null : closed.orElse(null));
        json.put("last_event", RunFacts.text(last));
        json.put("last_refused", RunFacts.text(lastRefused(look, source)));
        json.set("hour", counts(look.hour.of(source)));
        json.set("day", counts(look.day.of(source)));
        json.set("week", counts(look.week.of(source)));
        json.put("quiet_seconds", quiet).put("longest_pause_seconds", pause);
        ArrayNode alerts = json.putArray("alerts");
        look.alertsOf(source).forEach(entry -> alerts.add(entry.alert().name()));
        return json;
    }

    private static boolean known(Habit habit, Instant now) {
        return habit != null && !habit.first().isAfter(now.minus(KNOWN));
    }

    /** The minute; the hour, when that is more than a day ago. */
    private static Instant last(Look look, String source, Habit habit) {
        return look.day.of(source).stream()
                .filter(count -> count.kind().equals("event"))
                .map(Count::minute)
                .findFirst()
                .orElse(habit == null ? null : habit.last());
    }

    private static Instant lastRefused(Look look, String source) {
        return refusals(look.day.of(source))
                .map(Count::minute)
                .max(Comparator.naturalOrder())
                .or(() -> refusals(look.week.of(source)).map(Count::minute).max(Comparator.naturalOrder()))
                .orElse(null);
    }

    private static Stream<Count> refusals(List<Count> counts) {
        return counts.stream()
                .filter(count ->
                        count.kind().equals("request") && !count.outcome().equals(Admission.ACCEPTED.word()));
    }

    private static List<String> ways(String source, Optional<String> closed, Look look) {
        var ways = new ArrayList<String>();
        if (closed != null) {
            ways.add("webhook");
        }
        if (look.polled.contains(source)) {
            ways.add("poll");
        }
        Optional.ofNullable(OURS.get(source)).ifPresent(ways::add);
        return ways;
    }

    /** What a person should know first. */
    private static String state(String source, Optional<String> closed, Look look, Instant last, boolean silent) {
        if (source.isEmpty()) {
            return "unknown";
        }
        if (closed != null && closed.isPresent()) {
            return "shut";
        }
        boolean told =
                look.alertsOf(source).stream().anyMatch(entry -> entry.signal().equals(Signal.REQUESTS_REFUSED.word()));
        if (told || Stream.of(look.hour, look.day, look.week).anyMatch(span -> nothingGetsThrough(span.of(source)))) {
            return "refused";
        }
        if (silent) {
            return "silent";
        }
        return last == null ? "new" : "fine";
    }

    /** One request or two may be a stranger's. */
    private static boolean nothingGetsThrough(List<Count> counts) {
        long refused = refusals(counts)
                .filter(count -> Admission.of(count.outcome())
                        .map(Admission::refusedForGood)
                        .orElse(true))
                .mapToLong(Count::count)
                .sum();
        return refused >= Measures.FEWEST_REFUSED && sum(counts, "request", Admission.ACCEPTED.word()) == 0;
    }

    private static long sum(List<Count> counts, String kind, String outcome) {
        return counts.stream()
                .filter(count -> count.kind().equals(kind) && count.outcome().equals(outcome))
                .mapToLong(Count::count)
                .sum();
    }

    private static ObjectNode counts(List<Count> counts) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("events", sum(counts, "event", "")).put("repeats", sum(counts, "repeat", ""));
        json.put("accepted", sum(counts, "request", Admission.ACCEPTED.word()));
        var refused = new TreeMap<String, Long>();
        refusals(counts).forEach(count -> refused.merge(count.outcome(), count.count(), Long::sum));
        json.put("refused", refused.values().stream().mapToLong(Long::longValue).sum());
        ArrayNode reasons = json.putArray("reasons");
        refused.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(each -> reasons.addObject()
                        .put("reason", each.getKey())
                        .put("requests", each.getValue())
                        .put(
                                "meaning",
                                Admission.of(each.getKey())
                                        .map(Admission::meaning)
                                        .orElse("")));
        return json;
    }
}
