package dev.serai.route;

import dev.serai.store.Tokens;
import dev.serai.store.Tokens.Lease;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores tokens that were renewed, and holds those that can't be stored because the database is away: what was got may be had
 * only once. They are stored when it is back, unless somebody else has stored another by then.
 */
final class TokenSaver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSaver.class);
    /** Before another hub asks with the refresh token that was used up. */
    private static final Duration AGAIN = Duration.ofMillis(250);

    private final Tokens tokens;
    private final InstantSource clock;
    private final String who;
    private final Map<String, Unsaved> unsaved = new ConcurrentHashMap<>();
    private final ScheduledExecutorService again = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-token-saver");
        thread.setDaemon(true);
        return thread;
    });

    private record Unsaved(Lease lease, TokenText fresh) {}

    /** @param who {@code hub NAME} */
    TokenSaver(Tokens tokens, InstantSource clock, String who) {
        this.tokens = tokens;
        this.clock = clock;
        this.who = who;
    }

    /** @return false when somebody else has stored another; true when it is stored, or will be */
    boolean save(Lease lease, TokenText fresh) {
        try {
            return store(lease, fresh);
        } catch (SQLException e) {
            LOG.error(
                    "token.not_stored connection={}: {}; this hub holds it, and stores it once the database is there",
                    lease.connection(),
                    e.getMessage());
            unsaved.put(lease.connection(), new Unsaved(lease, fresh));
            later(lease.connection());
            return true;
        }
    }

    /** Stores what is left of a connection, before anything else is asked. @throws SQLException while the database is away */
    void settle(String connection) throws SQLException {
        if (unsaved.containsKey(connection)) {
            settleAlone(connection);
        }
    }

    private synchronized void settleAlone(String connection) throws SQLException {
        Unsaved left = unsaved.get(connection);
        if (left == null) {
            return;
        }
        boolean stored = store(left.lease, left.fresh);
        unsaved.remove(connection);
        if (stored) {
            LOG.info("token.stored connection={}: the database is there again", connection);
        } else {
            LOG.warn("token.given_up connection={}: another hub or a person has got another meanwhile", connection);
        }
    }

    private boolean store(Lease lease, TokenText fresh) throws SQLException {
        return tokens.store(
                        lease,
                        fresh.write(),
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        fresh.token().expiresAt(),
                        who)
                .isPresent();
    }

    private void later(String connection) {
        try {
            again.schedule(() -> tryAgain(connection), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.error("token.lost connection={}: the hub stops while the database is away", connection);
        }
    }

    private void tryAgain(String connection) {
        try {
            settle(connection);
        } catch (SQLException e) {
            later(connection);
        } catch (RuntimeException e) {
            LOG.error("token.not_stored connection={}: a fault of Serai", connection, e);
        }
    }

    /** Tries once more; what can't be stored then is lost with this hub. */
    @Override
    public void close() {
        again.shutdownNow();
        for (String connection : List.copyOf(unsaved.keySet())) {
            try {
                settle(connection);
            } catch (SQLException e) {
                LOG.error("token.lost connection={}: {}", connection, e.getMessage());
            }
        }
    }
}
