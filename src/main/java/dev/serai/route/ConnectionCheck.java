package dev.serai.route;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.config.Settings;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Operation;
import dev.serai.connector.Request;
import dev.serai.connector.SecretAway;
import dev.serai.connector.Verdicts;
import dev.serai.connector.auth.Token;
import dev.serai.connector.auth.TokenAuth;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.Breakers;
import dev.serai.store.Buckets;
import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;

/**
 * Proves that a connection works: it gets a token where it has such, and answers the first read of its file that needs no
 * argument. What a hub finds refused is known to all hubs, as if a flow had met it.
 */
public final class ConnectionCheck implements AutoCloseable {
    private static final Duration FRESH = Duration.ofDays(1);
    private static final String NOTHING_TO_READ = "its file has no read that needs no argument";

    private final Gate gate;
    private final TokenKeeper tokens;
    private final HttpCalls http;
    private final InstantSource clock;
    private final List<Runnable> opened = new ArrayList<>();

    ConnectionCheck(Gate gate, TokenKeeper tokens, HttpCalls http, InstantSource clock) {
        this.gate = gate;
        this.tokens = tokens;
        this.http = http;
        this.clock = clock;
    }

    /**
     * What a check found.
     *
     * @param tried false where nothing harmless could be tried: then nobody knows
     * @param fine whether it works
     * @param words what was tried, or why it does not work or was not tried
     */
    public record Found(boolean tried, boolean fine, String words) {
        private static Found works(String words) {
            return new Found(true, true, words);
        }

        private static Found untried(String words) {
            return new Found(false, false, words);
        }

        private static Found fails(String words) {
            return new Found(true, false, words);
        }
    }

    /** For a command beside running hubs, which will find out themselves what it finds; to be closed. */
    public static ConnectionCheck beside(Database database, Seal seal, Library library, Settings settings) {
        InstantSource clock = InstantSource.system();
        var data = database.dataSource();
        var inbox = new Inbox(database.intake(), clock, 100);
        var subscribers = new Subscribers();
        var metrics = new Metrics();
        var alerts = new Alerts(new Intake(inbox, subscribers, Duration.ofMinutes(1), Traces.off(), metrics), "");
        String name = "check " + ProcessHandle.current().pid();
        var store = new Tokens(data, seal);
        var stores = new Gate.Stores(
                new Breakers(data),
                new ParkedConnections(data, name),
                new ParkedRuns(data, clock),
                store,
                new Secrets(data, seal),
                new Buckets(data, Thresholds.USUAL));
        var gate = new Gate(stores, () -> library, new Gate.Tells(alerts, metrics), subscribers, clock).onlooking();
        gate.look();
        CamelContext context = HttpCalls.bareContext();
        var keeper = new TokenKeeper(store, gate, clock, name);
        var check = new ConnectionCheck(gate, keeper, new HttpCalls(context, CallSettings.of(settings)), clock);
        check.opened.addAll(List.of(inbox::close, gate::close, metrics::close, context::stop, keeper::close));
        return check;
    }

    public Found check(Connector connector) {
        Set<String> missing = connector.missingToCall();
        if (!missing.isEmpty()) {
            return Found.untried("it is not set up: set " + String.join(", ", missing));
        }
        if (connector.operations().isEmpty()) {
            return Found.untried("its file has nothing that is called");
        }
        try {
            Connector live = proved(connector);
            live.requireFit();
            Optional<String> read = read(live);
            if (read.isPresent()) {
                return ask(
                        live, new Ready(read.get(), live.build(read.get(), MissingNode.getInstance(), Map.of(), "")));
            }
            return connector.tokens().isPresent()
                    ? Found.works("it got a token; " + NOTHING_TO_READ)
                    : Found.untried(NOTHING_TO_READ);
        } catch (StepFailed e) {
            return failed(e.outcome());
        } catch (ConnectorRefused | SecretAway e) {
            return Found.fails(e.getMessage());
        }
    }

    /**
     * One that was got within a day is proof enough; an older one is renewed before it is missed. It is good all the same:
     * while its endpoint is in trouble, the read goes with it.
     */
    private Connector proved(Connector connector) {
        Connector live = tokens.ready(connector, http);
        Optional<Token> token = live.tokens().flatMap(TokenAuth::token);
        Instant old = clock.instant().minus(FRESH);
        if (token.isEmpty() || !token.get().obtainedAt().isBefore(old)) {
            return live;
        }
        try {
            return tokens.renewedEarly(live, http);
        } catch (StepFailed e) {
            if (e.outcome().verdict() == Verdict.UNAUTHORIZED) {
                throw e;
            }
            return live;
        }
    }

    /** Whoever is to come later has neither been refused nor let through. */
    private static Found failed(Outcome outcome) {
        return outcome.verdict() == Verdict.RATE_LIMITED
                ? Found.untried(outcome.reason())
                : Found.fails(outcome.reason());
    }

    private record Ready(String operation, Request request) {}

    /** The first that asks for nothing of a record; one whose own settings are not there is not in use. */
    private static Optional<String> read(Connector connector) {
        return connector.operations().values().stream()
                .filter(operation -> operation instanceof Operation.Read && operation.needsNothing())
                .map(Operation::name)
                .filter(name -> connector.missingToCall(name).isEmpty())
                .findFirst();
    }

    private Found ask(Connector connector, Ready read) {
        try (Gate.Pass pass = gate.enter(connector, read.operation, Caller.other())) {
            Outcome outcome = ask(connector, read, pass);
            if (pass.mayGoAgain(outcome)) {
                // a token may end before its time, and clocks differ: no reason to park, here as little as in a flow
                Optional<Connector> renewed = tokens.again(pass, connector, http);
                if (renewed.isPresent()) {
                    Request again = renewed.get().signIn().carry(read.request);
                    outcome = ask(renewed.get(), new Ready(read.operation, again), pass);
                }
            }
            pass.answered(outcome);
            return outcome.succeeded() ? Found.works("it answered " + read.operation) : failed(outcome);
        }
    }

    private Outcome ask(Connector connector, Ready read, Gate.Pass pass) {
        try {
            Answer answer = tokens.send(pass, http, connector, read.request);
            return Verdicts.of(connector, read.operation, answer, clock.instant());
        } catch (IOException e) {
            return Verdicts.of(connector, e);
        }
    }

    @Override
    public void close() {
        http.close();
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).run();
        }
    }
}
