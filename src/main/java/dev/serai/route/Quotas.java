package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Quota.Cost;
import dev.serai.connector.QuotaSet;
import dev.serai.connector.QuotaSet.Limit;
import dev.serai.library.Library;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Units;
import dev.serai.run.Verdict;
import dev.serai.run.Window;
import dev.serai.store.Buckets;
import dev.serai.store.Buckets.Limited;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all calls of this hub within what connector files say a remote allows, together with all other hubs. What an
 * operation has of its own and what its connection has both hold.
 */
final class Quotas {
    private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
    /** A parked run is due so long before its turn: it has to be claimed, and to come to its step. */
    private static final Duration LEAD = Duration.ofMillis(50);

    /** Milliseconds; what is due within the same is looked for once. */
    private static final long WAKE_EVERY = 20;
    /** Milliseconds; what is due later is found by the look that comes round anyway. */
    private static final long FAR_AWAY = 60_000;

    private final Buckets buckets;
    private final Supplier<Library> library;
    private final Alerts alerts;
    private final ScheduledExecutorService later;
    private final InstantSource clock;
    /** Of this process: another one of the same name must not take over what this one holds. */
    private final String holder = UUID.randomUUID().toString();

    private final Map<Limited, QuotaShare> shares = new ConcurrentHashMap<>();

    private final Closings closings = new Closings();
    private final LimitChanges changes = new LimitChanges();
    /** Not told yet: the look that noticed it may have failed behind that. */
    private final Set<Limited> changed = ConcurrentHashMap.newKeySet();

    private final Set<Long> wakes = ConcurrentHashMap.newKeySet();

    Quotas(
            Buckets buckets,
            Supplier<Library> library,
            Alerts alerts,
            ScheduledExecutorService later,
            InstantSource clock) {
        this.buckets = buckets;
        this.library = library;
        this.alerts = alerts;
        this.later = later;
        this.clock = clock;
    }

    /** Of one limit. */
    private record Part(QuotaShare share, Limit limit, Units units) {}

    /**
     * Leave to make one call.
     *
     * @throws StepFailed.Parked until its turn, when that is not now
     */
    Leave enter(Connector connector, String operation, Caller caller) {
        var leave = new Leave(connector, operation);
        Units units = connector.quotas().units(operation, caller.records());
        try {
            limits(connector, operation).forEach(limit -> leave.take(limit, units, caller));
        } catch (RuntimeException e) {
            leave.close();
            throw e;
        }
        return leave;
    }

    /** An operation without a limit has one while its remote keeps it closed, and costs no statement else. */
    private List<Limit> limits(Connector connector, String operation) {
        List<Limit> limits = connector.quotas().limits(operation);
        return limits.isEmpty() && closings.closed(new Limited(connector.name(), operation), clock.instant())
                ? List.of(QuotaSet.unstated(operation))
                : limits;
    }

    /**
     * Once a second: what is closed, by what all hubs know, and what limits are now.
     *
     * @return the connections of which a person has opened something before its time, or a limit was changed in its file or
     *     raised by its remote: runs wait there until then
     */
    Set<String> look() throws SQLException {
        if (isUntold()) {
            return Set.of(); // the others don't know yet what this hub knows
        }
        notice();
        var opened = new HashSet<>(closings.look(buckets::closed, clock));
        opened.addAll(changed);
        changed.removeAll(opened);
        opened(opened);
        shares.forEach((limited, share) -> {
            if (share.hasGrown()) {
                opened.add(limited);
            }
        });
        Set<String> connections = opened.stream().map(Limited::connection).collect(Collectors.toSet());
        shares.forEach((limited, share) -> {
            if (connections.contains(limited.connection())) {
                share.allCome(); // those too that wait for another limit of it
            }
        });
        return connections;
    }

    /** Whether the others don't know yet what this hub knows. */
    private boolean isUntold() {
        return shares.values().stream().anyMatch(QuotaShare::untold);
    }

    private void opened(Set<Limited> opened) {
        opened.forEach(limited -> Optional.ofNullable(shares.get(limited)).ifPresent(QuotaShare::opened));
    }

    /** Notes limits that were changed, all of them before the store is told of any: it may not be there. */
    private void notice() throws SQLException {
        Set<Limited> noticed = changes.look(library.get(), buckets::allowed);
        changed.addAll(noticed);
        for (Limited limited : noticed) {
            if (!changes.states(limited)) {
                buckets.forgetAllowed(limited); // or each start would notice it anew
            }
        }
    }

    /**
     * Once a second: whom the calls at the same time kept waiting, and whose places have come free sooner than was thought.
     *
     * @return how many may come now, by connection
     */
    Map<String, Integer> callBack() {
        var sooner = new HashMap<String, Integer>();
        shares.forEach((limited, share) -> {
            int called = share.callBack();
            if (called > 0) {
                sooner.merge(limited.connection(), called, Integer::sum);
            }
        });
        return sooner;
    }

