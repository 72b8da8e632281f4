package dev.serai.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One run of the benchmark; {@code bench.sh} starts it with its own path and an empty folder to work in. */
final class Bench {
    private static final Duration CLEAN_WITHIN = Duration.ofSeconds(20);

    private final Settings settings = new Settings(System.getenv());
    private final Samples samples = new Samples();
    private final Path script;
    private final Path folder;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Sink sink;
    private Measure measure;

    private Bench(Path script, Path folder) {
        this.script = script;
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp, "clean up"));
    }

    public static void main(String[] args) {
        int status = 1;
        try {
            new Bench(Path.of(args[0]), Path.of(args[1])).run();
            status = 0;
        } catch (Refused e) {
            System.err.println("bench: " + e.getMessage());
        } catch (InterruptedException e) {
            System.err.println("bench: interrupted");
        } catch (Exception e) {
            System.err.println("bench: " + e);
        }
        System.exit(status);
    }

    private void run() throws Exception {
        settings.check();
        Hub hub = opened(Hub.of(settings, script, folder));
        double load = Machine.load();
        sink = opened(new Sink(settings.sinkPort()));
        long first = Instant.now().getEpochSecond() % 100_000 * 1_000_000; // no hub remembers these from an earlier run
        measure = new Measure(settings, sink, samples, first);
        var report = new Report(settings, samples);
        report.head(Machine.describe(), load);
        measure.warmUpSelf();
        startHub(hub);
        Optional<Baselines> baselines = Optional.empty();
        if (settings.baselines()) {
            baselines = Optional.of(opened(new Baselines(settings, folder)));
            report.say(baselines.get().database().describe());
            baselines.get().start(measure);
        }
        Side plain = side("", hub, baselines);
        new Round(settings, samples, measure).memory(plain);
        Optional<Side> grown = Optional.empty();
        if (settings.measures("growth")) {
            grown = Optional.of(side("grown_", grownHub(report), Optional.empty()));
        }
        rounds(plain, baselines, grown);
        report.print(measure, sink, load);
    }

    /** With a given PostgreSQL its server counts as the hub's too. */
    private Side side(String prefix, Hub hub, Optional<Baselines> baselines) throws IOException, SQLException {
        var processes = new ArrayList<>(hub.processes());
        if (!settings.databaseUrl().isEmpty() && !processes.isEmpty() && baselines.isPresent()) {
            processes.add(baselines.get().database().server());
        }
        return new Side(prefix, hub.target, processes, true);
    }

    /** Waits for a running hub, or starts one: once on an empty folder, then again on the same data every round. */
    private void startHub(Hub hub) throws IOException {
        if (!settings.target().isEmpty()) {
            untilReady(hub);
            return;
        }
        for (int round = 0; round <= settings.rounds(); round++) {
            hub.close();
            samples.add(round == 0 ? "start_fresh_s" : "start_s", secondsToStart(hub));
        }
    }

    private double secondsToStart(Hub hub) throws IOException {
        long start = System.nanoTime();
        hub.start();
        return (untilReady(hub) - start) / 1e9;
    }

    /** Waits for a 2xx and, where deliveries are measured, for the event at the sink; returns the time of the 2xx. */
    private long untilReady(Hub hub) throws IOException {
        var patience = new Patience("no 2xx for a signed webhook from " + hub.target + hub.lastWords());
        Batch probe = measure.probe(hub.target);
        while (probe.acks() == 0) {
            hub.mustLive();
            patience.wait20Ms();
            probe = measure.probe(hub.target);
        }
        long answered = System.nanoTime();
        var delivery = new Patience(
                "the hub acknowledged an event, but nothing good arrived at 127.0.0.1:" + settings.sinkPort() + " ("
                        + sink.bad() + " bad): check its routes and SINK_BASE_URL" + hub.lastWords());
        while (settings.measures("e2e") && probe.delivered() == 0) {
            hub.mustLive();
            delivery.wait20Ms();
        }
        return answered;
    }

    /** A second hub: with many flows, and a database full of what is long finished. */
    private Hub grownHub(Report report) throws IOException, SQLException {
        Hub hub = opened(Hub.grown(settings, script, folder));
        secondsToStart(hub);
        var past = new Past(script.resolveSibling("fill.sql"), hub.login());
        report.say(past.fill(settings.history()) + ", " + settings.flows() + " further flows");
        hub.close();
        samples.add("grown_start_s", secondsToStart(hub));
        return hub;
    }

    private void rounds(Side hub, Optional<Baselines> baselines, Optional<Side> grown) throws Exception {
        var round = new Round(settings, samples, measure);
        var known = new ArrayList<>(List.of(ProcessHandle.current().pid()));
        known.addAll(hub.processes());
        round.warmUp(hub);
        if (baselines.isPresent()) {
            baselines.get().warmUp(measure);
            known.addAll(baselines.get().processes());
        }
        if (grown.isPresent()) {
            round.warmUp(grown.get());
            known.addAll(grown.get().processes());
        }
        for (int n = 1; n <= settings.rounds(); n++) {
            System.err.println("bench: round " + n + " of " + settings.rounds());
            samples.add("cal_ms", Machine.calibrate());
            double machine = Processes.machineSeconds();
            long start = System.nanoTime();
            try (var all = new Watch(known)) {
                // each the first in turn: who comes second finds the machine, and the code of both ends, warmer
                if (grown.isPresent() && n % 2 == 0) {
                    round.hub(grown.get(), false);
                }
                round.hub(hub, true);
                if (grown.isPresent() && n % 2 == 1) {
                    round.hub(grown.get(), false);
                }
                if (baselines.isPresent()) {
                    round.baselines(baselines.get());
                }
                double others = Processes.machineSeconds() - machine - all.cpuSeconds();
                samples.add("other_cpu_pct", Math.max(0, 100 * others / ((System.nanoTime() - start) / 1e9)));
            }
        }
    }

    private <T extends AutoCloseable> T opened(T what) {
        synchronized (opened) {
            opened.push(what);
        }
        return what;
    }

    /**
     * Runs at the end, whatever the end is: stops what was started here, newest first, and removes the folder. Nothing is
     * opened any more meanwhile; what was just being started shows by its files.
     */
    private void cleanUp() {
        synchronized (opened) {
            for (AutoCloseable what : opened) {
                try {
                    what.close();
                } catch (Exception e) {
                    System.err.println("bench: while stopping: " + e);
                }
            }
            long end = System.nanoTime() + CLEAN_WITHIN.toNanos();
            while (!removed() && System.nanoTime() < end) {
                LockSupport.parkNanos(200_000_000);
            }
            if (Files.exists(folder)) {
                System.err.println("bench: " + folder + " could not be removed");
            }
        }
    }

    private boolean removed() {
        try {
            Servers.stop(folder);
            Servers.stop(folder.resolve(Hub.DATA));
            Servers.stop(folder.resolve(Hub.GROWN_DATA));
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
            return true;
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return false; // something still writes there
        }
    }
}
