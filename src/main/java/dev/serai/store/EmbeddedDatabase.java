package dev.serai.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A real PostgreSQL on a free loopback port whose data outlives the process. One hub starts and stops it; a command
 * beside a running hub only connects to it. Its password is generated and stands in the data folder, readable by the
 * owner alone.
 */
final class EmbeddedDatabase implements AutoCloseable {
    static final String USER = "postgres";
    private static final Duration START_WITHIN = Duration.ofSeconds(60);
    private static final Duration COMMANDS_END_WITHIN = Duration.ofSeconds(15);
    private static final String OUR_MARK = "# written by Serai";

    /** Folders whose lock this process holds. Closing a second channel to a lock file would give up the lock (POSIX). */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path data;
    private final String password;
    private final int port;
    private final EmbeddedPostgres server;
    private final FileChannel lock;

    private EmbeddedDatabase(Path data, String password, int port, EmbeddedPostgres server, FileChannel lock) {
        this.data = data;
        this.password = password;
        this.port = port;
        this.server = server;
        this.lock = lock;
    }

    /**
     * Starts the server of a data folder, or joins the one that runs.
     *
     * @param own whether to insist on starting it, as a hub must: a command's server ends with the command
     */
    static EmbeddedDatabase start(Path folder, boolean own) {
        try {
            Path data = Files.createDirectories(folder.toAbsolutePath().normalize());
            String password = password(data.resolve("postgres.password"));
            if (!HELD.add(data)) {
                return new EmbeddedDatabase(data, password, runningPort(data), null, null);
            }
            return startOrJoin(data, password, own);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't start the embedded PostgreSQL in " + folder + ": " + e.getMessage()
                            + ". Check that the folder can be written to, or give serai.database.url.",
                    e);
        }
    }

    private static EmbeddedDatabase startOrJoin(Path data, String password, boolean own) throws IOException {
        FileChannel channel =
                FileChannel.open(data.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            if (!locked(channel, own ? COMMANDS_END_WITHIN : Duration.ZERO)) {
                if (own) {
                    throw new IOException("another hub uses it; several hubs share a database by serai.database.url");
                }
                return new EmbeddedDatabase(data, password, runningPort(data), null, null);
            }
            var started = startServer(data, password, channel);
            ours = true;
            return started;
        } finally {
            if (!ours) {
                channel.close();
                HELD.remove(data);
            }
        }
    }

    private static boolean locked(FileChannel channel, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (channel.tryLock() == null) {
            if (System.nanoTime() >= end) {
                return false;
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        return true;
    }

    private static EmbeddedDatabase startServer(Path data, String password, FileChannel lock) throws IOException {
        Path cluster = data.resolve("postgres");
        stopLeftOver(cluster);
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setOverrideWorkingDirectory(programs(data))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(START_WITHIN)
                .setConnectConfig("password", password)
                // the library switches these off, which is right for tests and wrong for a store
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_connections", "100")
                .setServerConfig("timezone", "UTC")
                .setErrorRedirector(ProcessBuilder.Redirect.appendTo(
                        data.resolve("postgres.log").toFile()))
                .setOutputRedirector(ProcessBuilder.Redirect.appendTo(
                        data.resolve("postgres.log").toFile()))
                .start();
        if (!Files.readString(cluster.resolve("pg_hba.conf")).startsWith(OUR_MARK)) {
            requirePassword(server, cluster, password);
        }
        return new EmbeddedDatabase(data, password, server.getPort(), server, lock);
    }

    /** Where the library unpacks PostgreSQL, which takes seconds: beside the data, or where its own property says it lies for many. */
    private static File programs(Path data) {
        return new File(System.getProperty("ot.epg.working-dir", data.toString()));
    }

    /** A fresh cluster trusts everyone on this machine; from now on it asks for the password. */
    private static void requirePassword(EmbeddedPostgres server, Path cluster, String password) throws IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            // 192 random bits can't be guessed from a dictionary: 4,096 rounds of hashing for each connection protect
            // nothing
            statement.execute("SET scram_iterations = 1");
            statement.execute("ALTER ROLE postgres PASSWORD '" + password + "'");
            // in this order: whoever dies in between is not locked out
            Files.writeString(cluster.resolve("pg_hba.conf"), OUR_MARK + """
                    : loopback only, with the password of ../postgres.password
                    local all all scram-sha-256
                    host  all all 127.0.0.1/32 scram-sha-256
                    host  all all ::1/128      scram-sha-256
                    """);
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** After a kill -9 of the hub its PostgreSQL lives on: ask it to stop, so that this hub can start it as its own. */
    private static void stopLeftOver(Path cluster) throws IOException {
        List<String> pid = pidFile(cluster);
        if (pid.isEmpty()) {
            return;
        }
        var process = ProcessHandle.of(Long.parseLong(pid.get(0).strip()))
                .filter(p -> p.info().command().map(c -> c.contains("postgres")).orElse(false));
        if (process.isPresent()) {
            process.get().destroy();
            try {
                process.get().onExit().get(START_WITHIN.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new IOException("the PostgreSQL of an earlier start (pid " + pid.get(0) + ") does not stop", e);
            }
        }
    }

    private static int runningPort(Path data) throws IOException {
        List<String> pid = pidFile(data.resolve("postgres"));
        if (pid.size() < 4) {
            throw new IOException("another hub is just starting or stopping there; try again");
        }
        return Integer.parseInt(pid.get(3).strip());
    }

    /** PostgreSQL's own note of what runs: pid, data folder, start time, port, … */
    private static List<String> pidFile(Path cluster) throws IOException {
        try {
            return Files.readAllLines(cluster.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static String password(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    String password() {
        return password;
    }

    Path data() {
        return data;
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
                // the library waits for its end for five seconds only
                stopLeftOver(data.resolve("postgres"));
                lock.close();
                HELD.remove(data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL in " + data + " did not stop", e);
        }
    }
}
