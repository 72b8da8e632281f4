package dev.serai.route;

import dev.serai.store.ClaimedRun;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * How many runs a hub may hold: by number, by the size of their payloads, and never many more than its threads can begin
 * with, so that what matters more does not queue behind them.
 */
final class Room {
    /** Payloads held in memory, those of runs that wait for a redelivery included; parsed they take several times that. */
    private static final long MOST_BYTES = 32L << 20;
    /** Runs that may stand ready for each thread. */
    private static final int READY_PER_THREAD = 8;

    private final int threads;
    private final Semaphore free;
    private final AtomicLong bytes = new AtomicLong();
    private final IntSupplier ready;

    /** @param all runs at the same moment @param ready how many wait for a thread now */
    Room(int all, int threads, IntSupplier ready) {
        this.threads = threads;
        this.free = new Semaphore(all);
        this.ready = ready;
    }

    /** Sets as much aside as there is, at most {@code wanted}. */
    int reserve(int wanted) {
        int most = Math.min(wanted, READY_PER_THREAD * threads - ready.getAsInt());
        while (bytesLeft() > 0) {
            int now = Math.min(most, free.availablePermits());
            if (now <= 0) {
                return 0;
            }
            if (free.tryAcquire(now)) {
                return now;
            }
        }
        return 0;
    }

    /** The same for a batch, of which a thread begins with all runs at once. */
    int reserveTogether(int wanted) {
        if (bytesLeft() <= 0 || ready.getAsInt() >= READY_PER_THREAD * threads) {
            return 0;
        }
        int now = Math.min(wanted, free.availablePermits());
        return now > 0 && free.tryAcquire(now) ? now : 0;
    }

    /** Gives reserved room back. */
    void release(int runs) {
        free.release(runs);
    }

    /** A reserved place is taken by a run. */
    void fill(ClaimedRun run) {
        bytes.addAndGet(run.event().payload().length);
    }

    /** The run's place is free again. */
    void leave(ClaimedRun run) {
        bytes.addAndGet(-run.event().payload().length);
        free.release();
    }

    long bytesLeft() {
        return MOST_BYTES - bytes.get();
    }

    /** Whether it is worth looking for more: the threads could soon be without work. */
    boolean wantsMore() {
        return ready.getAsInt() <= READY_PER_THREAD / 2 * threads && free.availablePermits() > 0;
    }
}
