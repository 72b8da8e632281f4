package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Jobs;
import dev.serai.connector.Operation;
import dev.serai.connector.Request;
import dev.serai.connector.WriteClass;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import dev.serai.store.ParkedRuns;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step that calls a remote: asks the journal whether it was done already, sends, judges, and writes down what came
 * of it before the flow goes on.
 */
final class Call {
    private static final Logger LOG = LoggerFactory.getLogger(Call.class);

    private final Hub hub;
    private final HttpCalls http;
    private final String operation;
    private final Wire wire;
    private Connector connector;

    Call(Hub hub, HttpCalls http, Connector connector, String operation) {
        this.hub = hub;
        this.http = http;
        this.wire = new Wire(hub, http, connector);
        this.connector = connector;
        this.operation = operation;
    }

    void make(Exchange exchange, Map<String, String> arguments) {
        Optional<RunScope> scope = RunScope.of(exchange);
        make(exchange, scope, arguments);
        scope.ifPresent(RunScope::end);
    }

    private void make(Exchange exchange, Optional<RunScope> scope, Map<String, String> arguments) {
        String step = scope.map(s -> s.begin(Steps.id(exchange))).orElseGet(() -> Steps.id(exchange));
        var journalled = new Journal.Step(
                scope.map(s -> s.run().id()).orElse(0L),
                step,
                connector.name(),
                operation,
                writeClass(),
                key(scope, step));
        scope.ifPresent(s -> committed(s.written()));
        State earlier = scope.flatMap(s -> s.recorded(step))
                .map(Journal.Recorded::state)
                .orElse(State.FAILED);
        if (isWrite() && earlier == State.SUCCEEDED) {
            exchange.getMessage()
                    .setBody(Bodies.answer(scope.get().recorded(step).get().answer()));
            return;
        }
        connector = wire.ready();
        Optional<Jobs> jobs = connector.jobs(operation);
        if (earlier == State.INTENDED && jobs.isPresent() && isAccepted(scope.get(), step)) {
            var read = new Call(hub, http, connector, jobs.get().read());
            JsonNode told = new JobWatch(hub, connector, jobs.get())
                    .ask(read, scope.get(), journalled, Bodies.json(exchange), arguments);
            exchange.getMessage().setBody(Bodies.plain(told));
            return;
        }
        if (earlier == State.INTENDED && !repeatable() && foundByLookUp(exchange, scope.get(), journalled, arguments)) {
            return;
        }
        Request request = request(operation, Bodies.json(exchange), arguments, journalled.idempotencyKey());
        // asked before the intent is written: what is refused here was never meant to be sent
        try (Gate.Pass pass = hub.gate().enter(connector, operation, caller(scope))) {
            if (scope.isPresent() && !repeatable()) {
                requireLease(scope);
                committed(hub.stores().journal().intend(journalled));
            }
            send(exchange, scope, journalled, request, pass);
        }
    }

    /**
     * A write that was sent, and nobody knows whether it was done: its look-up tells.
     *
     * @return whether it was done; its answer is then the body
     * @throws StepFailed.InDoubt when the write has no look-up
     */
    private boolean foundByLookUp(Exchange exchange, RunScope scope, Journal.Step step, Map<String, String> arguments) {
        String lookUp = connector.write(operation).repeat().lookup();
        if (connector.write(operation).repeat().writeClass() != WriteClass.LOOKUP) {
            throw new StepFailed.InDoubt(
                    connector.name() + "/" + operation + ": sent, but its outcome was never stored;" + " look in "
                            + connector.name() + " whether it was done, then settle the run");
        }
        Request request = request(lookUp, Bodies.json(exchange), arguments, "");
        Told tried;
        try (Gate.Pass pass = hub.gate().enter(connector, lookUp, Caller.of(scope, 1))) {
            requireLease(Optional.of(scope));
            tried = sendAndTell(pass, lookUp, Optional.of(scope), step, request);
            Optional<Request> again = wire.renewed(tried.tried, request);
            if (again.isPresent()) {
                connector = wire.connector();
                tried = sendAndTell(pass, lookUp, Optional.of(scope), step, again.get());
            }
            pass.answered(tried.outcome());
        }
        if (tried.answer() != null && tried.answer().status() == 404) {
            return false;
        }
        if (!tried.outcome().succeeded()) {
            throw failed(tried.outcome());
        }
        JsonNode found = connector.useful(lookUp, tried.answer());
        if (found.isMissingNode() || found.isEmpty()) {
            return false;
        }
        committed(hub.stores().journal().record(step, State.SUCCEEDED, bytes(found), tried.attempt));
        exchange.getMessage().setBody(Bodies.plain(found));
        return true;
    }

