package dev.serai.route;

import dev.serai.metric.Tally;
import dev.serai.store.Tallies;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds what this hub has counted to what all hubs have, every second or two; what it counted last dies with it. */
public final class TallyKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TallyKeeper.class);
    private static final long EVERY_MS = 1_500;

    private final Tally tally;
    private final Uses uses;
    private final Tallies kept;
    private final InstantSource clock;
    private Instant tidied = Instant.MIN;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-tally");
        thread.setDaemon(true);
        return thread;
    });

    /** @param uses what it keeps besides */
    public TallyKeeper(Tally tally, Uses uses, Tallies kept, InstantSource clock) {
        this.tally = tally;
        this.uses = uses;
        this.kept = kept;
        this.clock = clock;
        timer.scheduleWithFixedDelay(this::look, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            keep();
            uses.write();
            tidy();
        } catch (RuntimeException e) {
            LOG.error("tally.not_kept: a fault of Serai", e);
        }
    }

    private void keep() {
        var taken = tally.take();
        if (taken.isEmpty()) {
            return;
        }
        Instant minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        try {
            kept.add(taken.stream()
                    .map(each -> new Tallies.Count(
                            minute,
                            each.key().kind(),
                            each.key().name(),
                            each.key().part(),
                            each.key().outcome(),
                            each.count()))
                    .toList());
        } catch (SQLException e) {
            LOG.warn("tally.not_kept: {}; trying again", e.getMessage());
            tally.giveBack(taken);
        }
    }

    private void tidy() {
        Instant now = clock.instant();
        if (tidied.isAfter(now.minus(1, ChronoUnit.HOURS))) {
            return;
        }
        try {
            kept.tidy(now);
            tidied = now;
        } catch (SQLException e) {
            LOG.warn("tally.not_tidied: {}; trying again", e.getMessage());
        }
    }

    /** What was counted last is kept as well. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (timer.awaitTermination(5, TimeUnit.SECONDS)) {
                keep();
                uses.write();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
