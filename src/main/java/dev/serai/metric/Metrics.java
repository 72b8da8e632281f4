package dev.serai.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The hub's own figures. Names are those of Prometheus with {@code _} for {@code .}; labels are connections, operations,
 * flows and words of a fixed list, never anything that came with an event.
 */
public final class Metrics implements AutoCloseable {
    /** Bounds of the time histograms; 200 ms is what a webhook may take (N-01), 2 s a delivery (N-22). */
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    /** What a request at a door may take (N-01). */
    private static final Duration SLOW = Duration.ofMillis(200);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Tags, Timer> answers = new ConcurrentHashMap<>();
    private final Map<Tags, Timer> attempts = new ConcurrentHashMap<>();
    private final Map<Tags, Timer> deliveries = new ConcurrentHashMap<>();
    private final Map<Tags, Counter> outcomes = new ConcurrentHashMap<>();
    private final Map<Tags, AtomicLong> open = new ConcurrentHashMap<>();
    private final Map<Tags, Timer> waits = new ConcurrentHashMap<>();
    private final Tally tally = new Tally();
    private final Map<String, MultiGauge> tables = new ConcurrentHashMap<>();

    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** For what brings meters of its own, as the connection pools do. */
    public MeterRegistry registry() {
        return registry;
    }

    /** What hubs keep together: for charts, the rules of alerts and the digest. */
    public Tally tally() {
        return tally;
    }

    /**
     * A door answered.
     *
     * @param door webhooks or events
     * @param connection who sent; empty for what has no name of ours
     * @param took from the first byte of the request to the end of the answer
     */
    public void answered(String door, String connection, int status, Duration took) {
        tally.add("door", connection, "", status / 100 + "xx");
        time(
                answers,
                "serai.door",
                Tags.of("door", door, "connection", connection, "status", Integer.toString(status)),
                took);
        if (took.compareTo(SLOW) > 0) {
            tally.add("slow_door", connection, 1);
        }
    }

    /** Events of a source were committed, by whichever way they came. @param repeats those that were there before */
    public void stored(String source, long events, long repeats) {
        tally.add("event", source, events);
        tally.add("repeat", source, repeats);
    }

    /** A request at a door was accepted. */
    public void accepted(String source) {
        tally.add("request", source, "", "accepted");
    }

    /**
     * A request at a door was refused.
     *
     * @param source empty when it is none that the hub knows: its name is one that a stranger chose
     * @param reason a word of a fixed list
     */
    public void refused(String source, String reason) {
        tally.add("request", source, "", reason);
        registry.counter("serai.door.refused", "connection", source, "reason", reason)
                .increment();
    }

    /** A page of a polled stream was stored. @param repeats records that were there before */
    public void polled(String connection, String stream, long fresh, long repeats) {
        records(connection, stream, "true").increment(fresh);
        records(connection, stream, "false").increment(repeats);
    }

    /** Records of a polled stream are stored that could not be read. */
    public void unreadable(String connection, String stream, long count) {
        tally.add("unreadable", connection, count);
        registry.counter("serai.stream.unreadable", "connection", connection, "stream", stream)
                .increment(count);
    }

    private Counter records(String connection, String stream, String fresh) {
        return registry.counter("serai.stream.records", "connection", connection, "stream", stream, "fresh", fresh);
    }

    /** A read that may be kept was asked for. @param hit whether its answer was there, or on its way */
    public void readCache(String connection, String operation, boolean hit) {
        tally.add("cache", connection, "", hit ? "hit" : "miss");
        var tags = Tags.of("connection", connection, "operation", operation, "hit", Boolean.toString(hit));
        outcomes.computeIfAbsent(
                        tags, t -> Counter.builder("serai.read.cache").tags(t).register(registry))
                .increment();
    }

    /** One call of a remote came to an end, with the word of its verdict. */
    public void attempted(String connection, String operation, String verdict, Duration took) {
        tally.add("call", connection, operation, verdict);
        time(
                attempts,
                "serai.attempt",
                Tags.of("connection", connection, "operation", operation, "verdict", verdict),
                took);
    }

