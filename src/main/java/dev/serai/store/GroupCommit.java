package dev.serai.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets many callers share one transaction. A single writer takes what waits, commits it in one go and answers each
 * caller when its commit has returned; while it commits, the next batch gathers. Bounded: a full queue refuses.
 *
 * @param <T> what is written
 * @param <R> what its writer gets back
 */
final class GroupCommit<T, R> implements AutoCloseable {
    /** Writes all items in one transaction and returns as many results, in order. */
    interface Commit<T, R> {
        List<R> write(List<T> items) throws SQLException;
    }

    /** @param patient holds a claim, and would lose more by an answer that comes too soon than by waiting */
    private record Waiting<T, R>(T item, boolean patient, CompletableFuture<R> answer) {}

    private final BlockingQueue<Waiting<T, R>> queue;
    private final int most;
    private final Commit<T, R> commit;
    private final Thread writer;
    private volatile boolean closed;

    /** @param capacity items that may wait @param most items in one transaction */
    GroupCommit(String name, int capacity, int most, Commit<T, R> commit) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.most = most;
        this.commit = commit;
        this.writer = new Thread(this::run, "serai-commit-" + name);
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * Hands an item to the writer.
     *
     * @return completes when the item is committed, exceptionally when it could not be
     * @throws Full when too many wait already, or the store is closing
     */
    CompletableFuture<R> submit(T item) {
        var waiting = new Waiting<>(item, false, new CompletableFuture<R>());
        if (closed || !queue.offer(waiting)) {
            throw new Full();
        }
        return answered(waiting);
    }

    /** Like {@link #submit}, but waits for room: for callers that hold a claim and are bounded themselves. */
    CompletableFuture<R> submitPatiently(T item) {
        var waiting = new Waiting<>(item, true, new CompletableFuture<R>());
        try {
            while (!queue.offer(waiting, 100, TimeUnit.MILLISECONDS)) {
                if (closed) {
                    throw new Full();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Full();
        }
        return answered(waiting);
    }

    /** Put in the queue in the very moment of closing, nobody would ever answer it. */
    private CompletableFuture<R> answered(Waiting<T, R> waiting) {
        if (closed && !writer.isAlive() && queue.remove(waiting)) {
            waiting.answer.completeExceptionally(new Full());
        }
        return waiting.answer;
    }

    private void run() {
        var batch = new ArrayList<Waiting<T, R>>();
        while (!closed || !queue.isEmpty()) {
            batch.clear();
            try {
                Waiting<T, R> first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch, most - 1);
            } catch (InterruptedException e) {
                closed = true;
                continue;
            }
            write(batch);
        }
    }

    private void write(List<Waiting<T, R>> batch) {
        try {
            List<R> results = commit.write(batch.stream().map(Waiting::item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).answer.complete(results.get(i));
            }
        } catch (SQLException | RuntimeException e) {
            if (batch.size() > 1 && isAboutTheData(e)) {
                // one bad item must not take the others down with it
                batch.forEach(one -> write(List.of(one)));
            } else {
                batch.forEach(one -> one.answer.completeExceptionally(e));
                if (e instanceof SQLTransientConnectionException) {
                    refuseThoseBehind(e);
                }
            }
        }
    }

    /** No connection could be had: whoever waits behind would wait as long again, and have gone before the answer. */
    private void refuseThoseBehind(Exception e) {
        var behind = new ArrayList<Waiting<T, R>>();
        queue.removeIf(one -> !one.patient && behind.add(one));
        behind.forEach(one -> one.answer.completeExceptionally(e));
    }

    /** SQL states of class 22 (data) and 23 (constraint) say that an item is wrong, not the database. */
    private static boolean isAboutTheData(Exception e) {
        return e instanceof SQLException sql
                && sql.getSQLState() != null
                && (sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23"));
    }

    boolean closed() {
        return closed;
    }

    /** Writes what waits, then stops. */
    @Override
    public void close() {
        closed = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // submitted in the moment of closing: nobody will write them, so nobody may believe they are safe
        queue.forEach(one -> one.answer.completeExceptionally(new Full()));
    }

    /** Too much waits to be committed; try again in a moment. */
    static final class Full extends RuntimeException {
        Full() {
            super("too much waits to be committed", null, false, false);
        }
    }
}
