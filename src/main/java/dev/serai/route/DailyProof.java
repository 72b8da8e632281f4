package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.route.CredentialEnds.End;
import dev.serai.store.Proofs;
import dev.serai.store.Proofs.Failing;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves each connection once a day, on one of all hubs, one that fails soon again, and tells ahead when a credential ends:
 * what has lapsed is found before it is needed.
 */
final class DailyProof implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DailyProof.class);
    private static final Duration DAY = Duration.ofDays(1);
    /** An alert is told once at each of these many days before the end. */
    private static final List<Integer> TOLD_AT = List.of(1, 3, 7, 14, 30);

    private final Hub hub;
    private final ConnectionCheck check;
    private final Proofs proofs;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-proof");
        thread.setDaemon(true);
        return thread;
    });

    DailyProof(Hub hub, ConnectionCheck check) {
        this.hub = hub;
        this.check = check;
        this.proofs = hub.tokens().tokens().proofs();
    }

    void start() {
        looks.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.MINUTES);
    }

    /** Proves what is due, and tells what ends. */
    void look() {
        try {
            for (Connector connector : hub.library().get().connectors().values()) {
                Instant now = hub.clock().instant().truncatedTo(ChronoUnit.MICROS);
                // never all at once, and not always at the same hour
                Duration chance = Duration.ofSeconds(ThreadLocalRandom.current().nextLong(DAY.toSeconds()));
                if (proofs.take(
                        connector.name(), now, now.plus(chance), now.plus(DAY).plus(chance.dividedBy(24)))) {
                    proveAlone(connector, now);
                }
            }
            tellEnds(hub.clock().instant());
        } catch (SQLException e) {
            LOG.warn("proof.not_looked: {}; trying again", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("proof.not_looked: a fault of Serai; trying again", e);
        }
    }

    /** What is wrong with one says nothing of the others. */
    private void proveAlone(Connector connector, Instant now) throws SQLException {
        try {
            prove(connector, now);
        } catch (RuntimeException e) {
            LOG.error("proof.not_made connection={}: a fault of Serai; tried again tomorrow", connector.name(), e);
        }
    }

    /** Those in use that fail, and got no call through meanwhile. */
    static List<Failing> failing(Hub hub) throws SQLException {
        var connectors = hub.library().get().connectors();
        return hub.tokens().tokens().proofs().failing(Connector.SIGN_IN).stream()
                .filter(one -> Optional.ofNullable(connectors.get(one.connection()))
                        .filter(DailyProof::isInUse)
                        .isPresent())
                .toList();
    }

    private static boolean isInUse(Connector connector) {
        return connector.missingToCall().isEmpty();
    }

    private void prove(Connector connector, Instant now) throws SQLException {
        if (!isInUse(connector)) {
            return;
        }
        ConnectionCheck.Found found = check.check(connector);
        String who = hub.tokens().who();
        proofs.proved(connector.name(), new Proofs.Made(now, who, found.tried(), found.fine() ? "" : found.words()));
        LOG.atInfo()
                .addKeyValue("connection", connector.name())
                .addKeyValue("tried", found.tried())
                .addKeyValue("fine", found.fine())
                .addKeyValue("found", found.words())
                .log("connection.proved");
    }

    private void tellEnds(Instant now) throws SQLException {
        for (End end : CredentialEnds.of(hub.library().get(), hub.tokens().tokens())) {
            if (end.renewed() || !isInUse(end.connector())) {
                continue;
            }
            long left = Duration.between(now, end.at()).toDays();
            Optional<Integer> told =
                    TOLD_AT.stream().filter(days -> left < days).findFirst();
            if (told.isPresent()) {
                var alerts = hub.gate().alerts();
                Instant since = end.at().minus(Duration.ofDays(told.get()));
                alerts.tell(alerts.expiring(end, since), hub.stores().inbox());
            }
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
