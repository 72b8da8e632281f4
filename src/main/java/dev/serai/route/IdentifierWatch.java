package dev.serai.route;

import dev.serai.store.Identifiers;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what has arrived into the index of identifiers, a little at a time, so that intake has the machine for itself. */
public final class IdentifierWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdentifierWatch.class);
    private static final long EVERY_MS = 500;

    /** Events in a look; 172 million a day. */
    private static final int MOST = 1_000;

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
        try {
            identifiers.look(MOST);
            more.run();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("identifiers.not_looked: {}; trying again", e.getMessage());
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
