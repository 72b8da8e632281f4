package dev.serai.chaos;

import dev.serai.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Two hubs on one database, a sender, a vendor with bad days, and somebody who kills. Everything it starts ends with
 * {@link #close()}.
 */
final class Chaos implements AutoCloseable {
    /**
     * How much of it.
     *
     * @param kills of hubs, at least
     * @param strikes at the database, spread over the kills
     * @param freezes of hubs for longer than a lease, spread over the kills
     */
    record Plan(long seed, int records, int kills, int strikes, int freezes) {}

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration UP_WITHIN = Duration.ofMinutes(3);
    private static final Duration AT_REST_WITHIN = Duration.ofMinutes(3);
    private static final int LONGEST_LIFE_MS = 800;
    private static final int WORTH_A_REHEARSAL = 20;

    private final Plan plan;
    private final Random chance;
    private final Postgres postgres;
    private final Vendor vendor;
    private final List<HubProcess> hubs = new ArrayList<>();
    private final Thread lastResort = new Thread(this::killHubs);
    private int kills;
    private int strikes;
    private int freezes;

    /** @param folder for the database, the files of the flows and the logs @param errors the shipped error handling */
    Chaos(Plan plan, Path folder, Path errors) throws IOException {
        this.plan = plan;
        this.chance = new Random(plan.seed);
        Runtime.getRuntime().addShutdownHook(lastResort);
        writeFiles(folder, errors);
        this.postgres = new Postgres(Files.createDirectories(folder.resolve("database")));
        this.vendor = new Vendor(plan.seed);
        Map<String, String> settings = settings(folder, postgres, vendor);
        var program = new HubProgram(folder);
        for (String name : List.of("a", "b")) {
            hubs.add(new HubProcess(program, FreePort.any(), folder.resolve("hub-" + name + ".log"), settings));
        }
    }

    static void writeFiles(Path folder, Path errors) throws IOException {
        for (String file :
                List.of("routes/chaos.camel.yaml", "mappings/crm/connector.yaml", "mappings/vendor/connector.yaml")) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            try (InputStream content = Chaos.class.getResourceAsStream("/chaos/" + file)) {
                Files.copy(content, target);
            }
        }
        Files.copy(errors, folder.resolve("routes/errors.camel.yaml"));
    }

    /** For a hub of the chaos run, but for its port. */
    static Map<String, String> settings(Path folder, Postgres postgres, Vendor vendor) {
        var settings = new HashMap<String, String>();
        settings.put("SERAI_ROUTES", folder.resolve("routes").toString());
        settings.put("SERAI_MAPPINGS", folder.resolve("mappings").toString());
        settings.put("SERAI_DATABASE_URL", postgres.url());
        settings.put("SERAI_DATABASE_USER", Postgres.USER);
        settings.put("SERAI_RUN_LEASE", LEASE.toSeconds() + "s");
        settings.put("SERAI_RETRY_FIRST", "500ms");
        // here it is never the run that ends the process
        settings.put("SERAI_RUN_MAX_CLAIMS", "1000");
        settings.put("SERAI_RETRY_QUICK_FIRST", "50ms");
        settings.put("CRM_WEBHOOK_SECRET", Sender.SECRET);
        settings.put("VENDOR_BASE_URL", vendor.url());
        return settings;
    }

    Report run() throws IOException, InterruptedException, SQLException {
        if (plan.kills >= WORTH_A_REHEARSAL) {
            rehearse(hubs.get(0));
        }
        for (HubProcess hub : hubs) {
            hub.start();
        }
        var sender = new Sender(hubs.stream().map(HubProcess::url).toList(), plan.records, plan.seed);
        sender.start();
        while (kills < plan.kills) {
            strikeSometimes();
            freezeSometimes();
            killSome();
        }
        for (HubProcess hub : hubs) {
            untilUp(hub);
        }
        vendor.calmDown();
        boolean finished = sender.finish(AT_REST_WITHIN);
        boolean atRest = until(this::atRest, AT_REST_WITHIN);
        try (var connection = postgres.connect()) {
            var evidence = Evidence.gather(connection, sender.acknowledged(), vendor.log());
            var findings = Checker.check(evidence);
            findings.restless().addAll(sender.refused());
            if (!finished || !atRest) {
                findings.restless().add("it did not come to rest within " + AT_REST_WITHIN.toSeconds() + " s");
            }
            return new Report(evidence, findings, new Report.Harm(kills, strikes, freezes));
        }
    }

    /** A first life that ends in peace, for the archive the next ones start from. */
    private void rehearse(HubProcess hub) throws IOException, InterruptedException {
        hub.rehearse();
        untilUp(hub);
        hub.stop();
    }

    /** Kills a hub that has opened its doors, sometimes the other one too, and starts again at once what was killed. */
    private void killSome() throws IOException, InterruptedException {
        HubProcess one = hubs.get(chance.nextInt(hubs.size()));
        HubProcess other = hubs.get(1 - hubs.indexOf(one));
        HubProcess victim = one.ready() ? one : other;
        untilUp(victim);
        TimeUnit.MILLISECONDS.sleep(chance.nextInt(LONGEST_LIFE_MS));
        List<HubProcess> victims = chance.nextInt(3) == 0 ? hubs : List.of(victim);
        victims.forEach(HubProcess::kill);
        for (HubProcess hub : victims) {
            hub.start();
            kills++;
        }
    }

    private void strikeSometimes() throws IOException, InterruptedException {
        if (strikes * plan.kills < kills * plan.strikes) {
            postgres.strike();
            strikes++;
            // sometimes longer than a lease
            TimeUnit.MILLISECONDS.sleep(chance.nextLong(2 * LEASE.toMillis()));
            postgres.recover();
        }
    }

    private void freezeSometimes() throws IOException, InterruptedException {
        if (freezes * plan.kills < kills * plan.freezes) {
            for (HubProcess hub : hubs) {
                untilUp(hub);
            }
            HubProcess hub = hubs.get(chance.nextInt(hubs.size()));
            hub.freeze();
            freezes++;
            // long enough for the other one to take over and come further
            TimeUnit.MILLISECONDS.sleep(LEASE.toMillis() + chance.nextLong(2 * LEASE.toMillis()));
            hub.thaw();
            TimeUnit.MILLISECONDS.sleep(LONGEST_LIFE_MS);
        }
    }

    /** A hub that starts while the database is away gives up; somebody starts it again, as a service manager would. */
    private void untilUp(HubProcess hub) throws IOException, InterruptedException {
        long end = System.nanoTime() + UP_WITHIN.toNanos();
        while (!hub.ready()) {
            if (!hub.alive()) {
                hub.start();
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("a hub did not open its doors within " + UP_WITHIN.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private boolean atRest() {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM run WHERE state IN ('waiting', 'claimed')")) {
            rows.next();
            return rows.getInt(1) == 0;
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean until(BooleanSupplier condition, Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }

    private void killHubs() {
        hubs.forEach(HubProcess::close);
    }

    @Override
    public void close() throws IOException {
        killHubs();
        vendor.close();
        postgres.close();
        Runtime.getRuntime().removeShutdownHook(lastResort);
    }
}
