package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.facts.QuotaFacts;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Metrics.Row;
import dev.serai.store.AlertTimes;
import dev.serai.store.Backlog;
import dev.serai.store.Backlog.Line;
import dev.serai.store.Cursors;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Trouble;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /metrics} for Prometheus. What only the database knows is asked when somebody looks, on a thread of its own
 * and not more often than every few seconds, however many look. A database that hangs keeps nobody waiting who has the key:
 * then the figures are those of before.
 */
final class MetricsDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsDoor.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Metrics metrics;
    private final Supplier<Library> library;
    private final Tables tables;
    private final Cursors cursors;
    private final ProgressFigures progress;
    private final Readers readers;
    private final InstantSource clock;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        var worker = new Thread(task, "serai-metrics");
        worker.setDaemon(true);
        return worker;
    });
    private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);
    private Instant looked = Instant.EPOCH;
    private volatile boolean storeUp;

    /** What the database is asked. */
    record Tables(Backlog backlog, ParkedConnections troubles, QuotaFacts quotas, AlertTimes alerts) {}

    MetricsDoor(Hub hub, Tables tables, Readers readers) {
        this.metrics = hub.metrics();
        this.library = hub.library();
        this.tables = tables;
        this.cursors = hub.stores().cursors();
        this.progress = new ProgressFigures(metrics);
        this.readers = readers;
        this.clock = hub.clock();
        metrics.gauge(
                "serai.store.up", "1 when the database answered the last time it was asked", () -> storeUp ? 1 : 0);
    }

    void handle(RoutingContext context) {
        readers.admit(context, () -> show(context));
    }

    private void show(RoutingContext context) {
        // the answer is written where the request came in: a response belongs to its thread
        Context own = Vertx.currentContext();
        looked().completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenRun(() -> own.runOnContext(done -> context.response()
                        .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                        .putHeader("Cache-Control", "no-store")
                        .end(metrics.scrape())));
    }

    /** Completes when the figures are fresh, or when they could not be had. */
    private synchronized CompletableFuture<Void> looked() {
        Instant now = clock.instant();
        if (look.isDone() && Duration.between(looked, now).compareTo(FRESH) >= 0) {
            looked = now;
            look = CompletableFuture.runAsync(() -> look(now), thread);
        }
        return look.copy();
    }

    private void look(Instant now) {
        try {
            List<Line> lines = tables.backlog.read(now);
            open(lines, now);
            progress.waits(lines, now);
            progress.streams(cursors.all());
            progress.alerts(tables.alerts.lately(now));
            troubled(tables.troubles.troubles());
            used(tables.quotas.list(library.get()));
            storeUp = true;
        } catch (SQLException e) {
            storeUp = false;
            LOG.warn("metrics.store_away: {}; figures of the database stay as they were", e.getMessage());
        }
    }

    private void open(List<Line> lines, Instant now) {
        metrics.table("serai.runs.open", "Runs that are not done", rows(lines, line -> line.runs()));
        metrics.table(
                "serai.runs.oldest.seconds",
                "Age of the oldest of them",
                rows(lines, line -> seconds(line.oldest(), now)));
        metrics.table(
                "serai.runs.late.seconds",
                "How long the first run that could begin has been waiting for a worker",
                rows(
                        lines.stream()
                                .filter(line -> line.state().equals("waiting"))
                                .toList(),
                        line -> seconds(line.due(), now)));
        resting(lines);
    }

    private void resting(List<Line> lines) {
        metrics.table(
                "serai.records.resting",
                "Records that rest, because their events failed alike again and again",
                ofFlows(lines, "dead", Line::resting));
        metrics.table(
                "serai.runs.held",
                "Runs that wait until their record has rested",
                ofFlows(lines, "waiting", Line::held));
    }

    private static List<Row> ofFlows(List<Line> lines, String state, ToDoubleFunction<Line> value) {
        return lines.stream()
                .filter(line -> line.state().equals(state))
                .map(line -> new Row(Map.of("flow", line.flow()), value.applyAsDouble(line)))
                .toList();
    }

    private static List<Row> rows(List<Line> lines, ToDoubleFunction<Line> value) {
        return lines.stream()
                .map(line -> new Row(Map.of("flow", line.flow(), "state", line.state()), value.applyAsDouble(line)))
                .toList();
    }

    private static double seconds(Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
    }

    private void troubled(List<Trouble> troubles) {
        metrics.table(
                "serai.connection.troubled",
                "1 while calls wait for a breaker (state open, half_open) or for a credential (state parked)",
                troubles.stream().map(MetricsDoor::row).toList());
    }

    private static Row row(Trouble trouble) {
        String operation = trouble.operation() == null ? "" : trouble.operation();
        return new Row(Map.of("connection", trouble.connection(), "operation", operation, "state", trouble.state()), 1);
    }

    private void used(ArrayNode limits) {
        var rows = new ArrayList<Row>();
        for (JsonNode limit : limits) {
            var labels = Map.of(
                    "connection", limit.path("connection").asText(),
                    "operation", limit.path("operation").asText(""),
                    "window", limit.path("limit_name").asText());
            double most = limit.path("limit").asDouble();
            rows.add(new Row(labels, most == 0 ? 0 : limit.path("used").asDouble() / most));
        }
        metrics.table("serai.quota.used.ratio", "How much of a limit is used, from 0 to 1", rows);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
