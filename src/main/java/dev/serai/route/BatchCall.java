package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.BatchResult;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.record.Masks;
import dev.serai.route.BatchChunks.Entry;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step that calls a remote for many records at once: those not yet done go out in as few calls as the connector file
 * allows, and each record's outcome is written down for its own run. Only for writes that may be repeated.
 */
final class BatchCall {
    private static final Logger LOG = LoggerFactory.getLogger(BatchCall.class);
    /** The remote found something wrong with the content: one record may have spoilt it for the others. */
    private static final Set<Integer> ABOUT_CONTENT = Set.of(400, 409, 413, 422);

    private final Hub hub;
    private final HttpCalls http;
    private final String operation;
    /** Of a write whose success only says that it will be done. */
    private final Optional<BatchJobs> jobs;
    /** With the token of the moment, where it has one. */
    private Connector connector;

    /** Where the outcomes go, record by record. */
    interface Results {
        void got(RunScope scope, Object body);

        void lost(RunScope scope, Exception failure);
    }

    /** A call that came back. @param answer null when none came */
    private record Tried(
            Answer answer, Outcome outcome, Instant began, String endpoint, int requestSize, Duration took) {}

    BatchCall(Hub hub, HttpCalls http, Connector connector, String operation) {
        this.hub = hub;
        this.http = http;
        this.connector = connector;
        this.operation = operation;
        this.jobs = connector.jobs(operation).map(accepted -> new BatchJobs(hub, http, connector, operation));
    }

    /**
     * Sends the records.
     *
     * @param arguments expressions; records for which they give different values go in different calls
     * @throws StepFailed when a whole call failed and waiting may help; what is done by then is not sent again
     */
    void make(List<Batch.Item> items, Map<String, String> arguments, Results results) {
        var chunks = new BatchChunks(connector.batch(operation).orElseThrow().most());
        var waiting = new ArrayList<Entry>();
        for (Batch.Item item : items) {
            item.scope().calls();
            try {
                String step =
                        Steps.begin(item.exchange(), item.scope(), hub.stores().journal());
                Call.committed(item.scope().written());
                var recorded = item.scope().recorded(step);
                if (recorded.filter(r -> r.state() == State.SUCCEEDED).isPresent()) {
                    Carrying.noteAgain(
                            hub.stores().journal(), item.scope(), recorded.get().answer());
                    results.got(item.scope(), Bodies.answer(recorded.get().answer()));
                } else if (jobs.isPresent() && BatchJobs.isWaiting(recorded)) {
                    waiting.add(entry(item, step, Arguments.evaluate(item.exchange(), arguments)));
                } else {
                    chunks.add(entry(item, step, Arguments.evaluate(item.exchange(), arguments)));
                }
            } catch (ConnectorRefused e) {
                results.lost(item.scope(), new StepFailed(Outcome.fail(e.getMessage()), e));
            } catch (StepFailed e) {
                results.lost(item.scope(), e);
            }
        }
        chunks.all().forEach(chunk -> send(chunk, results));
        jobs.ifPresent(asked -> asked.ask(stillOurs(waiting, results), results));
    }

    private Entry entry(Batch.Item item, String step, Map<String, String> arguments) {
        JsonNode record = Bodies.json(item.exchange());
        return new Entry(
                item.scope(),
                step,
                record,
                arguments,
                connector.batch(operation).orElseThrow().id(record));
    }

