package dev.serai.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Looks after the history once a minute. */
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Slices slices;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-housekeeping");
        thread.setDaemon(true);
        return thread;
    });

    public Housekeeping(Slices slices) {
        this.slices = slices;
        timer.scheduleWithFixedDelay(this::tidy, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tidy() {
        try {
            for (Slices.Dropped dropped : slices.tidy()) {
                LOG.atLevel(dropped.beforeItsTime() ? Level.WARN : Level.INFO)
                        .addKeyValue("slice", dropped.number())
                        .addKeyValue("began", dropped.beganAt())
                        .addKeyValue("freed_mb", dropped.bytes() >> 20)
                        .addKeyValue(
                                "because", dropped.beforeItsTime() ? "serai.history.disk-gb" : "serai.history.keep")
                        .log("history.dropped");
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("history.not_tidied: {}; trying again in a minute", e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
