package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.Jobs;
import dev.serai.connector.Operation;
import dev.serai.connector.Request;
import dev.serai.connector.WriteClass;
import dev.serai.run.Outcome;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * One step that calls a remote: asks the journal whether it was done already, sends, judges, and writes down what came
 * of it before the flow goes on.
 */
final class Call {
    private final Hub hub;
    private final Attempts attempts;
    private final Connector connector;
    private final String operation;

    Call(Hub hub, HttpCalls http, Connector connector, String operation) {
        this.hub = hub;
        this.attempts = new Attempts(hub, http, connector);
        this.connector = connector;
        this.operation = operation;
    }

    void make(Exchange exchange, Map<String, String> arguments) {
        Optional<RunScope> scope = RunScope.of(exchange);
        scope.ifPresent(RunScope::calls);
        attempts.of(exchange);
        make(exchange, scope, arguments);
        scope.ifPresent(RunScope::end);
    }

    private void make(Exchange exchange, Optional<RunScope> scope, Map<String, String> arguments) {
        String step =
                scope.map(s -> Steps.begin(exchange, s, hub.stores().journal())).orElseGet(() -> Steps.id(exchange));
        var journalled = new Journal.Step(
                scope.map(s -> s.run().id()).orElse(0L),
                step,
                connector.name(),
                operation,
                writeClass(),
                key(scope, step),
                scope.map(s -> s.mapped(step)).orElse(null));
        scope.ifPresent(s -> committed(s.written()));
        State earlier = scope.flatMap(s -> s.recorded(step))
                .map(Journal.Recorded::state)
                .orElse(State.FAILED);
        if (isWrite() && earlier == State.SUCCEEDED) {
            exchange.getMessage().setBody(answeredThen(scope.get(), step));
            return;
        }
        attempts.ready();
        Optional<Jobs> jobs = connector.jobs(operation);
        if (earlier == State.INTENDED && jobs.isPresent() && isAccepted(scope.get(), step)) {
            JsonNode told = new JobWatch(hub, connector, jobs.get())
                    .ask(attempts, scope.get(), journalled, Bodies.json(exchange), arguments);
            exchange.getMessage().setBody(Bodies.plain(told));
            return;
        }
        if (earlier == State.INTENDED
                && !repeatable()
                && new UncertainWrite(hub, attempts, connector, operation)
                        .isDone(exchange, scope.get(), journalled, arguments)) {
            return;
        }
        Request request = attempts.request(operation, Bodies.json(exchange), arguments, journalled.idempotencyKey());
        // asked before the intent is written: what is refused here was never meant to be sent
        try (Gate.Pass pass = hub.gate().enter(connector, operation, Attempts.caller(scope))) {
            if (scope.isPresent() && isIntended()) {
                attempts.requireLease(scope);
                committed(hub.stores().journal().intend(journalled));
            }
            send(exchange, scope, journalled, request, pass);
        }
    }

    private Object answeredThen(RunScope scope, String step) {
        byte[] answer = scope.recorded(step).orElseThrow().answer();
        Carrying.noteAgain(hub.stores().journal(), scope, answer);
        return Bodies.answer(answer);
    }

    private static boolean isAccepted(RunScope scope, String step) {
        return scope.recorded(step).map(Journal.Recorded::answer).isPresent();
    }

    /** What was refused for its token or its time was not done: it is sent again with another one. */
    private Attempts.Tried attempt(Optional<RunScope> scope, Journal.Step step, Request request, Gate.Pass pass) {
        Attempts.Tried tried = attempts.make(
                pass,
                operation,
                request,
                scope.map(s -> s.nextAttempt(step.name())).orElse(1));
        attempts.log(scope, step, tried.attempt());
        attempts.keep(scope, step, operation, request, tried);
        if (!attempts.mayGoAgain(pass, tried)) {
            return tried;
        }
        Attempts.Tried refused = tried;
        scope.ifPresent(s -> record(s, step, refused, MissingNode.getInstance()));
        if (!attempts.isRenewed(pass, refused)) {
            return refused;
        }
        attempts.requireLease(scope);
        if (scope.isPresent() && isIntended()) {
            committed(hub.stores().journal().intend(step));
        }
        tried = attempts.make(
                pass,
                operation,
                attempts.carry(request),
                scope.map(s -> s.nextAttempt(step.name())).orElse(2));
        attempts.log(scope, step, tried.attempt());
        attempts.keep(scope, step, operation, request, tried);
        return tried;
    }

