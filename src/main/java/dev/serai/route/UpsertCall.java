package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.SecretAway;
import dev.serai.connector.Upserts;
import dev.serai.connector.Urls;
import dev.serai.connector.WriteClass;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import dev.serai.store.RemoteIds;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * One step that searches a record at a remote, then creates or updates it. The id map saves the search, lets one hub at a
 * time work on a record, and remembers a create of which nobody knows whether it was done: before another is sent, the
 * search has had the time to show the first.
 */
final class UpsertCall {
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final int CALLS = 6;

    private final Hub hub;
    private final Attempts attempts;
    private final Connector connector;
    private final String operation;
    private final Upserts upsert;

    UpsertCall(Hub hub, HttpCalls http, Connector connector, String operation) {
        this.hub = hub;
        this.attempts = new Attempts(hub, http, connector);
        this.connector = connector;
        this.operation = operation;
        this.upsert = connector.upsert(operation).orElseThrow();
    }

    /** What each of its calls needs. */
    private record Work(
            Optional<RunScope> scope,
            Journal.Step step,
            JsonNode body,
            Map<String, String> arguments,
            RemoteIds.Record record,
            String key,
            String holder) {}

    /** Whose ids count: they are of the account that this hub calls now. */
    private RemoteAccount account = RemoteAccount.NOBODYS;

    /** The body becomes {@code {id, created, record}}. */
    void make(Exchange exchange, Map<String, String> arguments) {
        Optional<RunScope> scope = RunScope.of(exchange);
        scope.ifPresent(RunScope::calls);
        attempts.of(exchange);
        String name =
                scope.map(s -> Steps.begin(exchange, s, hub.stores().journal())).orElseGet(() -> Steps.id(exchange));
        scope.ifPresent(s -> Call.committed(s.written()));
        var done = scope.flatMap(s -> s.recorded(name)).filter(r -> r.state() == State.SUCCEEDED);
        if (done.isPresent()) {
            Carrying.noteAgain(hub.stores().journal(), scope.get(), done.get().answer());
            exchange.getMessage().setBody(Bodies.answer(done.get().answer()));
        } else {
            JsonNode answer = write(work(scope, name, Bodies.json(exchange), arguments));
            exchange.getMessage().setBody(Bodies.plain(answer));
        }
        scope.ifPresent(RunScope::end);
    }

