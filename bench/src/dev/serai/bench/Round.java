package dev.serai.bench;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** What is measured on one side in each round, as {@code MEASURE} chooses. */
final class Round {
    private final Settings settings;
    private final Samples samples;
    private final Measure measure;

    Round(Settings settings, Samples samples, Measure measure) {
        this.settings = settings;
        this.samples = samples;
        this.measure = measure;
    }

    void warmUp(Side hub) throws IOException {
        measure.warmUp(hub, hub.main());
        if (settings.measures("steps3")) {
            measure.warmUp(hub, hub.threeSteps());
        }
        if (settings.measures("door")) {
            measure.warmUp(hub, hub.stored());
            measure.warmUp(hub, hub.unrouted());
        }
    }

    /** @param once whether this is the hub itself, not the one with a past: that one shows what costs more, not all */
    void hub(Side hub, boolean once) throws IOException, InterruptedException {
        try (var watch = new Watch(hub.processes())) {
            if (settings.measures("e2e")) {
                measure.endToEnd("e2e", hub, hub.main(), settings.events());
            }
            intake(hub);
            if (settings.measures("open")) {
                measure.fixedRate("open", hub, hub.main(), settings.rate());
            }
            if (settings.measures("steps3")) {
                measure.endToEnd("steps3", hub, hub.threeSteps(), settings.events());
            }
            if (once && settings.measures("p100")) {
                measure.fixedRate("p100", hub, hub.main(), 100);
            }
            if (once && settings.measures("burst")) {
                measure.endToEnd("burst", hub, hub.main(), settings.burst());
            }
            memory(hub, watch);
        }
    }

    private void intake(Side hub) throws IOException, InterruptedException {
        if (settings.measures("ack")) {
            measure.intake("ack", hub, hub.main());
        }
        if (settings.measures("door")) {
            measure.intake("unrouted", hub, hub.unrouted());
            measure.intake("door", hub, hub.stored());
        }
        if (settings.measures("half")) {
            boolean door = settings.measures("door");
            halfOf(door ? "door" : "ack", hub, door ? hub.stored() : hub.main());
        }
    }

    private void halfOf(String intake, Side side, Side.Door door) throws IOException, InterruptedException {
        double most = samples.last(side.prefix() + intake + "_rps");
        measure.fixedRate("half", side, door, (int) Math.max(1, most / 2));
    }

    /** Before all else: memory that a higher load has once taken is not given back. */
    void memory(Side hub) throws IOException, InterruptedException {
        if (!settings.measures("memory") || hub.processes().isEmpty()) {
            return;
        }
        LockSupport.parkNanos(settings.idle().toNanos());
        measure.memory("idle", hub, Processes.memory(hub.processes()));
        try (var watch = new Watch(hub.processes())) {
            measure.fixedRate("goal", hub, hub.main(), settings.goal());
            measure.memory("goal", hub, watch.peak());
        }
    }

    /** The least that could do the same, by the same load. */
    void baselines(Baselines baselines) throws Exception {
        if (!settings.measures("e2e", "ack", "door", "steps3", "open", "half")) {
            return;
        }
        baselines.empty();
        Side bare = baselines.bare();
        try (var watch = new Watch(bare.processes())) {
            measure.intake("ack", bare, bare.main());
            if (settings.measures("open")) {
                measure.fixedRate("open", bare, bare.main(), settings.rate());
            }
            memory(bare, watch);
        }
        baselines.empty();
        Side group = baselines.group();
        measure.intake("ack", group, group.main());
        if (settings.measures("half")) {
            halfOf("ack", group, group.main());
        }
        samples.add("insert_per_s", baselines.insertsPerSecond());
    }

    private void memory(Side side, Watch watch) {
        if (!side.processes().isEmpty()) {
            samples.add(side.prefix() + "rss_mb", watch.peak().all().rss());
            samples.add(side.prefix() + "pss_mb", watch.peak().all().pss());
        }
    }
}
