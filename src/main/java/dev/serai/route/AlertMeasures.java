package dev.serai.route;

import dev.serai.alert.Measures;
import dev.serai.alert.Measures.Failing;
import dev.serai.alert.Measures.Levels;
import dev.serai.alert.Measures.Open;
import dev.serai.alert.Measures.Pattern;
import dev.serai.alert.Measures.Span;
import dev.serai.alert.Rules;
import dev.serai.run.Admission;
import dev.serai.store.AlertSights;
import dev.serai.store.Backlog;
import dev.serai.store.HubRooms;
import dev.serai.store.Slices;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** Takes the measures that the rules ask for. */
public final class AlertMeasures {
    private static final Duration DISK_EVERY = Duration.ofMinutes(1);

    private final Stores stores;
    private final Hub hub;
    private final int inFlight;
    private Instant diskAt = Instant.EPOCH;
    private double disk;

    /** The tables. */
    public record Stores(AlertSights sights, HubRooms rooms, Backlog backlog, Tallies tallies, Slices slices) {
        public static Stores of(DataSource database, Slices slices) {
            return new Stores(
                    new AlertSights(database),
                    new HubRooms(database),
                    new Backlog(database),
                    new Tallies(database),
                    slices);
        }
    }

    /** @param inFlight runs that a hub may hold */
    public AlertMeasures(Stores stores, Hub hub, int inFlight) {
        this.stores = stores;
        this.hub = hub;
        this.inFlight = inFlight;
    }

    /** Says that this hub is there, and how many runs it may hold: the hub that judges knows only of itself. */
    void here(String hub, Instant now) throws SQLException {
        stores.rooms.here(hub, inFlight, now);
    }

    /** @param patience after which a hub that says nothing is taken for gone */
    Measures take(Rules rules, Instant now, Duration patience) throws SQLException {
        // first: growth is counted up to the last dead letter that is sorted into a pattern
        List<Pattern> patterns = stores.sights.patterns(now);
        List<Open> open = stores.backlog.read(now).stream()
                .map(line -> new Open(line.flow(), line.state(), line.runs(), line.due()))
                .toList();
        Map<Duration, Map<String, Long>> growth = new HashMap<>();
        for (Duration window : Measures.growthWindows(rules)) {
            growth.put(window, stores.sights.growth(Measures.start(window, now)));
        }
        Map<Span, Map<String, Long>> sums = new HashMap<>();
        for (Span span : Measures.spans(rules, now)) {
            sums.put(span, stores.tallies.minutes(span));
        }
        for (Duration window : Measures.requestWindows(rules)) {
            requests(window, now, sums);
        }
        if (!now.isBefore(diskAt.plus(DISK_EVERY))) {
            disk = stores.slices.diskPercent();
            diskAt = now;
        }
        var levels = new Levels(stores.rooms.percent(now.minus(patience)), disk);
        List<Failing> failing = DailyProof.failing(hub).stream()
                .map(one -> new Failing(one.connection(), one.since(), one.reason()))
                .toList();
        return new Measures(
                now, patterns, open, growth, sums, levels, hub.subscribers().own(), failing);
    }

    /** All that became of them at once: most words never come. */
    private void requests(Duration window, Instant now, Map<Span, Map<String, Long>> sums) throws SQLException {
        var kinds = Set.of("request");
        // what a whole day brought is a matter of hours
        String unit = window.compareTo(Measures.DAY) < 0 ? "minute" : "hour";
        for (Count count : stores.tallies.sums(unit, kinds, Measures.start(window, now))) {
            Admission.of(count.outcome()).ifPresent(admission -> sums.computeIfAbsent(
                            Measures.span(Measures.requests(admission), window, now), span -> new HashMap<>())
                    .put(count.name(), count.count()));
        }
    }
}
