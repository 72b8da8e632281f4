package dev.serai.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of events a second, whether the target keeps up or not. Latency counts from the moment an event was due
 * to be sent, so a stall of the target shows in every event it delayed (no coordinated omission). The caller's thread
 * keeps the time (to about 0.1 ms), a second one reads the answers; an event that finds no free connection waits, and
 * its clock runs.
 */
final class OpenLoop {
    private final Batch batch;
    private final Load.Tally tally;
    private final long[] late;
    private final BlockingQueue<Line> free = new LinkedBlockingQueue<>();
    private final Selector selector;
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private volatile boolean over;
    private volatile long readerCpu;

    private OpenLoop(Batch batch, Selector selector) {
        this.batch = batch;
        this.selector = selector;
        this.tally = new Load.Tally(batch);
        this.late = new long[batch.size];
    }

    /** Posts the whole batch at {@code perSecond}, then waits for the answers still due. */
    static Load run(Target target, Batch batch, int connections, int perSecond)
            throws IOException, InterruptedException {
        var threads = ManagementFactory.getThreadMXBean();
        long cpu = threads.getCurrentThreadCpuTime();
        try (Selector selector = Selector.open()) {
            var lines = new ArrayList<Line>();
            for (int i = 0; i < connections; i++) {
                lines.add(new Line(target, selector));
            }
            var loop = new OpenLoop(batch, selector);
            loop.free.addAll(lines);
            var reader = new Thread(loop::readAnswers, "answers");
            reader.start();
            int tried = loop.send(perSecond);
            long giveUp = System.nanoTime() + Load.PATIENCE.toNanos();
            while (loop.finished.get() < tried && System.nanoTime() < giveUp) {
                LockSupport.parkNanos(1_000_000);
            }
            loop.over = true;
            selector.wakeup();
            reader.join();
            lines.forEach(Line::close);
            loop.tally.errors = loop.errors.get() + tried - loop.finished.get();
            long used = threads.getCurrentThreadCpuTime() - cpu + loop.readerCpu;
            return loop.tally.end(tried, used, Arrays.copyOf(loop.late, tried));
        }
    }

    /** When event {@code i} was to be sent. */
    static long due(long start, int i, int perSecond) {
        return start + (long) (i * 1e9 / perSecond);
    }

    private int send(int perSecond) throws InterruptedException {
        for (int i = 0; i < batch.size; i++) {
            long due = due(tally.start(), i, perSecond);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
                late[i] = Math.max(0, System.nanoTime() - due); // overslept; later than that is the target's doing
            }
            Line line = free.poll(Load.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (line == null) {
                return i;
            }
            try {
                line.send(batch, i, due);
            } catch (IOException e) {
                failed(line);
            }
        }
        return batch.size;
    }

    private void readAnswers() {
        try {
            while (!over) {
                selector.select(this::read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        readerCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void read(SelectionKey key) {
        var line = (Line) key.attachment();
        try {
            int status = line.read();
            if (status > 0) {
                tally.answered(line.claim(), line.since(), status);
                finished.incrementAndGet();
                free.add(line);
            }
        } catch (IOException e) {
            failed(line);
        }
    }

    /** Called by either thread; an event that was on its way is counted once, a connection nobody used just reopened. */
    private void failed(Line line) {
        boolean used = line.claim() >= 0;
        if (used) {
            errors.incrementAndGet();
            finished.incrementAndGet();
        }
        try {
            line.reconnect();
        } catch (IOException e) {
            return; // one connection less; without any, the sender gives up
        }
        if (used) {
            free.add(line);
        }
    }
}
