package dev.serai.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The measurements, each over events never seen before. Figures go to the samples under the prefix of the side and the
 * name of the measurement.
 */
final class Measure {
    /** Rate to provide events for before the first closed loop has shown the target's own. */
    private static final double UNKNOWN_RATE = 20_000;

    private static final int OWN_WARM_UP = 60_000;
    /** Below this part of a core a hub has nothing left to do but to look for work. */
    private static final double AT_REST = 0.2;

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

    private Batch batch(Side.Door door, int size) {
        Batch batch = Batch.render(door.target(), settings.secret(), nextEvent, size, door.steps());
        nextEvent += size;
        if (door.steps() > 0) {
            sink.expect(batch);
            sent.add(batch);
        }
        return batch;
    }

    /** Posts one event and says what became of it. Not counted: the target may not be up yet. */
    Batch probe(Target target) {
        Batch batch = Batch.render(target, settings.secret(), nextEvent++, 1, 1);
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

    /** @throws Refused when nothing is taken there */
    void warmUp(Side side, Side.Door door) throws IOException {
        Batch batch = batch(door, settings.warm());
        Load load = ClosedLoop.run(door.target(), batch, settings.connections(), settings.cap());
        finish(batch, side);
        if (load.acked() == 0) {
            throw new Refused("no 2xx for a signed webhook from " + door.target()
                    + ": a hub with the files of bench/hub is needed, or another MEASURE");
        }
    }

    /** Exactly so many events, once each: from the first POST to the last arrival. */
    void endToEnd(String name, Side side, Side.Door door, int size) throws IOException {
        Batch batch = batch(door, size);
        double sinkCpu = sink.cpuNanos();
        String figure = side.prefix() + name;
        try (var watch = new Watch(side.processes())) {
            Load load = ClosedLoop.run(door.target(), batch, settings.connections(), settings.cap());
            finish(batch, side);
            int arrived = Math.max(batch.delivered(), 1);
            double seconds = (batch.lastNew() - load.startNanos()) / 1e9;
            samples.add(figure + "_per_s", batch.delivered() / seconds);
            samples.add(figure + "_s", seconds);
            samples.add(figure + "_ack_per_s", load.perSecond());
            samples.add(figure + "_acked", load.acked());
            samples.add(figure + "_errors", load.errors() + load.refused());
            samples.add(figure + "_lost", batch.lost());
            for (int step = 1; door.steps() > 1 && step <= door.steps(); step++) {
                samples.add(figure + "_effects_" + step, batch.effects(step));
            }
            if (!side.processes().isEmpty()) {
                samples.add(figurePrefix(side, name, "e2e") + "cpu_ms_per_event", watch.cpuSeconds() * 1000 / arrived);
            }
            samples.add("sink_cpu_us", (sink.cpuNanos() - sinkCpu) / 1000 / arrived / door.steps());
        }
    }

    /** The oldest measurements have figures without their name in it. */
    private static String figurePrefix(Side side, String name, String plain) {
        return side.prefix() + (name.equals(plain) ? "" : name + "_");
    }

    /** As many acknowledgements as the target gives. */
    void intake(String name, Side side, Side.Door door) throws IOException {
        String rate = side.prefix() + name + "_rps";
        double expected = samples.has(rate) ? samples.most(rate) : UNKNOWN_RATE;
        int size =
                (int) Math.min(settings.most(), expected * settings.duration().toSeconds() * 1.5 + 1000);
        Batch batch = batch(door, size);
        String figure = figurePrefix(side, name, "ack");
        try (var watch = new Watch(side.processes())) {
            Load load = ClosedLoop.run(door.target(), batch, settings.connections(), settings.duration());
            if (!side.delivers() && !side.processes().isEmpty()) {
                samples.add(figure + "cpu_ms_per_event", watch.cpuSeconds() * 1000 / Math.max(load.acked(), 1));
            }
            finish(batch, side);
            samples.add(rate, load.perSecond());
            samples.add(figure + "p50_ms", load.percentileMs(0.5));
            samples.add(figure + "p99_ms", load.percentileMs(0.99));
            samples.add(figure + "p99_filled_ms", load.filledPercentileMs(0.99, settings.connections()));
            samples.add(side.prefix() + name + "_errors", load.errors() + load.refused());
            samples.add("load_cpu_us", load.cpuNanos() / 1000.0 / Math.max(load.tried(), 1));
        }
    }

    /** Latency at a fixed rate, of the answer and of the arrival at the sink. */
    void fixedRate(String name, Side side, Side.Door door, int rate) throws IOException, InterruptedException {
        int size = (int) Math.min(settings.most(), rate * settings.duration().toSeconds());
        Batch batch = batch(door, size);
        Load load = OpenLoop.run(door.target(), batch, settings.connections(), rate);
        finish(batch, side);
        String figure = side.prefix() + name;
        samples.add(figure + "_rate", rate);
        samples.add(figure + "_p50_ms", load.percentileMs(0.5));
        samples.add(figure + "_p99_ms", load.percentileMs(0.99));
        samples.add(figure + "_max_ms", load.percentileMs(1));
        samples.add(figure + "_errors", load.errors() + load.refused());
        samples.add(figure + "_late_p99_ms", Load.percentileMs(load.lateNanos(), 0.99));
        if (door.steps() > 0) {
            long[] ways = new long[batch.size];
            int arrived = 0;
            for (int i = 0; i < batch.size; i++) {
                if (batch.arrivedAt(i) != 0) {
                    ways[arrived++] = batch.arrivedAt(i) - OpenLoop.due(load.startNanos(), i, rate);
                }
            }
            ways = Arrays.copyOf(ways, arrived);
            Arrays.sort(ways);
            samples.add(figure + "_delivery_p50_ms", Load.percentileMs(ways, 0.5));
            samples.add(figure + "_delivery_p99_ms", Load.percentileMs(ways, 0.99));
            samples.add(figure + "_delivered_per_s", arrived / ((batch.lastNew() - load.startNanos()) / 1e9));
        }
    }

    /** Memory of a side now or at its peak, the hub's processes and its PostgreSQL's apart. */
    void memory(String name, Side side, Processes.Memories memory) {
        samples.add(side.prefix() + name + "_hub_rss_mb", memory.hub().rss());
        samples.add(side.prefix() + name + "_hub_pss_mb", memory.hub().pss());
        samples.add(side.prefix() + name + "_database_rss_mb", memory.database().rss());
        samples.add(side.prefix() + name + "_database_pss_mb", memory.database().pss());
    }

    /** Waits until all acknowledged events have arrived, or none has for a while; then for repeats of the last ones. */
    private void finish(Batch batch, Side side) {
        batch.forgetRequests();
        if (batch.steps == 0) {
            rest(side);
            return;
        }
        long now = System.nanoTime();
        long end = now + settings.cap().toNanos();
        long news = now;
        int last = 0;
        while (batch.delivered() < batch.acks()
                && now < end
                && now - news < settings.quiet().toNanos()) {
            LockSupport.parkNanos(20_000_000);
            now = System.nanoTime();
            if (batch.delivered() != last) {
                last = batch.delivered();
                news = now;
            }
        }
        LockSupport.parkNanos(500_000_000);
    }

    /** Nothing of these events arrives anywhere, so a hub that still works on their runs is told by what it uses. */
    private void rest(Side side) {
        if (!side.delivers()) {
            return;
        }
        long end = System.nanoTime() + settings.cap().toNanos();
        double used;
        do {
            double before = Processes.cpuSeconds(side.processes());
            LockSupport.parkNanos(500_000_000);
            used = Processes.cpuSeconds(side.processes()) - before;
        } while (used > AT_REST / 2 && System.nanoTime() < end);
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
