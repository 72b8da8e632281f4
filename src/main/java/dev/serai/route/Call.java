package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Operation;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.run.Outcome;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
    private final Connector connector;
    private final String operation;

    Call(Hub hub, HttpCalls http, Connector connector, String operation) {
        this.hub = hub;
        this.http = http;
        this.connector = connector;
        this.operation = operation;
    }

    void make(Exchange exchange, Map<String, String> arguments) {
        Optional<RunScope> scope = RunScope.of(exchange);
        String step = scope.map(s -> Steps.begin(exchange, s)).orElseGet(() -> Steps.id(exchange));
        var journalled = new Journal.Step(
                scope.map(s -> s.run().id()).orElse(0L),
                step,
                connector.name(),
                operation,
                writeClass(),
                key(scope, step));
        Optional<Journal.Recorded> earlier = scope.flatMap(s -> s.recorded(step));
        if (isWrite() && earlier.isPresent() && earlier.get().state() == State.SUCCEEDED) {
            exchange.getMessage()
                    .setBody(Bodies.read("application/json", earlier.get().answer()));
            return;
        }
        if (earlier.isPresent() && earlier.get().state() == State.INTENDED) {
            throw new StepFailed.InDoubt(
                    connector.name() + "/" + operation + ": sent, but its outcome was never stored." + " Look in "
                            + connector.name() + " whether it was done, then replay or cancel");
        }
        Request request = request(exchange, arguments, journalled.idempotencyKey());
        if (scope.isPresent() && !repeatable()) {
            committed(hub.stores().journal().intend(journalled));
        }
        send(exchange, scope, journalled, request);
    }

    private Request request(Exchange exchange, Map<String, String> arguments, String idempotencyKey) {
        try {
            return connector.build(operation, Bodies.json(exchange), arguments, idempotencyKey);
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    private void send(Exchange exchange, Optional<RunScope> scope, Journal.Step step, Request request) {
        int number = scope.map(s -> s.nextAttempt(step.name())).orElse(1);
        Instant began = hub.clock().instant();
        Answer answer = null;
        Outcome outcome;
        boolean sentPerhaps = false;
        try {
            answer = http.send(request, connector.timeout());
            outcome = Verdicts.of(connector, operation, answer, hub.clock().instant());
            sentPerhaps = !outcome.succeeded() && Verdicts.inDoubt(answer);
        } catch (IOException e) {
            outcome = Verdicts.of(connector, e);
            sentPerhaps = Verdicts.inDoubt(e);
        }
        var attempt = new Journal.Attempt(
                began,
                number,
                request.method() + " " + request.url().getPath(),
                request.body().length,
                answer == null ? null : answer.status(),
                outcome.verdict().name().toLowerCase(Locale.ROOT),
                outcome.reason(),
                Duration.between(began, hub.clock().instant()));
        log(scope, step, attempt);
        JsonNode useful = outcome.succeeded() ? connector.useful(operation, answer) : null;
        if (scope.isPresent()) {
            record(step, outcome, useful, attempt, sentPerhaps);
        }
        if (!outcome.succeeded()) {
            throw new StepFailed(outcome);
        }
        exchange.getMessage().setBody(Bodies.plain(useful));
    }

    private void record(
            Journal.Step step, Outcome outcome, JsonNode useful, Journal.Attempt attempt, boolean sentPerhaps) {
        boolean unknown = sentPerhaps && !repeatable();
        State state = outcome.succeeded() ? State.SUCCEEDED : unknown ? State.INTENDED : State.FAILED;
        byte[] answer = useful == null || useful.isMissingNode()
                ? "null".getBytes()
                : useful.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        try {
            committed(hub.stores().journal().record(step, state, outcome.succeeded() ? answer : null, attempt));
        } catch (StepFailed e) {
            if (outcome.succeeded() && !repeatable()) {
                throw new StepFailed.InDoubt(connector.name() + "/" + operation
                        + ": sent, but the outcome could not be stored (database away)");
            }
            throw e;
        }
        if (unknown) {
            throw new StepFailed.InDoubt(
                    connector.name() + "/" + operation + ": sent, but no answer came (" + outcome.reason() + ")");
        }
    }

    private static void committed(CompletionStage<?> write) {
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
        LOG.info(
                "step.attempted run={} flow={} step={} connection={} operation={} attempt={} status={} verdict={}"
                        + " duration_ms={}{}",
                scope.map(s -> s.run().name()).orElse("-"),
                scope.map(RunScope::run).map(ClaimedRun::flow).orElse("-"),
                step.name(),
                step.connection(),
                step.operation(),
                attempt.number(),
                attempt.status() == null ? "-" : attempt.status(),
                attempt.verdict(),
                attempt.took().toMillis(),
                attempt.reason().isEmpty() ? "" : " reason=\"" + attempt.reason() + "\"");
    }

    private String key(Optional<RunScope> scope, String step) {
        return scope.map(s -> s.run().name() + ":" + step).orElse("");
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
