package dev.serai.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;

/**
 * As many events as the target will take: each connection posts its next event when the last one is answered. One thread
 * over all connections, so that the load costs the machine little.
 */
final class ClosedLoop {
    private final Batch batch;
    private final Load.Tally tally;
    private final long end;
    private int next;
    private int onTheirWay;

    private ClosedLoop(Batch batch, Duration limit) {
        this.batch = batch;
        this.tally = new Load.Tally(batch);
        this.end = tally.start() + limit.toNanos();
    }

    /** Posts until the batch or the time is used up, then waits for the answers still due. */
    static Load run(Target target, Batch batch, int connections, Duration limit) throws IOException {
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try (Selector selector = Selector.open()) {
            var lines = new ArrayList<Line>();
            for (int i = 0; i < connections; i++) {
                lines.add(new Line(target, selector));
            }
            var loop = new ClosedLoop(batch, limit);
            lines.forEach(loop::sendNext);
            while (loop.onTheirWay > 0 && System.nanoTime() < loop.end + Load.PATIENCE.toNanos()) {
                selector.select(loop::read, 1000);
            }
            loop.tally.errors += loop.onTheirWay;
            lines.forEach(Line::close);
            long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
            return loop.tally.end(loop.next, used, new long[0]);
        }
    }

    private void read(SelectionKey key) {
        var line = (Line) key.attachment();
        try {
            int status = line.read();
            if (status > 0) {
                onTheirWay--;
                tally.answered(line.claim(), line.since(), status);
                sendNext(line);
            }
        } catch (IOException e) {
            failed(line);
        }
    }

    private void sendNext(Line line) {
        long now = System.nanoTime();
        if (next == batch.size || now >= end || tally.errors >= Load.MOST_ERRORS) {
            return;
        }
        onTheirWay++;
        try {
            line.send(batch, next++, now);
        } catch (IOException e) {
            failed(line);
        }
    }

    private void failed(Line line) {
        if (line.claim() < 0) {
            line.close(); // an idle connection the target gave up: nothing was lost
            return;
        }
        onTheirWay--;
        tally.errors++;
        try {
            line.reconnect();
        } catch (IOException e) {
            return; // the others go on, or the errors end the load
        }
        sendNext(line);
    }
}
