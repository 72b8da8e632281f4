package dev.serai.route;

import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Trace;
import dev.serai.run.Breaker;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.Breakers;
import dev.serai.store.Breakers.Change;
import dev.serai.store.Breakers.Endpoint;
import dev.serai.store.Buckets;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Secrets;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asked before each call, told after it: refuses while the endpoint's breaker is open or its connection is parked. Knows
 * what all hubs know, a second late; while nothing is wrong, a call costs no statement.
 */
public final class Gate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    /** Looks between two searches for runs that were parked in the very moment of letting go. */
    private static final int SWEEP_EVERY = 5;

    /** The tables it needs. */
    public record Stores(
            Breakers breakers,
            ParkedConnections connections,
            ParkedRuns runs,
            Tokens tokens,
            Secrets secrets,
            Buckets buckets) {}

    private final Breakers breakers;
    private final ParkedRuns runs;
    private final Wakes wakes;
    private final Subscribers subscribers;
    private final CredentialWatch credentials;
    private final Alerts alerts;
    private final Metrics metrics;
    private final Quotas quotas;
    private final InstantSource clock;
    private final KnownBreakers known = new KnownBreakers();
    private final SharedBreakers shared;

    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "serai-gate");
        thread.setDaemon(true);
        return thread;
    });
    private int looked;
    private boolean onlooker;
    private Consumer<String> freed = waitsFor -> {};

    /** Who is told what calls came to. */
    public record Tells(Alerts alerts, Metrics metrics) {}

    public Gate(Stores stores, Supplier<Library> library, Tells tells, Subscribers subscribers, InstantSource clock) {
        this.runs = stores.runs;
        this.subscribers = subscribers;
        this.alerts = tells.alerts;
        this.wakes = new Wakes(runs, alerts);
        this.metrics = tells.metrics;
        this.breakers = stores.breakers;
        this.shared = new SharedBreakers(breakers, known, alerts);
        var hears = new CredentialWatch.Hears(this::tokenCame, name -> wakes.soon(ParkedRuns.anyOf(name)));
        this.credentials = new CredentialWatch(stores, library, alerts, hears, clock);
        this.quotas = new Quotas(stores.buckets, library, alerts, looks, clock);
        this.clock = clock;
    }

    /** It minds what hubs know, and tells them nothing: they have the flows that an alert goes to. */
    Gate onlooking() {
        onlooker = true;
        return this;
    }

    /** Who hears of what is free again, by what runs wait for, before these are woken. */
    void onFreed(Consumer<String> hears) {
        freed = hears;
    }

    /** Looks once before the first call, then every second. */
    void start() {
        look();
        looks.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
        looks.scheduleWithFixedDelay(this::tell, 250, 250, TimeUnit.MILLISECONDS);
    }

    /** What do other hubs know, and may one of the parked runs try? The others stay parked until it got through. */
    void look() {
        try {
            credentials.look();
            for (Endpoint endpoint : known.look(breakers::troubled, clock)) {
                runs.wakeOne(endpoint.name(), subscribers.working());
                alerts.announce();
            }
            for (String connection : quotas.look()) {
                wakes.soon(Buckets.waitsFor(connection));
            }
            wakes.look(freed);
            for (var sooner : quotas.callBack().entrySet()) {
                freed.accept(Buckets.waitsFor(sooner.getKey()));
                runs.wakeNext(Buckets.waitsFor(sooner.getKey()), subscribers.paused(), sooner.getValue());
                alerts.announce();
            }
            if (looked++ % SWEEP_EVERY == 0) {
                runs.wakeLetGo();
            }
        } catch (SQLException e) {
            LOG.warn("gate.not_looked: {}; trying again", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("gate.not_looked: a fault of Serai; trying again", e);
        }
    }

    /** There is a token again: who waits for one is woken at the next look. */
    void tokenCame(String connection) {
        wakes.soon(TokenKeeper.waitsFor(connection));
    }

    /** Four times a second: what was used and is not needed is known to all hubs. */
    void tell() {
        quotas.tell();
    }

    /**
     * Leave to make one call; to be closed when the call is over or was not made after all.
     *
     * @throws StepFailed.Parked when nothing may be sent now
     */
    Pass enter(Connector connector, String operation, Caller caller) {
        if (onlooker) {
            quotas.lookBeside();
        }
        credentials.check(connector);
        var endpoint = new Endpoint(connector.name(), operation);
        known.refuseIfOpen(endpoint, clock.instant());
        Quotas.Leave leave = quotas.enter(connector, operation, caller);
        try {
            return enter(connector, endpoint, leave, caller);
        } catch (RuntimeException e) {
            leave.close();
            throw e;
        }
    }

    /** As {@link #enter}, to ask for a token: vendors don't count that among the calls of their API. */
    Pass enterToSignIn(Connector connector) {
        try {
            // a refresh token that another hub was refused with a moment ago is not tried again
            credentials.look();
        } catch (SQLException e) {
            LOG.warn("gate.not_looked: {}; a token is asked for by what is known", e.getMessage());
        }
        credentials.check(connector);
        return enter(
                connector,
                new Endpoint(connector.name(), Connector.SIGN_IN),
                quotas.uncounted(connector),
                Caller.other());
    }

    /** What a run comes to that the remote refused with "too many". */
    StepFailed.Parked comesAgain(Connector connector, Outcome outcome) {
        return quotas.comesAgain(connector, outcome);
    }

    private Pass enter(Connector connector, Endpoint endpoint, Quotas.Leave leave, Caller caller) {
        known.refuseIfOpen(endpoint, clock.instant());
        if (known.of(endpoint).map(Breaker::state).orElse(Breaker.State.CLOSED) == Breaker.State.CLOSED) {
            return new Pass(leave, endpoint, 0, caller);
        }
        return probe(connector, endpoint, leave, caller);
    }

    private Pass probe(Connector connector, Endpoint endpoint, Quotas.Leave leave, Caller caller) {
        // a call, and what is written down before and after it
        Duration lease = connector.timeout().multipliedBy(2).plusSeconds(10);
        Change change;
        try {
            change = shared.change(endpoint, now(), b -> b.probing(now(), lease).orElse(b));
        } catch (SQLException e) {
            throw new StepFailed(Outcome.retry("not sent: the database did not say whether " + endpoint.name()
                    + " may be tried: " + e.getMessage()));
        }
        if (change.after().state() == Breaker.State.CLOSED) {
            return new Pass(leave, endpoint, 0, caller);
        }
        if (change.after().equals(change.before())) {
            throw KnownBreakers.refused(endpoint, change.after());
        }
        LOG.info("breaker.probe connection={} operation={}", endpoint.connection(), endpoint.operation());
        return new Pass(leave, endpoint, change.after().probe(), caller);
    }

    /** Leave to make one call. */
    final class Pass implements AutoCloseable {
        private final Connector connector;
        private final Quotas.Leave leave;
        private final Endpoint endpoint;
        private final long probe;
        private final Caller caller;
        private final CredentialWatch.Used credential;
        private Instant began = clock.instant(); // a token is asked for without send
        private Answer answer;
        private boolean told;
        private boolean mistimed;

        private Pass(Quotas.Leave leave, Endpoint endpoint, long probe, Caller caller) {
            this.connector = leave.connector();
            this.leave = leave;
            this.endpoint = endpoint;
            this.probe = probe;
            this.caller = caller;
            this.credential = credentials.used(connector);
        }

        /** Makes the call. @param live with its token, which may tell its address @throws IOException when no answer came */
        Answer send(HttpCalls http, Connector live, Request request) throws IOException {
            leave.sent();
            began = clock.instant();
            try {
                answer = http.send(request, live);
                return answer;
            } finally {
                leave.back(answer);
            }
        }

        /** Whether the call was signed for another time than the remote's answer shows. */
        boolean isMistimed() {
            return mistimed;
        }

        /** Whether it may get through with another token, or signed anew: not every remote says 401 to a wrong time. */
        boolean mayGoAgain(Outcome judged) {
            boolean refused = judged.status() == 400 || judged.status() == 403;
            return judged.verdict() == Verdict.UNAUTHORIZED || mistimed && refused && judged.verdict() == Verdict.FAIL;
        }

        void mistimed(boolean is) {
            mistimed = is;
        }

        /** Tells what came of the call. When the store can't take it, it does not count. */
        void answered(Outcome outcome) {
            told = true;
            measure(outcome);
            if (onlooker && probe == 0) {
                return;
            }
            if (outcome.verdict() == Verdict.RETRY) {
                Breaker.Limits limits = connector.breaker(endpoint.operation());
                tell(b -> b.failed(probe, limits, now(), outcome.reason()));
            } else if (probe > 0 || outcome.succeeded() && known.of(endpoint).isPresent()) {
                // a probe that is refused, or asked to wait, has met a living remote all the same
                tell(b -> b.succeeded(probe, now()));
            }
            if (outcome.verdict() == Verdict.RATE_LIMITED) {
                refused(outcome);
            } else if (answer != null && outcome.verdict() != Verdict.RETRY) {
                leave.letThrough();
            }
            if (outcome.verdict() == Verdict.UNAUTHORIZED && !onlooker) {
                boolean signIn = endpoint.operation().equals(Connector.SIGN_IN);
                credentials.refused(connector, credential, signIn, outcome.reason());
            }
        }

        /** The remote said "too many" of the call, or of some records in it. */
        void refused(Outcome outcome) {
            if (answer != null && !onlooker) {
                leave.refused(answer, outcome.retryAfter());
            }
        }

        private void measure(Outcome outcome) {
            String verdict = outcome.verdict().name().toLowerCase(Locale.ROOT);
            int status = answer == null ? Outcome.NO_ANSWER : answer.status();
            String connection = endpoint.connection();
            String operation = endpoint.operation();
            metrics.attempted(connection, operation, verdict, Duration.between(began, clock.instant()));
            caller.trace().called(new Trace.Called(connection, operation, caller.records(), status, verdict), began);
        }

        private void tell(UnaryOperator<Breaker> step) {
            if (probe == 0
                    && known.of(endpoint)
                            .filter(b -> b.state() != Breaker.State.CLOSED)
                            .isPresent()) {
                return; // was under way when it opened: says nothing any more
            }
            try {
                shared.change(endpoint, now(), step);
            } catch (SQLException e) {
                LOG.warn("breaker.not_told endpoint={}: {}", endpoint.name(), e.getMessage());
            }
        }

        @Override
        public void close() {
            leave.close();
            if (probe > 0 && !told) {
                tell(b -> b.unsent(probe, now()));
            }
        }
    }

    /** How often somebody has consented, as it was known a second ago at the latest. */
    long grant(String connection) {
        return credentials.grant(connection);
    }

    Alerts alerts() {
        return alerts;
    }

    /** As exactly as PostgreSQL keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public void close() {
        looks.shutdownNow();
        quotas.leave();
    }
}
