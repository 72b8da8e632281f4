package dev.serai.bench;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at the memory of some processes once a second and remembers the most; also what they used of the processors. */
final class Watch implements AutoCloseable {
    private final List<Long> roots;
    private final double cpuBefore;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Processes.Memories peak = Processes.Memories.NONE;

    Watch(List<Long> roots) {
        this.roots = roots;
        this.cpuBefore = Processes.cpuSeconds(roots);
        clock.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void look() {
        peak = peak.max(Processes.memory(roots));
    }

    Processes.Memories peak() {
        return peak;
    }

    /** Processor time used since this watch began, in seconds. */
    double cpuSeconds() {
        return Processes.cpuSeconds(roots) - cpuBefore;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
