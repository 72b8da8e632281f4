package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.drift.Budget;
import dev.serai.drift.Finding;
import dev.serai.drift.Shape;
import dev.serai.drift.ShapeJson;
import dev.serai.store.DriftShapes;
import dev.serai.store.DriftShapes.Event;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts;
import dev.serai.store.Drifts.Drift;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drift radar at work: once a second it reads the newest events from the store, beside everything else, and learns
 * their shapes. One hub does at a time. What it has learned is stored together with how far it has read, so that another
 * hub, or this one after a restart, goes on as if nothing had happened.
 */
public final class DriftWatch implements AutoCloseable {
    /** Bodies beyond that are not looked at. */
    static final int LARGEST_BODY = 256 * 1024;
    /** Shared by all shapes, about a hundred bytes each. */
    static final int MARKS = 200_000;

    static final int MOST_STREAMS = 1_000;

    /** Findings of a stream are told together, once nothing more is found for so long. */
    static final Duration QUIET = Duration.ofSeconds(10);

    static final Duration LEASE = Duration.ofSeconds(60);
    private static final Duration KEEP_EVERY = Duration.ofSeconds(20);
    private static final Duration TIDY_EVERY = Duration.ofHours(1);
    private static final Duration KEEP = Duration.ofDays(90);

    /** Seconds of events that are caught up with; beyond that, some are left out. */
    private static final int CATCH_UP = 20;

