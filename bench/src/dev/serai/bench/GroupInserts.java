package dev.serai.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;

/**
 * Stores what arrives at the same time in one statement and one commit; whoever waits is told when it has committed. Two
 * writers: one collects while the other commits.
 */
final class GroupInserts {
    static final int WRITERS = 2;
    private static final int MOST_PER_COMMIT = 512;
    private static final String INSERT = "insert into serai_bench (body) select unnest(?)";

    private final DataSource database;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>(10_000);

    private record Waiting(byte[] body, CompletableFuture<Boolean> done) {}

    GroupInserts(DataSource database) {
        this.database = database;
        for (int i = 0; i < WRITERS; i++) {
            var writer = new Thread(this::write, "writer " + i);
            writer.setDaemon(true);
            writer.start();
        }
    }

    /** Completes with true after the commit, with false when it was not stored. */
    CompletableFuture<Boolean> store(byte[] body) {
        var waiting = new Waiting(body, new CompletableFuture<>());
        if (!queue.offer(waiting)) {
            waiting.done.complete(false);
        }
        return waiting.done;
    }

    private void write() {
        var batch = new ArrayList<Waiting>();
        while (true) {
            try {
                batch.add(queue.take());
            } catch (InterruptedException e) {
                return;
            }
            queue.drainTo(batch, MOST_PER_COMMIT - 1);
            boolean stored = insert(batch);
            batch.forEach(waiting -> waiting.done.complete(stored));
            batch.clear();
        }
    }

    private boolean insert(List<Waiting> batch) {
        try (Connection connection = database.getConnection();
                var insert = connection.prepareStatement(INSERT)) {
            insert.setArray(
                    1,
                    connection.createArrayOf(
                            "bytea", batch.stream().map(Waiting::body).toArray(byte[][]::new)));
            return insert.executeUpdate() == batch.size();
        } catch (SQLException e) {
            System.err.println(e.getMessage());
            return false;
        }
    }
}