    private void send(List<Entry> chunk, Results results) {
        List<Entry> ours = stillOurs(chunk, results);
        if (ours.isEmpty()) {
            return;
        }
        List<JsonNode> records = ours.stream().map(Entry::record).toList();
        connector = hub.tokens().ready(connector, http);
        Request request;
        try {
            request = connector
                    .batch(operation)
                    .orElseThrow()
                    .request(records, ours.get(0).arguments());
        } catch (ConnectorRefused e) {
            ours.forEach(entry -> results.lost(entry.scope(), new StepFailed(Outcome.fail(e.getMessage()), e)));
            return;
        }
        Tried tried;
        List<BatchResult> told = List.of();
        try (Gate.Pass pass =
                hub.gate().enter(connector, operation, Caller.of(ours.get(0).scope(), ours.size()))) {
            tried = attempt(pass, request);
            if (mayGoAgain(pass, tried)) {
                tried = onceMore(pass, tried, ours, request);
            }
            if (tried.outcome.succeeded() && !isAcceptance(tried)) {
                told = connector.batch(operation).orElseThrow().judge(records, tried.answer);
                told.stream()
                        .map(BatchResult::outcome)
                        .filter(outcome -> outcome.verdict() == Verdict.RATE_LIMITED)
                        .findFirst()
                        .ifPresent(pass::refused);
            }
            pass.answered(tried.outcome);
        }
        if (tried.outcome.succeeded() && isAcceptance(tried)) {
            accepted(ours, tried, results);
        } else if (tried.outcome.succeeded()) {
            settle(ours, told, tried, results);
        } else {
            refused(ours, tried, results);
        }
    }

    private boolean isAcceptance(Tried tried) {
        return jobs.filter(asked -> asked.isAcceptance(tried.answer)).isPresent();
    }

    private void accepted(List<Entry> chunk, Tried tried, Results results) {
        log(chunk, tried, 0);
        jobs.orElseThrow().accepted(chunk, tried.answer, entry -> attempt(entry, tried.outcome, tried), results);
    }

    private boolean mayGoAgain(Gate.Pass pass, Tried tried) {
        return pass.mayGoAgain(tried.outcome)
                && (tried.outcome.verdict() == Verdict.UNAUTHORIZED
                        || !Verdicts.inDoubt(connector, operation, tried.answer));
    }

    /** A token that seemed good and was refused is renewed, a signature of another time is made anew: once. */
    private Tried onceMore(Gate.Pass pass, Tried refused, List<Entry> chunk, Request request) {
        var renewed = hub.tokens().again(pass, connector, http);
        if (renewed.isEmpty()) {
            return refused;
        }
        log(chunk, refused, chunk.size());
        connector = renewed.get();
        return attempt(pass, connector.signIn().carry(request));
    }

    /** Another hub may have taken a run over, and have come further: what is sent for it now would be double or too old. */
    private List<Entry> stillOurs(List<Entry> chunk, Results results) {
        Instant now = hub.clock().instant();
        var ours = new ArrayList<Entry>();
        for (Entry entry : chunk) {
            if (entry.scope().run().lease().holds(now)) {
                ours.add(entry);
            } else {
                results.lost(
                        entry.scope(),
                        new StepFailed(Outcome.retry(
                                "not sent: the lease of this run has ended, another hub may have taken it over")));
            }
        }
        return ours;
    }

    private Tried attempt(Gate.Pass pass, Request request) {
        Instant began = hub.clock().instant();
        Answer answer = null;
        Outcome outcome;
        try {
            answer = hub.tokens().send(pass, http, connector, request);
            outcome = Verdicts.of(connector, operation, answer, hub.clock().instant());
        } catch (IOException e) {
            outcome = Verdicts.of(connector, e);
        }
        Duration took = Duration.between(began, hub.clock().instant());
        return new Tried(answer, outcome, began, connector.endpoint(request), request.body().length, took);
    }

    /** The call as a whole failed: nothing was done, or nobody knows, and it may be repeated. */
    private void refused(List<Entry> chunk, Tried tried, Results results) {
        log(chunk, tried, chunk.size());
        journal(chunk, chunk.stream().map(entry -> tried.outcome).toList(), null, tried);
        if (tried.outcome.verdict() == Verdict.UNAUTHORIZED || tried.outcome.worthRetrying()) {
            throw Attempts.failed(hub.gate(), connector, tried.outcome);
        }
        if (chunk.size() > 1 && tried.answer != null && ABOUT_CONTENT.contains(tried.answer.status())) {
            int half = chunk.size() / 2;
            send(chunk.subList(0, half), results);
            send(chunk.subList(half, chunk.size()), results);
            return;
        }
        chunk.forEach(entry -> results.lost(entry.scope(), new StepFailed(tried.outcome, connector.name())));
    }

