package dev.serai.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Baseline: rows of one event's size, each inserted and committed alone, by many clients at once. By {@code pgbench} when
 * it is installed, otherwise by the same over JDBC; the figure always says which.
 */
final class Inserts {
    private static final byte[] BODY = new byte[230]; // about one event; what is in it is the same to PostgreSQL
    private static final Pattern RATE = Pattern.compile("(?m)^tps = ([0-9.]+)");

    private final Optional<Path> pgbench = Stream.of(
                    System.getenv().getOrDefault("PATH", "").split(":"))
            .map(folder -> Path.of(folder, "pgbench"))
            .filter(Files::isExecutable)
            .findFirst();

    /** The tool the figures come from. */
    String tool() {
        return pgbench.isPresent() ? "pgbench" : "jdbc";
    }

    /** Inserts a second over the given time. */
    double perSecond(Database database, int clients, Duration duration, Path folder)
            throws IOException, InterruptedException, SQLException {
        database.empty();
        return pgbench.isPresent()
                ? withPgbench(pgbench.get(), database, clients, duration, folder)
                : withJdbc(database, clients, duration);
    }

    private static double withPgbench(Path tool, Database database, int clients, Duration duration, Path folder)
            throws IOException, InterruptedException {
        Path script = folder.resolve("insert.sql");
        String hex = HexFormat.of().formatHex(BODY);
        Files.writeString(script, Database.INSERT.replace("?", "'\\x" + hex + "'") + ";\n");
        var command = new ArrayList<>(List.of(tool.toString(), "--no-vacuum", "--protocol=prepared"));
        command.addAll(List.of("--file=" + script, "--client=" + clients, "--jobs=2"));
        command.addAll(List.of("--time=" + duration.toSeconds(), "--host=" + database.host));
        command.addAll(List.of("--port=" + database.port, "--username=" + database.user, database.name));
        try (var child = Child.start("pgbench", folder, command, Map.of("PGPASSWORD", database.password))) {
            Matcher rate = RATE.matcher(child.finish());
            if (!rate.find()) {
                throw new Refused("pgbench named no rate:\n" + child.lastWords());
            }
            return Double.parseDouble(rate.group(1));
        }
    }

    private static double withJdbc(Database database, int clients, Duration duration)
            throws InterruptedException, SQLException {
        var threads = Executors.newFixedThreadPool(clients);
        var connections = new ArrayList<Connection>();
        try {
            var work = new ArrayList<Callable<Long>>();
            for (int i = 0; i < clients; i++) {
                Connection connection = database.connect();
                connections.add(connection);
                work.add(() -> insertFor(connection, duration));
            }
            long inserted = 0;
            long start = System.nanoTime();
            for (Future<Long> one : threads.invokeAll(work)) {
                inserted += one.get();
            }
            return inserted / ((System.nanoTime() - start) / 1e9);
        } catch (ExecutionException e) {
            throw new Refused("an insert failed: " + e.getCause().getMessage());
        } finally {
            threads.shutdownNow();
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private static long insertFor(Connection connection, Duration duration) throws SQLException {
        long end = System.nanoTime() + duration.toNanos();
        long inserted = 0;
        try (var insert = connection.prepareStatement(Database.INSERT)) {
            for (; System.nanoTime() < end; inserted++) {
                insert.setBytes(1, BODY);
                insert.executeUpdate();
            }
        }
        return inserted;
    }
}
