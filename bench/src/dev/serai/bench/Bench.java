package dev.serai.bench;

import java.io.IOException;
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
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One run of the benchmark; {@code bench.sh} starts it with its own path and an empty folder to work in. */
final class Bench {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private final Settings settings = new Settings(System.getenv());
    private final Samples samples = new Samples();
    private final Path script;
    private final Path folder;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

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
        } catch (IOException | SQLException e) {
            System.err.println("bench: " + e);
        } catch (InterruptedException e) {
            System.err.println("bench: interrupted");
        }
        System.exit(status);
    }

    private void run() throws IOException, SQLException, InterruptedException {
        Hub hub = opened(Hub.of(settings, script, folder));
        double load = Machine.load();
        Sink sink = opened(new Sink(settings.sinkPort()));
        long first = Instant.now().getEpochSecond() % 100_000 * 1_000_000; // no hub remembers these from an earlier run
        var measure = new Measure(settings, sink, samples, first);
        var report = new Report(settings, samples);
        report.head(Machine.describe(), load);
        measure.warmUpSelf();
        startHub(hub, sink, measure);
        if (!settings.baselines()) {
            rounds(hub, measure, new Baseline());
        } else {
            Database database = opened(Database.open(settings, folder));
            report.say(database.describe());
            rounds(hub, measure, baseline(database, measure));
        }
        report.print(measure, sink, load);
    }

    /** What the hub is compared with; no database when there is nothing. */
    private record Baseline(Database database, Target bare, List<Long> processes, Inserts inserts) {
        Baseline() {
            this(null, null, List.of(), null);
        }
    }

    private Baseline baseline(Database database, Measure measure) throws IOException, SQLException {
        int port = settings.hubPort() + 1;
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BareVertx.class.getName(),
                "" + port,
                "" + settings.pool());
        var environment = Map.of(
                "BENCH_JDBC_URL", database.jdbcUrl(),
                "BENCH_DB_USER", database.user,
                "BENCH_DB_PASSWORD", database.password,
                "BENCH_SECRET", settings.secret());
        Child child = opened(Child.start("bare-vertx", folder, command, environment));
        var target = new Target("127.0.0.1", port, "/webhooks/crm");
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (measure.probe(target).acks() == 0) {
            child.mustLive();
            patient(end, "the bare endpoint does not answer on port " + port);
        }
        return new Baseline(database, target, List.of(child.pid(), database.server()), new Inserts());
    }

    /** Waits for a running hub, or starts one: once on an empty folder, then again on the same data every round. */
    private void startHub(Hub hub, Sink sink, Measure measure) throws IOException {
        if (!settings.target().isEmpty()) {
            untilReady(hub, sink, measure);
            return;
        }
        for (int round = 0; round <= settings.rounds(); round++) {
            hub.close();
            long start = System.nanoTime();
            hub.start();
            samples.add(round == 0 ? "start_fresh_s" : "start_s", (untilReady(hub, sink, measure) - start) / 1e9);
        }
    }

    /** Waits for a 2xx and, where deliveries are measured, for the event at the sink; returns the time of the 2xx. */
    private long untilReady(Hub hub, Sink sink, Measure measure) throws IOException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        Batch probe = measure.probe(hub.target);
        while (probe.acks() == 0) {
            hub.mustLive();
            patient(end, "no 2xx for a signed webhook from " + hub.target + hub.lastWords());
            probe = measure.probe(hub.target);
        }
        long answered = System.nanoTime();
        while (settings.measures("e2e") && probe.delivered() == 0) {
            hub.mustLive();
            patient(
                    end,
                    "the hub acknowledged an event, but nothing good arrived at 127.0.0.1:" + settings.sinkPort() + " ("
                            + sink.bad() + " bad): check its routes and SINK_BASE_URL" + hub.lastWords());
        }
        return answered;
    }

    private static void patient(long end, String otherwise) {
        if (System.nanoTime() > end) {
            throw new Refused(otherwise);
        }
        LockSupport.parkNanos(20_000_000);
    }

    private void rounds(Hub hub, Measure measure, Baseline baseline)
            throws IOException, SQLException, InterruptedException {
        var hubProcesses = new ArrayList<>(hub.processes());
        if (!settings.databaseUrl().isEmpty() && !hubProcesses.isEmpty() && baseline.database != null) {
            hubProcesses.add(baseline.database.server());
        }
        measure.warmUp(hub.target, true);
        if (baseline.database != null) {
            measure.warmUp(baseline.bare, false);
        }
        var known = new ArrayList<>(List.of(ProcessHandle.current().pid()));
        known.addAll(hubProcesses);
        known.addAll(baseline.processes);
        for (int round = 1; round <= settings.rounds(); round++) {
            System.err.println("bench: round " + round + " of " + settings.rounds());
            samples.add("cal_ms", Machine.calibrate());
            double machine = Processes.machineSeconds();
            long start = System.nanoTime();
            try (var all = new Watch(known)) {
                door(measure, "", hub.target, hubProcesses, true);
                if (baseline.database != null) {
                    baseline.database.empty();
                    door(measure, "bare_", baseline.bare, baseline.processes, false);
                    samples.add(
                            "insert_per_s",
                            baseline.inserts.perSecond(
                                    baseline.database, settings.clients(), settings.duration(), folder));
                }
                double others = Processes.machineSeconds() - machine - all.cpuSeconds();
                samples.add("other_cpu_pct", Math.max(0, 100 * others / ((System.nanoTime() - start) / 1e9)));
            }
        }
    }

    private void door(Measure measure, String prefix, Target target, List<Long> processes, boolean delivers)
            throws IOException, InterruptedException {
        try (var watch = new Watch(processes)) {
            if (delivers && settings.measures("e2e")) {
                measure.endToEnd(prefix, target, processes);
            }
            if (settings.measures("ack")) {
                measure.intake(prefix, target, processes, delivers);
            }
            if (settings.measures("open")) {
                measure.fixedRate(prefix, target, delivers);
            }
            if (!processes.isEmpty()) {
                samples.add(prefix + "rss_mb", watch.peak().rss());
                samples.add(prefix + "pss_mb", watch.peak().pss());
            }
        }
    }

    private <T extends AutoCloseable> T opened(T what) {
        synchronized (opened) {
            opened.push(what);
        }
        return what;
    }

    /** Runs at the end, whatever the end is: stops what was started here, newest first, and removes the folder. */
    private void cleanUp() {
        synchronized (opened) {
            for (AutoCloseable what : opened) {
                try {
                    what.close();
                } catch (Exception e) {
                    System.err.println("bench: while stopping: " + e);
                }
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: " + folder + " could not be removed: " + e.getMessage());
        }
    }
}
