package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.record.Masks;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.ClaimedRun;
import dev.serai.store.CredentialLog;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls that a step makes: each is sent, judged, logged, and known as an attempt of the step. */
final class Attempts {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final Hub hub;
    private final HttpCalls http;
    /** With the token of the moment, where it has one. */
    private Connector connector;
    /** The mark of the only account that parts may go to; null for any. */
    private String account;
    /** Which flow makes the calls that belong to no run. */
    private String flow = "-";

    Attempts(Hub hub, HttpCalls http, Connector connector) {
        this.hub = hub;
        this.http = http;
        this.connector = connector;
    }

    /** @param answer null when none came @param sentPerhaps whether the remote may have done it all the same */
    record Tried(Answer answer, Outcome outcome, Journal.Attempt attempt, boolean sentPerhaps) {
        /** Of the answer; 0 when none came. */
        int status() {
            return answer == null ? Outcome.NO_ANSWER : answer.status();
        }
    }

    /** The flow whose calls they are, should there be no run. */
    void of(Exchange exchange) {
        flow = Optional.ofNullable(exchange.getFromRouteId()).orElse("-");
    }

    /** Gets the token that the calls need, where they need one. */
    void ready() {
        connector = hub.tokens().ready(connector, http);
    }

    /** From here on no part goes to another account than that of the moment. @return which that is */
    RemoteAccount bind() {
        ready();
        RemoteAccount now = hub.tokens().account(connector);
        account = now.mark();
        return now;
    }

    private void requireAccount() {
        if (account != null && !hub.tokens().account(connector).is(account)) {
            throw new StepFailed(Outcome.retry(
                    "not sent: " + connector.name() + " was given another account or credential just now"));
        }
    }

