package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Connector;
import dev.serai.connector.Operation.Repeat;
import dev.serai.connector.Request;
import dev.serai.connector.WriteClass;
import dev.serai.file.Durations;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;

/** A write that was sent, and nobody knows whether it was done: what is asked before it is sent again, if it may be. */
final class UncertainWrite {
    private final Hub hub;
    private final Attempts attempts;
    private final Connector connector;
    private final String operation;

    UncertainWrite(Hub hub, Attempts attempts, Connector connector, String operation) {
        this.hub = hub;
        this.attempts = attempts;
        this.connector = connector;
        this.operation = operation;
    }

    /**
     * The remote recognises its key, or its look-up tells.
     *
     * @return whether it was done; its answer is then the body. If not, it may be sent again
     * @throws StepFailed.InDoubt when the remote has forgotten its key and there is no look-up, or that finds several
     * @throws StepFailed.Parked while the look-up need not show it yet
     */
    boolean isDone(Exchange exchange, RunScope scope, Journal.Step step, Map<String, String> arguments) {
        Repeat repeat = connector.write(operation).repeat();
        Instant now = hub.clock().instant();
        Journal.Sent sent =
                scope.recorded(step.name()).map(Journal.Recorded::sent).orElse(new Journal.Sent(Instant.EPOCH, now));
        // it must get there before the key is forgotten
        if (repeat.recognised(sent.first(), now.plus(connector.timeout()))) {
            return false;
        }
        if (repeat.lookup().isEmpty()) {
            throw new StepFailed.InDoubt(
                    unknown(repeat) + "; look in " + connector.name() + " whether it was done, then settle the run");
        }
        Attempts.Tried tried = look(exchange, scope, step, arguments);
        List<JsonNode> found = tried.status() == 404 ? List.of() : connector.found(repeat.lookup(), tried.answer());
        if (found.size() > 1) {
            throw new StepFailed.InDoubt(unknown(repeat) + ", and \"" + repeat.lookup() + "\" finds " + found.size()
                    + " records; look in " + connector.name() + " which of them it made, if any, then settle the run");
        }
        if (found.isEmpty()) {
            awaitIndex(repeat, Duration.between(sent.last(), now));
            return false;
        }
        Carrying.note(hub.stores().journal(), scope, found.get(0));
        byte[] answer = Call.bytes(found.get(0));
        Call.committed(hub.stores().journal().record(step, State.SUCCEEDED, answer, tried.attempt()));
        exchange.getMessage().setBody(Bodies.plain(found.get(0)));
        return true;
    }

    private String unknown(Repeat repeat) {
        return connector.name() + "/" + operation + ": sent, but its outcome was never stored"
                + (repeat.writeClass() == WriteClass.KEYED
                        ? ", and " + connector.name() + " knows its key for " + Durations.text(repeat.keyKept())
                                + " only"
                        : "");
    }

    /** An index may be behind: that it shows nothing means nothing before its time is over. */
    private void awaitIndex(Repeat repeat, Duration ago) {
        Duration left = repeat.unseen(ago);
        if (left.isZero()) {
            return;
        }
        var outcome = new Outcome(
                Verdict.RETRY,
                Owner.TRANSIENT,
                connector.name() + "/" + operation + ": it was sent before and its answer was lost; \""
                        + repeat.lookup() + "\" may not show it yet",
                Duration.ZERO);
        throw StepFailed.Parked.alone(
                outcome, "turn of " + connector.name(), hub.clock().instant().plus(left));
    }

    /** @return what succeeded, or was not found */
    private Attempts.Tried look(Exchange exchange, RunScope scope, Journal.Step step, Map<String, String> arguments) {
        String lookUp = connector.write(operation).repeat().lookup();
        Request request = attempts.request(lookUp, Bodies.json(exchange), arguments, "");
        Attempts.Tried tried = look(lookUp, request, scope, step);
        attempts.log(Optional.of(scope), step, tried.attempt());
        attempts.keep(Optional.of(scope), step, lookUp, request, tried);
        if (tried.status() != 404 && !tried.outcome().succeeded()) {
            throw attempts.failed(tried.outcome());
        }
        return tried;
    }

    private Attempts.Tried look(String lookUp, Request request, RunScope scope, Journal.Step step) {
        try (Gate.Pass pass = hub.gate().enter(connector, lookUp, Caller.of(scope, 1))) {
            attempts.requireLease(Optional.of(scope));
            Attempts.Tried tried = attempts.make(pass, lookUp, request, scope.nextAttempt(step.name()));
            if (attempts.isRenewed(pass, tried)) {
                attempts.log(Optional.of(scope), step, tried.attempt());
                tried = attempts.make(pass, lookUp, attempts.carry(request), scope.nextAttempt(step.name()));
            }
            pass.answered(tried.outcome());
            return tried;
        }
    }
}