    /** A step of a run was tried, with the word of its verdict. @param step as its file names it */
    public void stepped(String flow, String step, String verdict) {
        tally.add("step", flow, step, verdict);
    }

    /** A flow is live: that none of its runs died yet is a figure too, or the first that die would be no growth. */
    public void lives(String flow) {
        outcome(flow, "dead");
    }

    private Counter outcome(String flow, String outcome) {
        return outcomes.computeIfAbsent(
                Tags.of("flow", flow, "outcome", outcome), tags -> registry.counter("serai.runs.settled", tags));
    }

    /** A run came to an end or goes back to wait: done, retry, dead, in_doubt, parked, skipped. */
    public void settled(String flow, String outcome) {
        tally.add("flow", flow, "", outcome);
        outcome(flow, outcome).increment();
    }

    /** A run that had failed and waited came to an end. @param outcome done or dead */
    public void retried(String flow, String outcome) {
        registry.counter("serai.runs.retried", "flow", flow, "outcome", outcome).increment();
    }

    /** A batch begins its way through a flow. */
    public void batchBegan(String flow, int records) {
        open("serai.batches.open", flow).incrementAndGet();
        open("serai.batch.records.open", flow).addAndGet(records);
    }

    /** A record of a batch has its outcome: the others may still be on their way. */
    public void batchRecordEnded(String flow) {
        open("serai.batch.records.open", flow).decrementAndGet();
        registry.counter("serai.batch.records.ended", "flow", flow).increment();
    }

    /** A batch is through its flow. */
    public void batchEnded(String flow) {
        open("serai.batches.open", flow).decrementAndGet();
    }

    private AtomicLong open(String name, String flow) {
        return open.computeIfAbsent(Tags.of("name", name, "flow", flow), tags -> {
            var count = new AtomicLong();
            Gauge.builder(name, count, AtomicLong::doubleValue)
                    .tag("flow", flow)
                    .register(registry);
            return count;
        });
    }

    /** A run is done. @param took since its event arrived */
    public void delivered(String flow, Duration took) {
        time(deliveries, "serai.delivery", Tags.of("flow", flow), took);
        tally.add("delivery_ms", flow, Math.max(0, took.toMillis()));
    }

    /** A run is to be tried again after so long. @param tier quick or durable */
    public void backsOff(String flow, String tier, Duration wait) {
        waits.computeIfAbsent(Tags.of("flow", flow, "tier", tier), tags -> registry.timer("serai.backoff", tags))
                .record(wait);
    }

    /** What a source sends has changed. @param kind in words: new field, gone, other form, … */
    public void drifted(String source, String kind) {
        registry.counter("serai.drift.found", Tags.of("connection", source, "kind", kind))
                .increment();
    }

    private void time(Map<Tags, Timer> timers, String name, Tags tags, Duration took) {
        timers.computeIfAbsent(tags, t -> Timer.builder(name)
                        .tags(t)
                        .serviceLevelObjectives(BOUNDS)
                        .register(registry))
                // two clocks may differ by a little
                .record(took.isNegative() ? Duration.ZERO : took);
    }

    /** A figure that is looked at whenever somebody asks. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /** One row of a table of figures. */
    public record Row(Map<String, String> labels, double value) {}

    /** Replaces a table of figures: rows that are not there any more vanish. */
    public void table(String name, String description, List<Row> rows) {
        tables.computeIfAbsent(
                        name,
                        n -> MultiGauge.builder(n).description(description).register(registry))
                .register(rows.stream().map(Metrics::row).toList(), true);
    }

    private static MultiGauge.Row<Number> row(Row row) {
        Tags tags = Tags.empty();
        for (var label : row.labels.entrySet()) {
            tags = tags.and(label.getKey(), label.getValue());
        }
        return MultiGauge.Row.of(tags, row.value);
    }

    /** Everything, in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