    private static final Logger LOG = LoggerFactory.getLogger(DriftWatch.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Stores stores;
    private final Hub hub;
    private final Supplier<DriftHits> hits;
    private final Limits limits;
    private final DriftAlerts alerts;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-drift");
        thread.setDaemon(true);
        return thread;
    });
    private Learned learned;
    private List<Drift> passed = List.of();
    private Instant tidied = Instant.EPOCH;

    /** The tables. */
    public record Stores(DriftShapes shapes, Drifts drifts) {}

    /** @param sample most events in a second; 0 for none */
    public record Limits(String hubName, int sample) {}

    /** What this hub knows while it is the one that looks. */
    private static final class Learned {
        private final Budget budget = new Budget(MARKS);
        private final Map<Stream, Shape> shapes = new HashMap<>();
        private final Set<Stream> changed = new HashSet<>();
        private final List<Drift> found = new ArrayList<>();
        private long position;
        private long kept;
        private Instant keptAt;
        private boolean sampled;
    }

    public DriftWatch(Stores stores, Hub hub, Supplier<DriftHits> hits, Alerts alerts, Limits limits) {
        this.stores = stores;
        this.hub = hub;
        this.hits = hits;
        this.limits = limits;
        this.alerts = new DriftAlerts(alerts);
    }

    /** Looks once a second from now on. */
    public void start() {
        timer.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            look();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("drift.not_looked: {}; trying again in a second", e.getMessage());
        }
    }

    /** One look. When the store is away, what was learned since the last time it was kept is learned again. */
    synchronized void look() throws SQLException {
        Instant now = hub.clock().instant();
        notePassed(now);
        if (limits.sample > 0) {
            watch(now);
        }
        tell(now);
        if (tidied.plus(TIDY_EVERY).isBefore(now)) {
            stores.drifts.tidy(now.minus(KEEP));
            stores.shapes.tidy(now.minus(KEEP));
            tidied = now;
        }
    }

    private void notePassed(Instant now) throws SQLException {
        if (passed.isEmpty()) {
            passed = hub.passed().drain();
        }
        if (!passed.isEmpty()) {
            stores.drifts.note(now, passed);
            passed = List.of();
        }
    }

    private void watch(Instant now) throws SQLException {
        Optional<Long> position = stores.shapes.claim(limits.hubName, now, LEASE);
        if (position.isEmpty()) {
            learned = null;
            return;
        }
        if (learned == null || learned.kept != position.get()) {
            learned = load(position.get(), now);
        }
        DriftShapes.Next next = stores.shapes.next(learned.position, limits.sample, LARGEST_BODY);
        next.events().forEach(this::take);
        learned.position = next.position();
        if (next.events().size() == limits.sample) {
            stores.shapes
                    .skip(learned.position, CATCH_UP * limits.sample, limits.sample)
                    .ifPresent(newest -> {
                        learned.position = newest;
                        learned.sampled = true;
                    });
        }
        boolean due = !learned.keptAt.plus(KEEP_EVERY).isAfter(now) && learned.position != learned.kept;
        if (due || !learned.found.isEmpty()) {
            keep(now);
        }
    }

    /** The number up to which it has looked; 0 while another hub is the one that looks. */
    synchronized long position() {
        return learned == null ? 0 : learned.position;
    }

    private Learned load(long position, Instant now) throws SQLException {
        var fresh = new Learned();
        fresh.position = position;
        fresh.kept = position;
        fresh.keptAt = now;
        for (var shape : stores.shapes.shapes().entrySet()) {
            try {
                fresh.shapes.put(shape.getKey(), ShapeJson.read(JSON.readTree(shape.getValue()), fresh.budget));
            } catch (JsonProcessingException | IllegalArgumentException e) {
                LOG.warn("drift.shape_unreadable {}: it is learned again", shape.getKey());
            }
        }
        return fresh;
    }

    private void take(Event event) {
        Stream stream = event.stream();
        boolean own = stream.source().equals(Alerts.SOURCE);
        boolean room = learned.shapes.containsKey(stream) || learned.shapes.size() < MOST_STREAMS;
        if (own || event.payload() == null || !room) {
            return;
        }
        Shape shape = learned.shapes.computeIfAbsent(stream, s -> new Shape(learned.budget));
        List<Finding> found = shape.take(event.id(), event.at(), body(event.payload()));
        learned.changed.add(stream);
        found.forEach(finding -> learned.found.add(Drift.of(stream, finding, 0)));
    }

    /** Null when it is no JSON. */
    private static JsonNode body(byte[] payload) {
        try {
            return JSON.readTree(payload);
        } catch (IOException e) {
            return null;
        }
    }

    private void keep(Instant now) throws SQLException {
        var shapes = new HashMap<Stream, String>();
        for (Stream stream : learned.changed) {
            shapes.put(stream, ShapeJson.write(learned.shapes.get(stream)).toString());
        }
        var seen = new DriftShapes.Seen(learned.position, learned.sampled, shapes, List.copyOf(learned.found));
        if (!stores.shapes.keep(limits.hubName, now, seen)) {
            learned = null;
            return;
        }
        for (Drift drift : learned.found) {
            hub.metrics()
                    .drifted(drift.stream().source(), drift.finding().kind().words());
            LOG.atWarn()
                    .addKeyValue("source", drift.stream().source())
                    .addKeyValue("type", drift.stream().type())
                    .addKeyValue("kind", drift.finding().kind())
                    .addKeyValue("field", drift.finding().path())
                    .log("drift.found");
        }
        learned.kept = learned.position;
        learned.keptAt = now;
        learned.sampled = false;
        learned.changed.clear();
        learned.found.clear();
    }

    private void tell(Instant now) throws SQLException {
        List<Stream> untold = stores.drifts.untold(now.minus(QUIET));
        if (untold.isEmpty()) {
            return;
        }
        DriftHits readers = hits.get();
        for (Stream stream : untold) {
            stores.drifts.tell(stream, now, drifts -> alerts.found(stream, drifts, readers));
        }
        hub.intake().announce();
    }

    /** Keeps what was learned, and lets another hub go on. */
    @Override
    public void close() {
        timer.shutdownNow();
        try {
            if (timer.awaitTermination(5, TimeUnit.SECONDS)) {
                leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("drift.not_kept: {}; it is learned again", e.getMessage());
        }
    }

    private synchronized void leave() throws SQLException {
        Instant now = hub.clock().instant();
        notePassed(now);
        if (learned != null) {
            keep(now);
            stores.shapes.release(limits.hubName);
        }
    }
}