    private Request request(String name, JsonNode body, Map<String, String> arguments, String idempotencyKey) {
        try {
            return connector.build(name, body, arguments, idempotencyKey);
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    /** A call of a step that is made of several. @param status 0 when no answer came @param failure why it ends, if it does */
    record Part(int status, Outcome outcome, JsonNode useful, boolean sentPerhaps, StepFailed failure) {}

    /** Makes a call of a step made of several, and writes the attempt down; what it means is for the step to say. */
    Part part(Optional<RunScope> scope, Journal.Step step, JsonNode body, Map<String, String> arguments) {
        return part(scope, step, body, arguments, null);
    }

    /** @param kept what stays the answer of the step, which goes on; null for none */
    Part part(Optional<RunScope> scope, Journal.Step step, JsonNode body, Map<String, String> arguments, byte[] kept) {
        Request request = request(operation, body, arguments, step.idempotencyKey() + ":" + operation);
        Told tried;
        try (Gate.Pass pass = hub.gate().enter(connector, operation, caller(scope))) {
            requireLease(scope);
            tried = sendAndTell(pass, operation, scope, step, request);
            pass.answered(tried.outcome());
        }
        scope.ifPresent(
                s -> s.writing(hub.stores().journal().record(step, State.INTENDED, kept, tried.attempt), false));
        boolean done = tried.outcome().succeeded();
        return new Part(
                tried.outcome().status(),
                tried.outcome(),
                done ? connector.useful(operation, tried.answer()) : MissingNode.getInstance(),
                tried.tried.sentPerhaps(),
                done ? null : failed(tried.outcome()));
    }

    private static boolean isAccepted(RunScope scope, String step) {
        return scope.recorded(step).map(Journal.Recorded::answer).isPresent();
    }

    /** One try, and how the journal and the log tell it. */
    private record Told(Wire.Tried tried, Journal.Attempt attempt) {
        Answer answer() {
            return tried.answer();
        }

        Outcome outcome() {
            return tried.outcome();
        }
    }

    private Told sendAndTell(
            Gate.Pass pass, String name, Optional<RunScope> scope, Journal.Step step, Request request) {
        int number = scope.map(s -> s.nextAttempt(step.name())).orElse(1);
        Wire.Tried tried = wire.send(pass, name, request);
        var told = new Told(tried, tried.attempt(number));
        log(scope, step, told.attempt);
        return told;
    }

    /** What was refused for its token was not done: it is sent again with another one. */
    private Told send(Optional<RunScope> scope, Journal.Step step, Request request, Gate.Pass pass) {
        Told tried = sendAndTell(pass, operation, scope, step, request);
        if (tried.outcome().verdict() != Verdict.UNAUTHORIZED
                || connector.tokens().isEmpty()) {
            return tried;
        }
        scope.ifPresent(s -> record(s, step, tried, MissingNode.getInstance()));
        Optional<Request> again = wire.renewed(tried.tried, request);
        if (again.isEmpty()) {
            return tried;
        }
        connector = wire.connector();
        requireLease(scope);
        if (scope.isPresent() && !repeatable()) {
            committed(hub.stores().journal().intend(step));
        }
        return sendAndTell(pass, operation, scope, step, again.get());
    }

    private void send(Exchange exchange, Optional<RunScope> scope, Journal.Step step, Request request, Gate.Pass pass) {
        requireLease(scope);
        Told tried = send(scope, step, request, pass);
        Outcome outcome = tried.outcome();
        if (scope.isPresent() && outcome.succeeded() && isAcceptance(tried.answer())) {
            pass.answered(outcome);
            throw accepted(scope.get(), step, tried);
        }
        JsonNode useful = outcome.succeeded() ? connector.useful(operation, tried.answer()) : MissingNode.getInstance();
        try {
            scope.ifPresent(s -> record(s, step, tried, useful));
        } finally {
            pass.answered(outcome);
        }
        if (!outcome.succeeded()) {
            throw failed(outcome);
        }
        exchange.getMessage().setBody(Bodies.plain(useful));
    }

    private boolean isAcceptance(Answer answer) {
        return connector
                .jobs(operation)
                .filter(jobs -> jobs.isAcceptance(answer))
                .isPresent();
    }

    /** From here on the step is not sent again: its answer says what to ask for. */
    private StepFailed accepted(RunScope scope, Journal.Step step, Told tried) {
        var watch = new JobWatch(hub, connector, connector.jobs(operation).orElseThrow());
        byte[] job = watch.accepted(tried.answer());
        scope.note(step.name(), new Journal.Recorded(State.INTENDED, job));
        committed(hub.stores().journal().record(step, State.INTENDED, job, tried.attempt));
        return watch.later(hub.clock().instant());
    }

    /** A refused credential parks the connection, and what was to go through it waits with it. */
    private StepFailed failed(Outcome outcome) {
        return outcome.verdict() == Verdict.UNAUTHORIZED
                ? new StepFailed.Parked(outcome, ParkedRuns.anyOf(connector.name()))
                : new StepFailed(outcome, connector.name());
    }

    /** Another hub may have taken the run over, and have come further: what is sent now would be double or too old. */
    private void requireLease(Optional<RunScope> scope) {
        if (scope.isPresent() && !scope.get().run().lease().holds(hub.clock().instant())) {
            throw new StepFailed(Outcome.retry(
                    "not sent: the lease of this run has ended, another hub may have taken it" + " over"));
        }
    }

    private void record(RunScope scope, Journal.Step step, Told tried, JsonNode useful) {
        boolean done = tried.outcome().succeeded();
        boolean unknown = tried.tried.sentPerhaps() && !repeatable();
        State state = done ? State.SUCCEEDED : unknown ? State.INTENDED : State.FAILED;
        // what a read answered is not kept: a resumed run asks again, and sees what was corrected meanwhile
        byte[] answer = done && isWrite() && !useful.isMissingNode() ? bytes(useful) : null;
        scope.note(step.name(), new Journal.Recorded(state, answer));
        if (!done) {
            // a claim that is lost may add that the step is done, but not unsay what the newer one knows
            requireLease(Optional.of(scope));
        }
        var record = hub.stores().journal().record(step, state, answer, tried.attempt);
        if (done) {
            // waited for before anything else is sent. A write that was sent and can't be written down: this claim
            // knows
            // it and goes on; should the process die before the run's outcome is stored, a write of class once stands
            // as
            // intended, and the others can be repeated
            scope.writing(record, !isWrite());
            return;
        }
        committed(record);
        if (unknown && connector.write(operation).repeat().writeClass() == WriteClass.ONCE) {
            throw new StepFailed.InDoubt(connector.name() + "/" + operation + ": sent, but no answer came ("
                    + tried.outcome().reason() + ")");
        }
    }

    static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Waits until it is written down. @throws StepFailed to be tried again, when it can't be */
    static void committed(CompletionStage<?> write) {
        try {
            write.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new StepFailed(
                    Outcome.retry(
                            "the journal could not be written: " + e.getCause().getMessage()),
                    e);
        }
    }

    private void log(Optional<RunScope> scope, Journal.Step step, Journal.Attempt attempt) {
        LOG.atInfo()
                .addKeyValue("run", scope.map(s -> s.run().name()).orElse("-"))
                .addKeyValue(
                        "flow", scope.map(RunScope::run).map(ClaimedRun::flow).orElse("-"))
                .addKeyValue("step", step.name())
                .addKeyValue("connection", step.connection())
                .addKeyValue("operation", step.operation())
                .addKeyValue("attempt", attempt.number())
                .addKeyValue("status", attempt.status() == null ? "-" : attempt.status())
                .addKeyValue("verdict", attempt.verdict())
                .addKeyValue("request_bytes", attempt.requestSize())
                .addKeyValue("duration_ms", attempt.took().toMillis())
                .addKeyValue("reason", attempt.reason().isEmpty() ? "-" : attempt.reason())
                .log("step.attempted");
    }

    private String key(Optional<RunScope> scope, String step) {
        return scope.map(s -> s.run().name() + ":" + step).orElse("");
    }

    private static Caller caller(Optional<RunScope> scope) {
        return scope.map(s -> Caller.of(s, 1)).orElseGet(Caller::other);
    }

    private boolean isWrite() {
        return connector.operation(operation) instanceof Operation.Write;
    }

    private String writeClass() {
        return connector.operation(operation) instanceof Operation.Write write
                ? write.repeat().writeClass().name().toLowerCase(Locale.ROOT)
                : "read";
    }

    private boolean repeatable() {
        return !(connector.operation(operation) instanceof Operation.Write write)
                || write.repeat().writeClass().repeatable();
    }
}