    private void settle(List<Entry> chunk, List<BatchResult> told, Tried tried, Results results) {
        long failed = told.stream().filter(r -> !r.outcome().succeeded()).count();
        log(chunk, tried, failed);
        journal(chunk, told.stream().map(BatchResult::outcome).toList(), told, tried);
        for (int i = 0; i < chunk.size(); i++) {
            RunScope scope = chunk.get(i).scope();
            BatchResult result = told.get(i);
            if (result.outcome().succeeded()) {
                results.got(scope, Bodies.plain(result.useful()));
            } else {
                results.lost(scope, Attempts.ofRecord(hub.gate(), connector, result.outcome()));
            }
        }
    }

    /** @param told the useful parts; null when the whole call failed */
    private void journal(List<Entry> chunk, List<Outcome> outcomes, List<BatchResult> told, Tried tried) {
        for (int i = 0; i < chunk.size(); i++) {
            Entry entry = chunk.get(i);
            boolean done = outcomes.get(i).succeeded();
            if (!done && !entry.scope().run().lease().holds(hub.clock().instant())) {
                continue; // a claim that is lost may add that a step is done, but not unsay what the newer one knows
            }
            if (done) {
                Carrying.note(hub.stores().journal(), entry.scope(), told.get(i).useful());
            }
            byte[] answer = done ? useful(told.get(i)) : null;
            State state = done ? State.SUCCEEDED : State.FAILED;
            entry.scope().note(entry.step(), new Journal.Recorded(state, answer));
            // waited for before anything else is sent; what can't be written is known to this claim, and may be
            // repeated
            entry.scope().writing(record(entry, state, answer, attempt(entry, outcomes.get(i), tried)), false);
        }
    }

    private static byte[] useful(BatchResult result) {
        return result.useful().isMissingNode()
                ? null
                : result.useful().toString().getBytes(StandardCharsets.UTF_8);
    }

    private CompletionStage<?> record(Entry entry, State state, byte[] answer, Journal.Attempt attempt) {
        hub.metrics().stepped(entry.scope().run().flow(), Steps.declared(entry.step()), attempt.verdict());
        return hub.stores().journal().record(step(entry, connector, operation), state, answer, attempt);
    }

    /** A record's step, as the journal has it. */
    static Journal.Step step(Entry entry, Connector connector, String operation) {
        var run = entry.scope().run();
        return new Journal.Step(
                        run.id(),
                        entry.step(),
                        connector.name(),
                        operation,
                        "idempotent",
                        run.name() + ":" + entry.step())
                .by(entry.scope().mapped(entry.step()));
    }

    private static Journal.Attempt attempt(Entry entry, Outcome outcome, Tried tried) {
        return new Journal.Attempt(
                tried.began,
                entry.scope().nextAttempt(entry.step()),
                tried.endpoint,
                tried.requestSize,
                tried.answer == null ? null : tried.answer.status(),
                outcome.verdict().name().toLowerCase(Locale.ROOT),
                outcome.reason(),
                tried.took);
    }

    private void log(List<Entry> chunk, Tried tried, long failed) {
        Entry first = chunk.get(0);
        LOG.atInfo()
                .addKeyValue("flow", first.scope().run().flow())
                .addKeyValue("step", first.step())
                .addKeyValue("connection", connector.name())
                .addKeyValue("operation", operation)
                .addKeyValue("records", chunk.size())
                .addKeyValue("failed", failed)
                .addKeyValue("status", tried.answer == null ? "-" : tried.answer.status())
                .addKeyValue("verdict", tried.outcome.verdict().name().toLowerCase(Locale.ROOT))
                .addKeyValue("request_bytes", tried.requestSize)
                .addKeyValue("duration_ms", tried.took.toMillis())
                .addKeyValue("reason", tried.outcome.reason().isEmpty() ? "-" : Masks.inText(tried.outcome.reason()))
                .log("batch.attempted");
    }
}
