package dev.serai.store;

import dev.serai.config.Settings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A real PostgreSQL for tests: one embedded server per test process, a fresh database for whoever asks. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** Has the schema already: to copy it is quicker than to make it anew. */
    private static final String TEMPLATE = "with_schema";

    private static EmbeddedDatabase server;

    private TestDatabase() {}

    private static synchronized EmbeddedDatabase server() {
        if (server == null) {
            Path data = Path.of(
                    "target",
                    "test-database",
                    Long.toString(ProcessHandle.current().pid()));
            server = EmbeddedDatabase.start(data, true);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            // no power cut to fear: what it has answered need not be on the disk
            execute(server.url(), "ALTER ROLE " + EmbeddedDatabase.USER + " SET synchronous_commit = off");
            // what it tidies up by itself, and when, is for no test to depend on
            execute(server.url(), "ALTER SYSTEM SET autovacuum = off");
            execute(server.url(), "SELECT pg_reload_conf()");
            create(TEMPLATE, "template1");
            Database.open(settings(url(TEMPLATE))).close();
        }
        return server;
    }

    /** Settings that name a fresh database with Serai's schema and no rows. */
    public static Map<String, String> fresh() {
        Map<String, String> place = another(TEMPLATE);
        // each database draws a key of its own when it gets its schema
        execute(place.get("serai.database.url"), "UPDATE identifier_watch SET key = DEFAULT");
        return place;
    }

    /** Settings that name a database without any schema. */
    public static Map<String, String> empty() {
        return another("template1");
    }

    private static Map<String, String> another(String like) {
        server();
        String name = "test_" + COUNT.incrementAndGet();
        create(name, like);
        return flags(url(name));
    }

    private static void create(String name, String like) {
        execute(server.url(), "CREATE DATABASE " + name + " TEMPLATE " + like);
    }

    private static void execute(String url, String sql) {
        try (Connection connection = DriverManager.getConnection(url, EmbeddedDatabase.USER, server.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(String name) {
        return server.url().replaceAll("/postgres$", "/" + name);
    }

    /** Opens a fresh database. */
    public static Database open() {
        return Database.open(Settings.read(Path.of("none"), Map.of(), fresh()));
    }

    private static Settings settings(String url) {
        return Settings.read(Path.of("none"), Map.of(), flags(url));
    }

    private static Map<String, String> flags(String url) {
        return Map.of(
                "serai.database.url",
                url,
                "serai.database.user",
                EmbeddedDatabase.USER,
                "serai.database.password",
                server.password());
    }

    /** A statement of a test, which may be a large one, has longer than one of a hub. */
    static void patient(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) Duration.ofMinutes(10).toMillis());
    }

    /** The first column of every row, as text. */
    public static List<String> column(DataSource database, String sql) {
        var values = new java.util.ArrayList<String>();
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            patient(connection);
            try (var rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }
}
