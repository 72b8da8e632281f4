package dev.serai.chaos;

import dev.serai.FreePort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The PostgreSQL both hubs share; it can be struck down, and comes back on the same port with what it had committed. */
final class Postgres implements AutoCloseable {
    static final String USER = "postgres";

    private final Path folder;
    private EmbeddedPostgres server;

    Postgres(Path folder) throws IOException {
        this.folder = folder;
        this.server = start(FreePort.any());
    }

    private EmbeddedPostgres start(int port) throws IOException {
        var log =
                ProcessBuilder.Redirect.appendTo(folder.resolve("postgres.log").toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("postgres"))
                .setOverrideWorkingDirectory(new File(System.getProperty("ot.epg.working-dir", folder.toString())))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                // the library switches these off; what was acknowledged must outlive a crash
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setErrorRedirector(log)
                .setOutputRedirector(log)
                .setPort(port)
                .start();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** Ends the server at once, without a checkpoint: PostgreSQL's immediate shutdown, as {@code pg_ctl -m immediate}. */
    void strike() throws IOException {
        String pid = Files.readAllLines(folder.resolve("postgres/postmaster.pid"))
                .get(0)
                .strip();
        var gone = ProcessHandle.of(Long.parseLong(pid)).orElseThrow().onExit();
        new ProcessBuilder("kill", "-QUIT", pid).inheritIO().start().onExit().join();
        gone.join();
    }

    /** Starts it again after {@link #strike()}; it recovers from its log. */
    void recover() throws IOException {
        int port = server.getPort();
        server.close();
        server = start(port);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
