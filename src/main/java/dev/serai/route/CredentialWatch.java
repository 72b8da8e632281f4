package dev.serai.route;

import dev.serai.connector.Connector;
import dev.serai.connector.SecretAway;
import dev.serai.library.Library;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Parked;
import dev.serai.store.ParkedConnections.State;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Secrets;
import dev.serai.store.Tokens;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks a connection whose credential was refused, and lets it go when there is another one. A hub never uses a
 * credential again that any hub was refused with, so that nothing loops while two hubs have different ones.
 */
final class CredentialWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialWatch.class);
    /** While one is under way, hubs have the old credential and the new one. */
    private static final Duration DEPLOYMENT = Duration.ofMinutes(1);
    /** A hub that has another one lets the connection go: they shall not tell of each other all the time. */
    private static final Duration TOLD_AGAIN = Duration.ofHours(1);

    private final ParkedConnections store;
    private final ParkedRuns runs;
    private final Supplier<Library> library;
    private final Alerts alerts;
    private final InstantSource clock;
    private final Tokens tokens;
    private final Secrets secrets;
    private volatile Map<String, Parked> parked = Map.of();
    private volatile Map<String, Long> grants = Map.of();
    private final Consumer<String> connected;
    /** When a connection is parked again whose refused credential is set here once more. */
    private final Map<String, Instant> again = new ConcurrentHashMap<>();

    /** @param connected hears of each connection that a person has consented to since the look before, on whatever hub */
    CredentialWatch(
            Gate.Stores stores,
            Supplier<Library> library,
            Alerts alerts,
            Consumer<String> connected,
            InstantSource clock) {
        this.connected = connected;
        this.store = stores.connections();
        this.runs = stores.runs();
        this.library = library;
        this.tokens = stores.tokens();
        this.secrets = stores.secrets();
        this.alerts = alerts;
        this.clock = clock;
    }

    /** @throws StepFailed.Parked when the credential we have now was refused before */
    void check(Connector connector) {
        Parked known = parked.get(connector.name());
        if (known != null && isRefused(connector, known)) {
            String reason = "not sent: " + connector.name() + " is parked since "
                    + known.since().truncatedTo(ChronoUnit.SECONDS) + "; " + known.reason();
            throw new StepFailed.Parked(
                    new Outcome(Verdict.UNAUTHORIZED, Owner.CONFIG, reason, Duration.ZERO),
                    ParkedRuns.anyOf(connector.name()));
        }
    }

    /** Of a credential that can't be had now nobody knows whether it is another. */
    private boolean hasAnother(Connector connector, Parked known) {
        try {
            return !isRefused(connector, known);
        } catch (SecretAway e) {
            return false;
        }
    }

    private boolean isRefused(Connector connector, Parked known) {
        return known.refused().contains(fingerprint(connector, known.salt()));
    }

    private String fingerprint(Connector connector, String salt) {
        return Credential.fingerprint(connector, grant(connector.name()), salt);
    }

    /** How often people have consented, as it was a second ago at most. */
    long grant(String connection) {
        return grants.getOrDefault(connection, 0L);
    }

    /** What a call is made with. @param grant counts how often a person consented */
    record Used(Set<String> parts, long grant) {}

    Used used(Connector connector) {
        return new Used(connector.signIn().credential(), grant(connector.name()));
    }

    /**
     * The remote has just refused the credential. When the store can't take it, the next refusal will tell.
     *
     * @param with what the call was made with: when it was changed while the call was under way, the other one is not to blame
     * @param signIn whether a token was asked for, which is noted in the history by who asked
     */
    void refused(Connector connector, Used with, boolean signIn, String reason) {
        if (!with.equals(used(connector))) {
            LOG.info("connection.credential_changed connection={}: the one before was refused", connector.name());
            return;
        }
        Instant now = now();
        Parked known = parked.get(connector.name());
        String salt = known == null ? Credential.newSalt() : known.salt();
        String fingerprint = fingerprint(connector, salt);
        try {
            boolean ours = store.park(
                    connector.name(),
                    new Parked(State.PARKED, now, reason, salt, Set.of(fingerprint)),
                    signIn,
                    alerts.parked(connector, now, reason));
            if (ours) {
                tell(connector.name(), reason);
            }
            learn();
        } catch (SQLException e) {
            LOG.warn("connection.not_parked connection={}: {}", connector.name(), e.getMessage());
        }
    }

    /** Takes over what all hubs know now, and lets go what has another credential or what a person resumed. */
    void look() throws SQLException {
        secrets.refresh();
        Map<String, Long> before = grants;
        Map<String, Long> now = tokens.grants();
        grants = now;
        now.forEach((name, grant) -> {
            if (grant > before.getOrDefault(name, 0L)) {
                connected.accept(name);
            }
        });
        learn();
        for (var entry : parked.entrySet()) {
            String name = entry.getKey();
            Parked known = entry.getValue();
            Optional<Connector> connector = library.get().connector(name);
            boolean renewed =
                    known.state() == State.PARKED && connector.isPresent() && hasAnother(connector.get(), known);
            if (renewed) {
                letGo(name, store.renewed(name, now(), () -> alerts.resumed(name, now(), "it has another credential")));
            } else if (known.state() == State.RESUMED) {
                letGo(name, store.resumed(name, now(), () -> alerts.resumed(name, now(), "it was resumed")));
            } else if (known.state() == State.RENEWED && connector.isPresent()) {
                mindGivenBack(connector.get(), known);
            }
        }
    }

    /**
     * A credential that was refused may be set again, as by who takes a deployment back. Its connection goes on, for those that
     * have another one; here runs would come and be sent away for ever, and nobody be told why.
     */
    private void mindGivenBack(Connector connector, Parked known) throws SQLException {
        String name = connector.name();
        try {
            if (!isRefused(connector, known)) {
                again.remove(name);
                return;
            }
        } catch (SecretAway e) {
            return;
        }
        Instant now = now();
        if (now.isBefore(again.computeIfAbsent(name, first -> now.plus(DEPLOYMENT)))) {
            return;
        }
        again.put(name, now.plus(TOLD_AGAIN));
        String reason = "it is set to a credential again that was refused before";
        if (store.parkAgain(name, now, reason, alerts.parked(connector, now, reason))) {
            tell(name, reason);
        }
        learn();
    }

    private void tell(String name, String reason) {
        LOG.atWarn()
                .addKeyValue("connection", name)
                .addKeyValue("reason", reason)
                .log("connection.parked");
        alerts.announce();
    }

    private void letGo(String name, boolean ours) throws SQLException {
        learn();
        if (ours) {
            LOG.info("connection.resumed connection={}", name);
            alerts.announce();
        }
    }

    /**
     * Takes over what all hubs know, then wakes the runs of what is parked no more: each hub by itself, as it may have sent runs
     * away until this moment.
     */
    private synchronized void learn() throws SQLException {
        Map<String, Parked> before = parked;
        Map<String, Parked> now = store.all();
        parked = now;
        for (var entry : before.entrySet()) {
            Parked known = now.get(entry.getKey());
            boolean free = known == null || known.state() == State.RENEWED;
            if (free && entry.getValue().state() != State.RENEWED) {
                runs.wake(ParkedRuns.anyOf(entry.getKey()));
            }
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