    private void send(Exchange exchange, Optional<RunScope> scope, Journal.Step step, Request request, Gate.Pass pass) {
        attempts.requireLease(scope);
        Attempts.Tried tried = attempt(scope, step, request, pass);
        Outcome outcome = tried.outcome();
        if (scope.isPresent() && outcome.succeeded() && isAcceptance(tried.answer())) {
            pass.answered(outcome);
            throw accepted(scope.get(), step, tried);
        }
        JsonNode useful = outcome.succeeded() ? connector.useful(operation, tried.answer()) : MissingNode.getInstance();
        scope.ifPresent(s -> Carrying.note(hub.stores().journal(), s, useful));
        try {
            scope.ifPresent(s -> record(s, step, tried, useful));
        } finally {
            pass.answered(outcome);
        }
        if (!outcome.succeeded()) {
            throw attempts.failed(outcome);
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
    private StepFailed accepted(RunScope scope, Journal.Step step, Attempts.Tried tried) {
        var watch = new JobWatch(hub, connector, connector.jobs(operation).orElseThrow());
        byte[] job = watch.accepted(tried.answer());
        scope.note(step.name(), new Journal.Recorded(State.INTENDED, job));
        committed(hub.stores().journal().record(step, State.INTENDED, job, tried.attempt()));
        return watch.later(hub.clock().instant());
    }

    private void record(RunScope scope, Journal.Step step, Attempts.Tried tried, JsonNode useful) {
        boolean done = tried.outcome().succeeded();
        boolean unknown = (!repeatable() || isKeyed()) && (tried.sentPerhaps() || mayStandThere(scope, step));
        State state = done ? State.SUCCEEDED : unknown ? State.INTENDED : State.FAILED;
        // what a read answered is not kept: a resumed run asks again, and sees what was corrected meanwhile
        byte[] answer = done && isWrite() && !useful.isMissingNode() ? bytes(useful) : null;
        var sent = new Journal.Sent(tried.attempt().at(), hub.clock().instant());
        scope.note(step.name(), new Journal.Recorded(state, answer, "", sent));
        if (!done) {
            // a claim that is lost may add that the step is done, but not unsay what the newer one knows
            attempts.requireLease(Optional.of(scope));
        }
        var record = hub.stores().journal().record(step, state, answer, tried.attempt());
        if (done) {
            // waited for before anything else is sent. A write that was sent and can't be written down: this claim
            // knows it
            // and goes on; should the process die before the run's outcome is stored, a write of class once stands as
            // intended, and the others can be repeated
            scope.writing(record, !isWrite());
            return;
        }
        committed(record);
        if (unknown && connector.write(operation).repeat().writeClass() == WriteClass.ONCE) {
            throw new StepFailed.InDoubt(connector.name() + "/" + operation + ": sent, "
                    + (tried.answer() == null
                            ? "but no answer came ("
                            : "and its answer leaves open whether it was done (")
                    + tried.outcome().reason() + ")");
        }
    }

    /** Whether an attempt before may have done it: a refusal under the same key does not say that it was not. */
    private boolean mayStandThere(RunScope scope, Journal.Step step) {
        return isKeyed()
                && scope.recorded(step.name())
                        .filter(r -> r.state() == State.INTENDED)
                        .isPresent();
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

    private String key(Optional<RunScope> scope, String step) {
        return scope.map(s -> s.idempotencyKey(step)).orElse("");
    }

    private boolean isWrite() {
        return connector.operation(operation) instanceof Operation.Write;
    }

    private boolean isKeyed() {
        return connector.operation(operation) instanceof Operation.Write write
                && write.repeat().writeClass() == WriteClass.KEYED;
    }

    /** Whether it is written down before it is sent: one that has a key too, as a refusal may be of what was sent before. */
    private boolean isIntended() {
        return !repeatable() || isKeyed();
    }

    private String writeClass() {
        return connector.operation(operation) instanceof Operation.Write write
                ? write.repeat().writeClass().name().toLowerCase(Locale.ROOT)
                : "read";
    }

    private boolean repeatable() {
        return !(connector.operation(operation) instanceof Operation.Write write)
                || write.repeat().repeatable();
    }
}
