package dev.serai.route;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.quartz.spi.ThreadPool;

/**
 * The threads of {@code quartz:}. When Quartz stops, it must wait for the jobs that run, as what they call is stopped next; its own
 * threads look up each half second only, also those that are idle. These come with the first jobs, and go at once. Public, as
 * Quartz makes it by its name.
 */
public final class TimerThreads implements ThreadPool {
    private static final int MOST = 10;

    private final Semaphore free = new Semaphore(MOST);
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(MOST, MOST, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
                var thread = new Thread(task, "serai-timer");
                thread.setDaemon(true);
                return thread;
            });

    @Override
    public boolean runInThread(Runnable job) {
        if (job == null) {
            return false;
        }
        free.acquireUninterruptibly();
        try {
            threads.execute(() -> {
                try {
                    job.run();
                } finally {
                    free.release();
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            free.release();
            return false;
        }
    }

    @Override
    public int blockForAvailableThreads() {
        free.acquireUninterruptibly();
        free.release();
        return Math.max(1, free.availablePermits());
    }

    @Override
    public void shutdown(boolean waitForJobsToComplete) {
        threads.shutdown();
        if (waitForJobsToComplete) {
            free.acquireUninterruptibly(MOST);
            free.release(MOST);
        }
    }

    @Override
    public int getPoolSize() {
        return MOST;
    }

    @Override
    public void initialize() {
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void setInstanceId(String id) {
        // one name for all
    }

    @Override
    public void setInstanceName(String name) {
        // one name for all
    }
}
