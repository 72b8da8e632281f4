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
import dev.serai.store.UsedCredentials;
import dev.serai.store.UsedCredentials.Seen;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parks a connection whose credential was refused, and lets it go when there is another one. A hub never uses a
 * credential again that any hub was refused with, so that nothing loops while two hubs have different ones. Notes when a
 * connection is called with another one than before.
 */
final class CredentialWatch {
    private static final Logger LOG = LoggerFactory.getLogger(CredentialWatch.class);
    /** While one is under way, hubs have the old credential and the new one. */
    private static final Duration DEPLOYMENT = Duration.ofMinutes(1);
    /** A hub that has another one lets the connection go: they shall not tell of each other all the time. */
    private static final Duration TOLD_AGAIN = Duration.ofHours(1);

    private final ParkedConnections store;
    private final Supplier<Library> library;
    private final Alerts alerts;
    private final InstantSource clock;
    private final Tokens tokens;
    private final Secrets secrets;
    private final UsedCredentials used;
    private final Hears hears;
    /** What calls of this hub were made with last, by connection, and of which that has become another. */
    private final Map<String, Set<String>> usedLast = new ConcurrentHashMap<>();

    private final Set<String> another = ConcurrentHashMap.newKeySet();
    /** When a connection is parked again whose refused credential is set here once more. */
    private final Map<String, Instant> again = new ConcurrentHashMap<>();

    private final AtomicLong asked = new AtomicLong();
    private volatile Known known = new Known(0, Map.of());
    private volatile Map<String, Long> grants = Map.of();

    /**
     * Who hears of connections, by name.
     *
     * @param connected of each that a person has consented to since the look before, on whatever hub
     * @param free of each that is parked no more, once this hub knows that
     */
    record Hears(Consumer<String> connected, Consumer<String> free) {}

    /** The parked connections, by name. @param asked how often it had been asked by then: a later question is answered newer */
    private record Known(long asked, Map<String, Parked> parked) {}

    CredentialWatch(Gate.Stores stores, Supplier<Library> library, Alerts alerts, Hears hears, InstantSource clock) {
        this.hears = hears;
        this.store = stores.connections();
        this.used = store.used();
        this.library = library;
        this.tokens = stores.tokens();
        this.secrets = stores.secrets();
        this.alerts = alerts;
        this.clock = clock;
    }

    /** @throws StepFailed.Parked when the credential we have now was refused before */
    void check(Connector connector) {
        Parked row = known.parked.get(connector.name());
        if (row != null && isRefused(connector, row)) {
            String reason = "not sent: " + connector.name() + " is parked since "
                    + row.since().truncatedTo(ChronoUnit.SECONDS) + "; " + row.reason();
            throw new StepFailed.Parked(
                    new Outcome(Verdict.UNAUTHORIZED, Owner.CONFIG, reason, Duration.ZERO),
                    ParkedRuns.anyOf(connector.name()));
        }
    }

    /** Of a credential that can't be had now nobody knows whether it is another. */
    private boolean hasAnother(Connector connector, Parked row) {
        try {
            return !isRefused(connector, row);
        } catch (SecretAway e) {
            return false;
        }
    }

    private boolean isRefused(Connector connector, Parked row) {
        return row.refused().contains(fingerprint(connector, row.salt()));
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

    /** What a call is made with from now on; that it is another credential than before is noted at the next look. */
    Used used(Connector connector) {
        String name = connector.name();
        var now = new Used(connector.signIn().credential(), grant(name));
        if (!now.parts.equals(usedLast.put(name, now.parts)) && !now.parts.isEmpty()) {
            another.add(name);
        }
        return now;
    }

    private void noteOthers() throws SQLException {
        for (String name : List.copyOf(another)) {
            Optional<Connector> connector = library.get().connector(name);
            another.remove(name);
            try {
                if (connector.isPresent()) {
                    noteUse(connector.get(), false);
                }
            } catch (SecretAway e) {
                another.add(name); // known once it is there again
            } catch (SQLException e) {
                another.add(name);
                throw e;
            }
        }
    }

    /** @param noted whether it stands in the history already that there is another one */
    private void noteUse(Connector connector, boolean noted) throws SQLException {
        String name = connector.name();
        String salt = Credential.newSalt();
        Seen last = used.last(name, new Seen(salt, Credential.fingerprint(connector, 0, salt)), now());
        String fingerprint = Credential.fingerprint(connector, 0, last.salt());
        if (!fingerprint.equals(last.fingerprint())) {
            used.changed(name, last, fingerprint, now(), noted);
        }
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
        Parked row = known.parked.get(connector.name());
        String salt = row == null ? Credential.newSalt() : row.salt();
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
                hears.connected.accept(name);
            }
        });
        learn();
        for (var entry : known.parked.entrySet()) {
            String name = entry.getKey();
            Parked row = entry.getValue();
            Optional<Connector> connector = library.get().connector(name);
            boolean renewed = row.state() == State.PARKED && connector.isPresent() && hasAnother(connector.get(), row);
            if (renewed) {
                noteUse(connector.get(), true);
                letGo(name, store.renewed(name, now(), () -> alerts.resumed(name, now(), "it has another credential")));
            } else if (row.state() == State.RESUMED) {
                letGo(name, store.resumed(name, now(), () -> alerts.resumed(name, now(), "it was resumed")));
            } else if (row.state() == State.RENEWED && connector.isPresent()) {
                mindGivenBack(connector.get(), row);
            }
        }
        noteOthers();
    }

    /**
     * A credential that was refused may be set again, as by who takes a deployment back. Its connection goes on, for those that
     * have another one; here runs would come and be sent away for ever, and nobody be told why.
     */
    private void mindGivenBack(Connector connector, Parked row) throws SQLException {
        String name = connector.name();
        try {
            if (!isRefused(connector, row)) {
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
     * Takes over what all hubs know, then tells of what is parked no more: each hub by itself, as it may have sent runs away until
     * this moment. The database is asked by whoever comes, and nobody waits for the answer to another.
     */
    private void learn() throws SQLException {
        long question = asked.incrementAndGet();
        takeOver(new Known(question, store.all())).forEach(hears.free);
    }

    /** What was asked for earlier, and answered later, is known already. @return which are free by what is new */
    private synchronized List<String> takeOver(Known now) {
        if (now.asked < known.asked) {
            return List.of();
        }
        Map<String, Parked> before = known.parked;
        known = now;
        return before.entrySet().stream()
                .filter(entry -> entry.getValue().state() != State.RENEWED)
                .map(Map.Entry::getKey)
                .filter(name -> Optional.ofNullable(now.parked.get(name))
                        .filter(row -> row.state() != State.RENEWED)
                        .isEmpty())
                .toList();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