    private Work work(Optional<RunScope> scope, String name, JsonNode body, Map<String, String> arguments) {
        var step = new Journal.Step(
                scope.map(s -> s.run().id()).orElse(0L),
                name,
                connector.name(),
                operation,
                "upsert",
                scope.map(s -> s.idempotencyKey(name)).orElse(""),
                scope.map(s -> s.mapped(name)).orElse(null));
        try {
            requireKey(scope);
            String key = upsert.key(body, arguments);
            var record = new RemoteIds.Record(connector.name(), upsert.object(), key);
            return new Work(
                    scope, step, body, arguments, record, key, UUID.randomUUID().toString());
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    /** Before anything is asked: a remote would take records that have the same key for one. */
    private void requireKey(Optional<RunScope> scope) {
        for (String name : List.of(upsert.calls().create(), upsert.calls().update())) {
            if (scope.isEmpty() && connector.write(name).repeat().writeClass() == WriteClass.KEYED) {
                throw new ConnectorRefused(connector.name() + "/" + operation + ": its " + name
                        + " is a write of class keyed and needs an idempotency key; call it in a flow that begins with"
                        + " event:, whose run has one");
            }
        }
    }

    private Optional<String> ours(Optional<RemoteIds.Id> known) {
        return known.filter(id -> account.is(id.account())).map(RemoteIds.Id::id);
    }

    private JsonNode write(Work work) {
        try {
            account = attempts.bind();
            // what is merged over may not change before it is sent back
            boolean merges = !upsert.calls().over().isEmpty();
            Optional<String> known = merges ? Optional.empty() : ours(ids().find(work.record));
            Optional<JsonNode> updated = known.isPresent() ? update(work, known.get()) : Optional.empty();
            JsonNode answer = updated.isPresent() ? updated.get() : alone(work);
            finish(work, answer);
            return answer;
        } catch (SQLException e) {
            throw new StepFailed(Outcome.retry("the id map could not be asked: " + e.getMessage()), e);
        }
    }

    /** While nobody else works on this record. */
    private JsonNode alone(Work work) throws SQLException {
        Duration lease = connector.timeout().multipliedBy(CALLS).plusSeconds(10);
        RemoteIds.Known known = ids().claim(work.record, work.holder, lease)
                .orElseThrow(() -> waiting("another run is writing this " + upsert.object() + " just now", TURN));
        try {
            Optional<String> id = ours(known.id());
            Optional<JsonNode> updated = id.isPresent() ? update(work, id.get()) : Optional.empty();
            return updated.isPresent() ? updated.get() : searched(work, known);
        } finally {
            ids().release(work.record, work.holder);
        }
    }

    private JsonNode searched(Work work, RemoteIds.Known known) throws SQLException {
        List<String> ids = search(work);
        if (ids.size() > 1) {
            throw new StepFailed(
                    Outcome.fail(connector.name() + "/" + operation + ": " + ids.size()
                            + " records have this key there (ids "
                            + String.join(", ", ids.subList(0, Math.min(5, ids.size())))
                            + "); merge them in " + connector.name() + ", then resume"),
                    connector.name());
        }
        if (ids.size() == 1) {
            ids().found(work.record, id(ids.get(0)));
            return update(work, ids.get(0))
                    .orElseThrow(() -> new StepFailed(
                            Outcome.retry(connector.name() + " finds id " + ids.get(0) + " and does not know it"),
                            connector.name()));
        }
        Duration left = known.sentAgo().map(upsert::unseen).orElse(Duration.ZERO);
        if (!left.isZero()) {
            throw waiting("a create was sent a short while ago; the search may not show it yet", left);
        }
        return create(work);
    }

    private RemoteIds.Id id(String id) {
        return new RemoteIds.Id(id, account.mark());
    }

    private List<String> search(Work work) {
        Attempts.Part part = part(work, upsert.calls().search(), new Attempts.Asked(work.body, work.arguments));
        if (part.tried().status() == 404) {
            return List.of();
        }
        if (!part.succeeded()) {
            throw part.failure();
        }
        return read(() -> upsert.hits(part.useful(), work.key));
    }

    /** @return empty when the remote does not know the id any more, which is then forgotten */
    private Optional<JsonNode> update(Work work, String id) throws SQLException {
        var arguments = new HashMap<>(work.arguments);
        arguments.put("id", id);
        JsonNode body = work.body;
        if (!upsert.calls().over().isEmpty()) {
            Attempts.Part there = part(work, upsert.calls().over(), new Attempts.Asked(body, arguments));
            if (isGone(work, id, there)) {
                return Optional.empty();
            }
            body = read(() -> upsert.merged(there.useful(), work.body));
        }
        // a remote that compares takes a key for one record only, and the search may find another than the known one
        Attempts.Part part =
                part(work, upsert.calls().update(), new Attempts.Asked(body, arguments, ":" + Urls.encode(id)));
        return isGone(work, id, part) ? Optional.empty() : Optional.of(answer(id, false, part.useful()));
    }

    /** @throws StepFailed when it failed otherwise */
    private boolean isGone(Work work, String id, Attempts.Part part) throws SQLException {
        if (part.tried().status() == 404 || part.tried().status() == 410) {
            ids().forget(work.record, id);
            return true;
        }
        if (!part.succeeded()) {
            throw part.failure();
        }
        return false;
    }

    /** What an answer says. @throws StepFailed when it is none to go on with */
    private static <T> T read(Supplier<T> what) {
        try {
            return what.get();
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    private JsonNode create(Work work) throws SQLException {
        if (!ids().sending(work.record, work.holder)) {
            throw new StepFailed(Outcome.retry(
                    "not sent: it took too long, another run may be writing this " + upsert.object() + " by now"));
        }
        Attempts.Part part;
        try {
            part = part(work, upsert.calls().create(), new Attempts.Asked(work.body, work.arguments));
        } catch (StepFailed | SecretAway e) {
            ids().notDone(work.record, work.holder); // nothing was sent
            throw e;
        }
        if (part.succeeded()) {
            Optional<String> id = read(() -> upsert.created(part.tried().answer(), part.useful()));
            if (id.isPresent()) {
                ids().made(work.record, id(id.get()));
            }
            return answer(id.orElse(null), true, part.useful());
        }
        if (!part.tried().sentPerhaps()) {
            ids().notDone(work.record, work.holder);
        }
        if (part.tried().status() == 409) {
            throw new StepFailed(
                    Outcome.retry(part.tried().outcome().reason() + "; it is searched for again"), connector.name());
        }
        throw part.failure();
    }

    private Attempts.Part part(Work work, String name, Attempts.Asked asked) {
        return attempts.part(work.scope, work.step, name, asked, null);
    }

    private static JsonNode answer(String id, boolean created, JsonNode record) {
        var answer = JsonNodeFactory.instance.objectNode().put("id", id).put("created", created);
        return record instanceof MissingNode ? answer : answer.set("record", record);
    }

    private void finish(Work work, JsonNode answer) {
        byte[] bytes = Call.bytes(answer);
        work.scope.ifPresent(scope -> {
            scope.note(work.step.name(), new Journal.Recorded(State.SUCCEEDED, bytes));
            Carrying.note(hub.stores().journal(), scope, answer);
            // if it can't be written down, the same again is an update
            scope.writing(hub.stores().journal().note(work.step, State.SUCCEEDED, bytes), false);
        });
    }

    private StepFailed waiting(String why, Duration wait) {
        var outcome = new Outcome(
                Verdict.RETRY, Owner.TRANSIENT, connector.name() + "/" + operation + ": " + why, Duration.ZERO);
        return StepFailed.Parked.alone(
                outcome, "turn of " + connector.name(), hub.clock().instant().plus(wait));
    }

    private RemoteIds ids() {
        return hub.stores().ids();
    }
}