    /** Of a command beside the hubs, before it calls: what is closed, by what they know. What is limited otherwise they notice. */
    void lookBeside() {
        try {
            if (!isUntold()) {
                opened(closings.look(buckets::closed, clock));
            }
        } catch (SQLException e) {
            LOG.warn("quota.not_looked: {}; it calls all the same", e.getMessage());
        }
    }

    /** Leave for a call that no quota knows. */
    Leave uncounted(Connector connector) {
        return new Leave(connector, Connector.SIGN_IN);
    }

    private QuotaShare share(Limited limited, Duration timeout) {
        QuotaShare share = shares.computeIfAbsent(
                limited,
                key -> new QuotaShare(
                        key.name(),
                        timeout,
                        (allowed, asking) -> buckets.exchange(
                                key, allowed, holder, asking, level -> alerts.quota(key, level, clock.instant())),
                        clock));
        return share.lasting(timeout);
    }

    private QuotaShare share(Connector connector, Limit limit) {
        return share(new Limited(connector.name(), limit.name()), connector.timeout());
    }

    /** Every quarter of a second. */
    void tell() {
        try {
            shares.values().forEach(QuotaShare::tell);
        } catch (RuntimeException e) {
            LOG.error("quota.not_told: a fault of Serai; trying again", e);
        }
    }

    /** This hub stops, and its calls are over. */
    void leave() {
        shares.values().stream().allMatch(QuotaShare::leave);
    }

    private StepFailed.Parked parked(Connector connector, NoLeave refused) {
        Instant due = refused.due().minus(LEAD);
        wakeAt(due);
        return new StepFailed.Parked(
                new Outcome(
                        Verdict.RETRY,
                        Owner.TRANSIENT,
                        "not sent: " + refused.why() + "; its turn is at "
                                + refused.due().truncatedTo(ChronoUnit.MILLIS),
                        Duration.ZERO),
                Buckets.waitsFor(connector.name()),
                due);
    }

    /** What a run comes to that the remote refused with "too many": it comes again when the remote said, which is no retry. */
    StepFailed.Parked comesAgain(Connector connector, Outcome outcome) {
        Instant due = clock.instant().plus(outcome.retryAfter());
        wakeAt(due);
        return StepFailed.Parked.byRemote(outcome, connector.name(), due);
    }

    /** Runs are due then: looked for at once, as a turn that is missed is lost. */
    private void wakeAt(Instant due) {
        long wait = Math.max(0, Duration.between(clock.instant(), due).toMillis());
        long tick = due.toEpochMilli() / WAKE_EVERY;
        if (wait < FAR_AWAY && wakes.add(tick)) {
            later.schedule(
                    () -> {
                        wakes.remove(tick);
                        alerts.announce();
                    },
                    wait + WAKE_EVERY,
                    TimeUnit.MILLISECONDS);
        }
    }

    /** Leave to make one call; given back by {@link #close} when it was not made. */
    final class Leave implements AutoCloseable {
        private final Connector connector;
        private final String operation;
        private final List<Part> parts = new ArrayList<>(2);
        private Instant sent;

        private Leave(Connector connector, String operation) {
            this.connector = connector;
            this.operation = operation;
        }

        Connector connector() {
            return connector;
        }

        private void take(Limit limit, Units units, Caller caller) {
            QuotaShare share = share(connector, limit);
            NoLeave refused = share.take(caller, units, limit.quota().allowed());
            if (refused != null) {
                throw parked(connector, refused);
            }
            parts.add(new Part(share, limit, units));
        }

        /** The call is being made, or made once more. */
        void sent() {
            if (sent != null) {
                parts.forEach(part -> part.share.again(part.units));
            }
            sent = clock.instant();
        }

        /** Counts the call, by what the answer tells of it. @param answer null when none came: it may have been counted */
        void back(Answer answer) {
            Cost cost = connector.quotas().cost(operation);
            for (Part part : parts) {
                Units really = part.units;
                if (answer != null) {
                    really = new Units(1, cost.really(answer).orElse(part.units.points()));
                    part.share.hear(part.limit.quota().heard(answer, clock.instant()));
                }
                part.share.used(part.units, really, sent);
            }
        }

        /** The remote said "too many": nobody goes through the limit that it meant before it is over. */
        void refused(Answer answer, Duration pause) {
            Limit meant = connector.quotas().meant(operation, answer, clock.instant());
            String window = meant.quota().exceeded(answer).map(Window::name).orElse("");
            Instant until = share(connector, meant)
                    .refused(window, pause, sent, meant.quota().allowed());
            closings.note(new Limited(connector.name(), meant.name()), until);
        }

        /** The remote let the call through, whatever it thought of it. */
        void letThrough() {
            parts.forEach(part -> part.share.letThrough(sent));
            if (parts.isEmpty()) {
                // known only of those that have refused before
                Optional.ofNullable(shares.get(new Limited(connector.name(), operation)))
                        .ifPresent(share -> share.letThrough(sent));
            }
        }

        @Override
        public void close() {
            if (sent == null) {
                parts.forEach(part -> part.share.unsent(part.units));
                parts.clear();
            }
        }
    }
}
