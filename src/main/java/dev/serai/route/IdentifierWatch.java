package dev.serai.route;

import dev.serai.store.Identifiers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what has arrived into the index of identifiers, a little at a time, so that intake has the machine for itself. */
public final class IdentifierWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdentifierWatch.class);
    private static final long EVERY_MS = 500;

    /** Events in a look; 172 million a day. */
    private static final int MOST = 1_000;

    /** After an upgrade, say: the events of years are to be taken in before anybody can be forgotten. */
    private static final long FAR = 100_000;

    private static final Duration CATCH_UP = Duration.ofSeconds(5);

    private final Identifiers identifiers;
    private final Errand more;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-identifiers");
        thread.setDaemon(true);
        return thread;
    });

    /** Something that is to be gone on with now and then. */
    public interface Errand {
        void run() throws SQLException;
    }

    /** @param more what is to be done at each look as well */
    public IdentifierWatch(Identifiers identifiers, Errand more) {
        this.identifiers = identifiers;
        this.more = more;
    }

    public void start() {
        timer.scheduleWithFixedDelay(this::tick, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        trying("identifiers.not_looked", this::look);
        trying("identifiers.not_gone_on", more);
    }

    private void look() throws SQLException {
        long end = System.nanoTime() + CATCH_UP.toNanos();
        long began;
        boolean behind;
        do {
            began = System.nanoTime();
            Identifiers.Lag lag = identifiers.lag();
            behind = lag.newest() - lag.position() > FAR;
        } while (identifiers.look(MOST) && behind && rested(began) && System.nanoTime() < end);
    }

    /** Twice as long as was worked, so that intake still has the machine. @return whether to go on */
    private static boolean rested(long began) {
        LockSupport.parkNanos(2 * (System.nanoTime() - began));
        return !Thread.currentThread().isInterrupted();
    }

    /** What the database says of it may quote a row, and with it a person: its message is not told. */
    private static void trying(String failed, Errand errand) {
        try {
            errand.run();
        } catch (SQLException e) {
            LOG.warn("{} sqlstate={}; trying again", failed, e.getSQLState());
        } catch (RuntimeException e) {
            LOG.warn("{} failure={}; trying again", failed, e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            timer.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
