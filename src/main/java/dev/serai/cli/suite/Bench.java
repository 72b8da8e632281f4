package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.connector.auth.Auth;
import dev.serai.route.CallsBeside;
import dev.serai.run.Outcome;
import dev.serai.simulator.Asked;
import dev.serai.simulator.Promise;
import dev.serai.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** The simulated vendors, a clock that is moved by hand, and calls to them as the hub makes them. */
final class Bench implements AutoCloseable {
    /** The vendors' day: the same in each run. */
    static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    /** A vendor on this machine that takes longer is stuck. Not what the connector says: this machine may be busy. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A call that was given up has arrived by then, or was never sent. */
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(10);

    static final String HERE = "127.0.0.1";

    /** A host of a public network, as far as a call can tell; it is this machine. */
    static final String ELSEWHERE = "mail.serai-connector-test.example";

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicInteger signed = new AtomicInteger();
    private final CallsBeside calls = new CallsBeside(ELSEWHERE);
    private final Simulator simulator;

    Bench(Path systems) {
        this.simulator = Simulator.start(systems, 0, now::get);
    }

    /**
     * @param answer empty when none came
     * @param inDoubt whether it may have been done although nobody can tell
     */
    record Answered(Optional<Answer> answer, Outcome outcome, boolean inDoubt) {}

    Simulator simulator() {
        return simulator;
    }

    Instant now() {
        return now.get();
    }

    /** When something is signed that is sent now, and what tells it from all that was signed before. */
    Auth.Moment moment() {
        return new Auth.Moment(now(), "serai-connector-test-" + signed.incrementAndGet());
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** All vendors as on the first day, this one with the records it has before each check. */
    void fresh(String vendor, Map<String, List<JsonNode>> seed) {
        simulator.reset();
        now.set(NOON);
        seed.forEach((collection, records) -> records.forEach(record -> simulator.seed(vendor, collection, record)));
    }

    Answered send(Connector connector, String operation, Request built) {
        return send(connector, operation, built, PATIENCE);
    }

    Answered send(Connector connector, String operation, Request built, Duration within) {
        Request request = signed(connector, operation, built);
        return answered(connector, operation, () -> calls.send(request, connector, within));
    }

    /** A call, as the hub makes it. */
    @FunctionalInterface
    private interface Sent {
        Answer answer() throws IOException;
    }

    private Answered answered(Connector connector, String operation, Sent sent) {
        try {
            Answer answer = sent.answer();
            if (operation.equals(Connector.SIGN_IN)) {
                return new Answered(Optional.of(answer), Outcome.SUCCESS, false); // read by who asked for a token
            }
            Outcome outcome = Verdicts.of(connector, operation, answer, now.get());
            return new Answered(Optional.of(answer), outcome, Verdicts.inDoubt(connector, operation, answer));
        } catch (IOException e) {
            return new Answered(Optional.empty(), Verdicts.of(connector, e), Verdicts.inDoubt(e));
        }
    }

    /** @throws ConnectorRefused when it leads to somebody else */
    private Request signed(Connector connector, String operation, Request request) {
        if (operation.equals(Connector.SIGN_IN) && !isOurs(connector, request.url())) {
            String origin = request.url().getScheme() + "://" + request.url().getAuthority();
            throw new ConnectorRefused(connector.name() + ": its token is asked for at " + origin
                    + " and not at the simulator; make that address a setting, as in \"{{" + connector.name()
                    + ".login-url:" + origin + "}}\"");
        }
        if (!isMail(request.url())) {
            below(connector, request.url());
        }
        return connector.signIn().sign(request, moment());
    }

    /** Whether it goes to a mail server that is played here. */
    private static boolean isMail(URI address) {
        return address.getScheme().startsWith("smtp") && Set.of(HERE, ELSEWHERE).contains(address.getHost());
    }

    /** Waits until the vendor has seen a call nobody waits for any more, which else would count in the next check. */
    void arrived(String vendor) {
        Instant until = Instant.now().plus(ARRIVES_WITHIN);
        while (simulator.ledger().calls(vendor).isEmpty() && Instant.now().isBefore(until)) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    /** What the vendor's contract says of a request. */
    Promise promise(Connector connector, Request built) {
        Request request = connector.signIn().sign(built, moment());
        String vendor = connector.name();
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        String query = request.url().getRawQuery();
        String below = below(connector, request.url());
        String path = below.isEmpty() ? "/" : below;
        var asked = new Asked(request.method(), path, query == null ? "" : query, headers, request.body());
        return simulator.promise(vendor, asked);
    }

    /** The path of an address as the vendor sees it. @throws ConnectorRefused when it leads to somebody else */
    String below(Connector connector, URI address) {
        if (!isOurs(connector, address)) {
            throw new ConnectorRefused(connector.name() + ": its calls lead to " + address.getAuthority()
                    + " and not to the simulator; make its address a setting, as in base_url: \"{{" + connector.name()
                    + ".base-url:https://" + address.getAuthority() + "}}\"");
        }
        return address.getRawPath().substring(simulated(connector).getPath().length());
    }

    private boolean isOurs(Connector connector, URI address) {
        URI simulated = simulated(connector);
        return simulated.getAuthority().equals(address.getAuthority())
                && address.getRawPath().startsWith(simulated.getPath());
    }

    private URI simulated(Connector connector) {
        return URI.create(simulator.url(connector.name()));
    }

    @Override
    public void close() {
        calls.close();
        simulator.close();
    }
}
