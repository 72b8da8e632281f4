package dev.serai.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The measurements, each over events never seen before. Figures go to the samples under {@code prefix + name}. */
final class Measure {
    /** Rate to provide events for before the first closed loop has shown the target's own. */
    private static final double UNKNOWN_RATE = 20_000;

    private static final int OWN_WARM_UP = 60_000;

    private final Settings settings;
    private final Sink sink;
    private final Samples samples;
    private final List<Batch> sent = new ArrayList<>();
    private long nextEvent;

    Measure(Settings settings, Sink sink, Samples samples, long firstEvent) {
        this.settings = settings;
        this.sink = sink;
        this.samples = samples;
        this.nextEvent = firstEvent;
    }

    private Batch batch(Target target, int size, boolean delivers) {
        Batch batch = Batch.render(target, settings.secret(), nextEvent, size);
        nextEvent += size;
        if (delivers) {
            sink.expect(batch);
            sent.add(batch);
        }
        return batch;
    }

    /** Posts one event and says what became of it. Not counted: the target may not be up yet. */
    Batch probe(Target target) {
        Batch batch = Batch.render(target, settings.secret(), nextEvent++, 1);
        sink.expect(batch);
        try {
            ClosedLoop.run(target, batch, 1, Duration.ofSeconds(1));
        } catch (IOException e) {
            return batch; // nobody listens yet
        }
        return batch;
    }

    /**
     * Loads the sink directly: afterwards both are compiled, so that their own start is no part of the first figures.
     *
     * @throws Refused when the sink does not take what it must
     */
    void warmUpSelf() throws IOException {
        Batch batch = Batch.deliveries(nextEvent, OWN_WARM_UP);
        nextEvent += OWN_WARM_UP;
        sink.expect(batch);
        var target = new Target("127.0.0.1", settings.sinkPort(), "/");
        Load load = ClosedLoop.run(target, batch, settings.connections(), settings.cap());
        batch.forgetRequests();
        if (load.acked() != OWN_WARM_UP || batch.delivered() != OWN_WARM_UP) {
            throw new Refused("the sink of the benchmark took " + batch.delivered() + " of " + OWN_WARM_UP
                    + " deliveries: the fault is the benchmark's own");
        }
    }

    void warmUp(Target target, boolean delivers) throws IOException {
        Batch batch = batch(target, settings.warm(), delivers);
        ClosedLoop.run(target, batch, settings.connections(), settings.cap());
        finish(batch, delivers);
    }

    /** Exactly N events, once each: from the first POST to the last arrival. */
    void endToEnd(String prefix, Target target, List<Long> processes) throws IOException {
        Batch batch = batch(target, settings.events(), true);
        double sinkCpu = sink.cpuNanos();
        try (var watch = new Watch(processes)) {
            Load load = ClosedLoop.run(target, batch, settings.connections(), settings.cap());
            finish(batch, true);
            int arrived = Math.max(batch.delivered(), 1);
            samples.add(prefix + "e2e_per_s", batch.delivered() / ((batch.lastNew() - load.startNanos()) / 1e9));
            samples.add(prefix + "burst_ack_per_s", load.perSecond());
            samples.add(prefix + "e2e_acked", load.acked());
            samples.add(prefix + "e2e_errors", load.errors() + load.refused());
            if (!processes.isEmpty()) {
                samples.add(prefix + "cpu_ms_per_event", watch.cpuSeconds() * 1000 / arrived);
            }
            samples.add("sink_cpu_us", (sink.cpuNanos() - sinkCpu) / 1000 / arrived);
        }
    }

    /** As many acknowledgements as the target gives. */
    void intake(String prefix, Target target, List<Long> processes, boolean delivers) throws IOException {
        double expected = samples.has(prefix + "ack_rps") ? samples.most(prefix + "ack_rps") : UNKNOWN_RATE;
        int size = (int) Math.min(settings.most(), expected * settings.duration().toSeconds() * 1.5 + 1000);
        Batch batch = batch(target, size, delivers);
        try (var watch = new Watch(processes)) {
            Load load = ClosedLoop.run(target, batch, settings.connections(), settings.duration());
            if (!delivers && !processes.isEmpty()) {
                samples.add(prefix + "cpu_ms_per_event", watch.cpuSeconds() * 1000 / Math.max(load.acked(), 1));
            }
            finish(batch, delivers);
            samples.add(prefix + "ack_rps", load.perSecond());
            samples.add(prefix + "p50_ms", load.percentileMs(0.5));
            samples.add(prefix + "p99_ms", load.percentileMs(0.99));
            samples.add(prefix + "ack_errors", load.errors() + load.refused());
            samples.add("load_cpu_us", load.cpuNanos() / 1000.0 / Math.max(load.tried(), 1));
        }
    }

    /** Latency at a fixed rate, of the answer and of the arrival at the sink. */
    void fixedRate(String prefix, Target target, boolean delivers) throws IOException, InterruptedException {
        int rate = settings.rate();
        int size = (int) Math.min(settings.most(), rate * settings.duration().toSeconds());
        Batch batch = batch(target, size, delivers);
        Load load = OpenLoop.run(target, batch, settings.connections(), rate);
        finish(batch, delivers);
        samples.add(prefix + "open_p50_ms", load.percentileMs(0.5));
        samples.add(prefix + "open_p99_ms", load.percentileMs(0.99));
        samples.add(prefix + "open_max_ms", load.percentileMs(1));
        samples.add(prefix + "open_errors", load.errors() + load.refused());
        if (delivers) {
            long[] ways = new long[batch.size];
            int arrived = 0;
            for (int i = 0; i < batch.size; i++) {
                if (batch.arrivedAt(i) != 0) {
                    ways[arrived++] = batch.arrivedAt(i) - OpenLoop.due(load.startNanos(), i, rate);
                }
            }
            ways = Arrays.copyOf(ways, arrived);
            Arrays.sort(ways);
            samples.add(prefix + "delivery_p50_ms", Load.percentileMs(ways, 0.5));
            samples.add(prefix + "delivery_p99_ms", Load.percentileMs(ways, 0.99));
        }
    }

    /** Waits until all acknowledged events have arrived, or none has for a while; then for repeats of the last ones. */
    private void finish(Batch batch, boolean delivers) {
        batch.forgetRequests();
        if (!delivers) {
            return;
        }
        long now = System.nanoTime();
        long end = now + settings.cap().toNanos();
        long news = now;
        int last = 0;
        while (batch.delivered() < batch.acks() && now < end && now - news < settings.quiet().toNanos()) {
            LockSupport.parkNanos(20_000_000);
            now = System.nanoTime();
            if (batch.delivered() != last) {
                last = batch.delivered();
                news = now;
            }
        }
        LockSupport.parkNanos(500_000_000);
    }

    int lost() {
        return sent.stream().mapToInt(Batch::lost).sum();
    }

    int repeated() {
        return sent.stream().mapToInt(Batch::repeated).sum();
    }

    int acknowledged() {
        return sent.stream().mapToInt(Batch::acks).sum();
    }
}