    Request request(String operation, JsonNode body, Map<String, String> arguments, String idempotencyKey) {
        try {
            return connector.build(operation, body, arguments, idempotencyKey);
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    /** The request with the token of the moment, in place of the one it was built with. */
    Request carry(Request request) {
        return connector.signIn().carry(request);
    }

    Tried make(Gate.Pass pass, String operation, Request request, int number) {
        Instant began = hub.clock().instant();
        Answer answer = null;
        Outcome outcome;
        boolean sentPerhaps;
        try {
            answer = hub.tokens().send(pass, http, connector, request);
            outcome = Verdicts.of(connector, operation, answer, hub.clock().instant());
            sentPerhaps = !outcome.succeeded() && Verdicts.inDoubt(connector, operation, answer);
        } catch (IOException e) {
            outcome = Verdicts.of(connector, e);
            sentPerhaps = Verdicts.inDoubt(e);
        }
        var attempt = new Journal.Attempt(
                began,
                number,
                connector.endpoint(request),
                request.body().length,
                answer == null ? null : answer.status(),
                outcome.verdict().name().toLowerCase(Locale.ROOT),
                outcome.reason(),
                Duration.between(began, hub.clock().instant()));
        return new Tried(answer, outcome, attempt, sentPerhaps);
    }

    /** A token that seemed good and was refused is renewed, a signature of another time is made anew: once. */
    boolean isRenewed(Gate.Pass pass, Tried tried) {
        if (!mayGoAgain(pass, tried)) {
            return false;
        }
        Optional<Connector> renewed = hub.tokens().again(pass, connector, http);
        renewed.ifPresent(other -> connector = other);
        return renewed.isPresent();
    }

    /** Whether it may get through when it is made once more; what may have been done is not. */
    boolean mayGoAgain(Gate.Pass pass, Tried tried) {
        boolean open = tried.sentPerhaps && tried.outcome.verdict() != Verdict.UNAUTHORIZED;
        return pass.mayGoAgain(tried.outcome) && !open && (connector.tokens().isPresent() || pass.isMistimed());
    }

    /** A call of a step that is made of several. @param failure why the step ends, if it does */
    record Part(Tried tried, JsonNode useful, StepFailed failure) {
        boolean succeeded() {
            return failure == null;
        }
    }

    /**
     * Makes a call of a step that is made of several, and writes the attempt down; what it means is for the step to say.
     *
     * @param kept what stays the answer of the step, which goes on; null for none
     */
    Part part(Optional<RunScope> scope, Journal.Step step, String operation, Asked asked, byte[] kept) {
        ready();
        Request request = request(operation, asked.body, asked.arguments, key(step, operation + asked.about));
        Tried tried;
        try (Gate.Pass pass = hub.gate().enter(connector, operation, caller(scope))) {
            tried = part(scope, step, operation, request, kept, pass);
            if (isRenewed(pass, tried)) {
                tried = part(scope, step, operation, carry(request), kept, pass);
            }
            pass.answered(tried.outcome);
        }
        boolean done = tried.outcome.succeeded();
        return new Part(
                tried,
                done ? connector.useful(operation, tried.answer) : MissingNode.getInstance(),
                done ? null : failed(tried.outcome));
    }

    /** Without a run there is none: one that all have would be no key. */
    private static String key(Journal.Step step, String call) {
        return step.idempotencyKey().isEmpty() ? "" : step.idempotencyKey() + ":" + call;
    }

    /**
     * What a call is made with.
     *
     * @param about tells it from another of the same operation in its step, as {@code :42}; empty where there is only one
     */
    record Asked(JsonNode body, Map<String, String> arguments, String about) {
        Asked(JsonNode body, Map<String, String> arguments) {
            this(body, arguments, "");
        }
    }

    /** Of what a run sent and heard, should it die. */
    void keep(Optional<RunScope> scope, Journal.Step step, String operation, Request request, Tried tried) {
        scope.ifPresent(s -> s.evidence().note(step.name(), connector, operation, request, tried));
    }

    private Tried part(
            Optional<RunScope> scope,
            Journal.Step step,
            String operation,
            Request request,
            byte[] kept,
            Gate.Pass pass) {
        requireLease(scope);
        requireAccount();
        Tried tried = make(
                pass,
                operation,
                request,
                scope.map(s -> s.nextAttempt(step.name())).orElse(1));
        log(scope, step, tried.attempt);
        keep(scope, step, operation, request, tried);
        scope.ifPresent(
                s -> s.writing(hub.stores().journal().record(step, State.INTENDED, kept, tried.attempt), false));
        return tried;
    }

    static Caller caller(Optional<RunScope> scope) {
        return scope.map(s -> Caller.of(s, 1)).orElseGet(Caller::other);
    }

    StepFailed failed(Outcome outcome) {
        return failed(hub.gate(), connector, outcome);
    }

    /**
     * What a run comes to whose call was judged so. A refused credential parks the connection, and what was to go through it
     * waits with it; what the remote wants to have later waits until then, which is no retry.
     */
    static StepFailed failed(Gate gate, Connector connector, Outcome outcome) {
        return outcome.verdict() == Verdict.UNAUTHORIZED
                ? new StepFailed.Parked(outcome, ParkedRuns.anyOf(connector.name()))
                : ofRecord(gate, connector, outcome);
    }

    /** The same of a record in a call of many, of which no connection is parked. */
    static StepFailed ofRecord(Gate gate, Connector connector, Outcome outcome) {
        return outcome.verdict() == Verdict.RATE_LIMITED
                ? gate.comesAgain(connector, outcome)
                : new StepFailed(outcome, connector.name());
    }

    /** Another hub may have taken the run over, and have come further: what is sent now would be double or too old. */
    void requireLease(Optional<RunScope> scope) {
        if (scope.isPresent() && !scope.get().run().lease().holds(hub.clock().instant())) {
            throw new StepFailed(
                    Outcome.retry("not sent: the lease of this run has ended, another hub may have taken it over"));
        }
    }

    void log(Optional<RunScope> scope, Journal.Step step, Journal.Attempt attempt) {
        scope.ifPresentOrElse(
                s -> hub.metrics().stepped(s.run().flow(), Steps.declared(step.name()), attempt.verdict()),
                () -> note(step, attempt));
        LOG.atInfo()
                .addKeyValue("run", scope.map(s -> s.run().name()).orElse("-"))
                .addKeyValue(
                        "receipt",
                        scope.map(s -> new Receipt(s.run().event().id(), false).name())
                                .orElse("-"))
                .addKeyValue(
                        "record",
                        scope.map(s -> Masks.inText(s.run().event().record())).orElse("-"))
                .addKeyValue(
                        "flow", scope.map(RunScope::run).map(ClaimedRun::flow).orElse(flow))
                .addKeyValue("payload_sha256", () -> scope.map(RunScope::payloadSha256)
                        .orElse("-"))
                .addKeyValue("step", step.name())
                .addKeyValue("connection", step.connection())
                .addKeyValue("operation", step.operation())
                .addKeyValue("attempt", attempt.number())
                .addKeyValue("status", attempt.status() == null ? "-" : attempt.status())
                .addKeyValue("verdict", attempt.verdict())
                .addKeyValue("request_bytes", attempt.requestSize())
                .addKeyValue("duration_ms", attempt.took().toMillis())
                .addKeyValue("reason", attempt.reason().isEmpty() ? "-" : Masks.inText(attempt.reason()))
                .log("step.attempted");
    }

    /** Without a run there is no attempt: the call is one of the uses of its connection. */
    private void note(Journal.Step step, Journal.Attempt attempt) {
        long fine = CredentialLog.isFine(attempt.verdict()) ? 1 : 0;
        var use = new CredentialLog.Use(flow, step.operation(), attempt.endpoint(), 1, fine, attempt.at());
        hub.stores().uses().add(step.connection(), use);
    }
}
