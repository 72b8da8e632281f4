package dev.serai.store;

import dev.serai.config.Settings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A real PostgreSQL for tests: one embedded server per test process, a fresh database for whoever asks. */
public final class TestDatabase {
    private static final AtomicInteger COUNT = new AtomicInteger();
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
        }
        return server;
    }

    /** Settings that name a fresh, empty database. */
    public static Map<String, String> fresh() {
        String name = "test_" + COUNT.incrementAndGet();
        try (var base = Database.open(settings(server().url()));
                Connection connection = base.dataSource().getConnection()) {
            connection.createStatement().execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return flags(server().url().replaceAll("/postgres$", "/" + name));
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
                server().password());
    }

    /** The first column of every row, as text. */
    public static List<String> column(DataSource database, String sql) {
        var values = new java.util.ArrayList<String>();
        try (Connection connection = database.getConnection();
                var rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return values;
    }
}
