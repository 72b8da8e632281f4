package dev.serai.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The PostgreSQL both baselines write to: the one named by {@code DATABASE_URL}, or one started from the jar the hub
 * itself uses. The table {@code serai_bench} is made at the start and dropped at the end.
 */
final class Database implements AutoCloseable {
    /** The one statement of both baselines. */
    static final String INSERT = "insert into serai_bench (body) values (?)";

    private final EmbeddedPostgres own;
    final String host;
    final int port;
    final String name;
    final String user;
    final String password;

    private Database(EmbeddedPostgres own, URI at, String user, String password) {
        this.own = own;
        this.host = Target.loopback(at.getHost(), "DATABASE_URL");
        this.port = at.getPort() < 0 ? 5432 : at.getPort();
        this.name = at.getPath().substring(1);
        this.user = user;
        this.password = password;
    }

    /** @throws Refused when the address is not one, or has too few connections left */
    static Database open(Settings settings, Path folder) throws IOException, SQLException {
        Database database = settings.databaseUrl().isEmpty() ? embedded(folder) : given(settings);
        try (Connection connection = database.connect();
                var statement = connection.createStatement()) {
            int needed = settings.clients() + settings.pool() + GroupInserts.WRITERS;
            int free = Integer.parseInt(ask(
                    connection,
                    "select current_setting('max_connections')::int - 3 - count(*) from pg_stat_activity"
                            + " where backend_type = 'client backend'"));
            if (free < needed) {
                database.close();
                throw new Refused("PostgreSQL has " + free + " connections left, CLIENTS, POOL and ours need " + needed
                        + ": raise max_connections or lower them");
            }
            statement.execute("drop table if exists serai_bench");
            statement.execute("create table serai_bench (id bigint generated always as identity primary key,"
                    + " received_at timestamptz not null default now(), body bytea not null)");
        }
        return database;
    }

    private static Database embedded(Path folder) throws IOException {
        // the library switches these off, which no store that promises anything may do
        EmbeddedPostgres own = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setOverrideWorkingDirectory(folder.toFile())
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setCleanDataDirectory(false) // the whole folder goes at the end
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
        return new Database(own, URI.create("postgres://127.0.0.1:" + own.getPort() + "/postgres"), "postgres", "");
    }

    private static Database given(Settings settings) {
        String url = settings.databaseUrl();
        URI at;
        try {
            at = URI.create(url.startsWith("jdbc:") ? url.substring(5) : url);
        } catch (IllegalArgumentException e) {
            throw new Refused("DATABASE_URL is not an address; write jdbc:postgresql://127.0.0.1:5432/serai");
        }
        if (at.getPath() == null || at.getPath().length() < 2) {
            throw new Refused("DATABASE_URL names no database; write jdbc:postgresql://127.0.0.1:5432/serai");
        }
        String[] login = (at.getUserInfo() == null ? "" : at.getUserInfo()).split(":", 2);
        String user = settings.databaseUser().isEmpty() ? login[0] : settings.databaseUser();
        String password = settings.databasePassword();
        return new Database(null, at, user, password.isEmpty() && login.length > 1 ? login[1] : password);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + name;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, password);
    }

    /** Version and the two settings that decide whether a commit is one. */
    String describe() throws SQLException {
        try (Connection connection = connect()) {
            return "PostgreSQL %s (%s), fsync %s, synchronous_commit %s"
                    .formatted(
                            ask(connection, "show server_version"),
                            own == null ? "the one of DATABASE_URL" : "embedded, for the baselines alone",
                            ask(connection, "show fsync"),
                            ask(connection, "show synchronous_commit"));
        }
    }

    void empty() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("truncate serai_bench");
        }
    }

    /** Process id of the server. */
    long server() throws SQLException {
        try (Connection connection = connect()) {
            return Processes.parent(Long.parseLong(ask(connection, "select pg_backend_pid()")));
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        if (own != null) {
            own.close();
            return;
        }
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("drop table if exists serai_bench");
        }
    }
}
