package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** What the hub is compared with: two bare endpoints, and inserts without any HTTP, all on one PostgreSQL. */
final class Baselines implements AutoCloseable {
    private final Settings settings;
    private final Path folder;
    private final Database database;
    private final Inserts inserts = new Inserts();
    private final Deque<Child> children = new ArrayDeque<>();
    private Side bare;
    private Side group;

    Baselines(Settings settings, Path folder) throws IOException, SQLException {
        this.settings = settings;
        this.folder = folder;
        this.database = Database.open(settings, folder);
    }

    /** Starts both endpoints, and waits until they answer. */
    void start(Measure measure) throws IOException, SQLException {
        bare = endpoint("bare_", "each", settings.hubPort() + 1, measure);
        group = endpoint("group_", "group", settings.hubPort() + 2, measure);
    }

    private Side endpoint(String prefix, String commits, int port, Measure measure) throws IOException, SQLException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                BareVertx.class.getName(),
                "" + port,
                "" + settings.pool(),
                commits);
        var environment = Map.of(
                "BENCH_JDBC_URL",
                database.jdbcUrl(),
                "BENCH_DB_USER",
                database.user,
                "BENCH_DB_PASSWORD",
                database.password,
                "BENCH_SECRET",
                settings.secret());
        Child child = Child.start("bare-" + commits, folder, command, environment);
        synchronized (children) {
            children.push(child);
        }
        var target = new Target("127.0.0.1", port, "/webhooks/crm");
        var patience = new Patience("the bare endpoint does not answer on port " + port);
        while (measure.probe(target).acks() == 0) {
            child.mustLive();
            patience.wait20Ms();
        }
        return new Side(prefix, target, List.of(child.pid(), database.server()), false);
    }

    void warmUp(Measure measure) throws IOException {
        measure.warmUp(bare, bare.main());
        measure.warmUp(group, group.main());
    }

    Side bare() {
        return bare;
    }

    Side group() {
        return group;
    }

    Database database() {
        return database;
    }

    List<Long> processes() {
        var all = new ArrayList<>(bare.processes());
        all.addAll(group.processes());
        return all;
    }

    void empty() throws SQLException {
        database.empty();
    }

    double insertsPerSecond() throws IOException, InterruptedException, SQLException {
        return inserts.perSecond(database, settings.clients(), settings.duration(), folder);
    }

    @Override
    public void close() throws IOException, SQLException {
        synchronized (children) {
            children.forEach(Child::close);
        }
        database.close();
    }
}
