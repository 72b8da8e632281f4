package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.connector.Answer;
import dev.serai.connector.BatchResult;
import dev.serai.connector.Batches.Sent;
import dev.serai.connector.Connector;
import dev.serai.connector.Jobs;
import dev.serai.route.BatchChunks.Entry;
import dev.serai.run.Outcome;
import dev.serai.store.Journal;
import dev.serai.store.Journal.Recorded;
import dev.serai.store.Journal.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Calls of many records that a remote has accepted and will do later. The step of each record stays intended, with the job and
 * its place in the call as its answer; its run waits in the store. When runs come again, in whatever company and on whichever
 * hub, each job is asked for once, and what it tells of a record is that record's outcome. Nothing is sent again.
 */
final class BatchJobs {
    private final Hub hub;
    private final Attempts attempts;
    private final Connector connector;
    private final String operation;
    private final Jobs jobs;
    private final JobWatch watch;

    BatchJobs(Hub hub, HttpCalls http, Connector connector, String operation) {
        this.hub = hub;
        this.attempts = new Attempts(hub, http, connector);
        this.connector = connector;
        this.operation = operation;
        this.jobs = connector.jobs(operation).orElseThrow();
        this.watch = new JobWatch(hub, connector, jobs);
    }

    /** Whether the step of a record was accepted, and what became of it is not known yet. */
    static boolean isWaiting(Optional<Recorded> recorded) {
        return recorded.filter(r -> r.state() == State.INTENDED && r.answer() != null)
                .isPresent();
    }

    /** Whether a success says only that it will be done. */
    boolean isAcceptance(Answer answer) {
        return jobs.isAcceptance(answer);
    }

    /**
     * A call was accepted: its records wait, each by itself.
     *
     * @param attempt of the call, as each record's run tells it
     */
    void accepted(
            List<Entry> call, Answer answer, Function<Entry, Journal.Attempt> attempt, BatchCall.Results results) {
        for (int i = 0; i < call.size(); i++) {
            Entry entry = call.get(i);
            byte[] kept = watch.accepted(answer, i, call.size());
            entry.scope().note(entry.step(), new Recorded(State.INTENDED, kept));
            entry.scope()
                    .writing(
                            hub.stores().journal().record(step(entry), State.INTENDED, kept, attempt.apply(entry)),
                            true);
        }
        for (Entry entry : call) {
            try {
                // a run that waits for a job must know it when it comes again
                Call.committed(entry.scope().written());
                results.lost(entry.scope(), watch.later(hub.clock().instant()));
            } catch (StepFailed e) {
                results.lost(entry.scope(), e);
            }
        }
    }

    /** Asks once for each job. @throws StepFailed when a question got no answer; what is known by then is settled */
    void ask(List<Entry> waiting, BatchCall.Results results) {
        var byJob = new LinkedHashMap<String, List<Entry>>();
        waiting.forEach(entry -> byJob.computeIfAbsent(kept(entry).path("job").asText(), job -> new ArrayList<>())
                .add(entry));
        byJob.forEach((job, entries) -> ask(job, entries, results));
    }

    private void ask(String job, List<Entry> entries, BatchCall.Results results) {
        Entry first = entries.get(0);
        Map<String, String> arguments = new HashMap<>(first.arguments());
        arguments.put("job", job);
        var part = part(first, jobs.read(), arguments);
        if (!part.succeeded()) {
            refused(entries, part, results);
            return;
        }
        Optional<Outcome> ended = jobs.outcome(part.useful());
        if (ended.isEmpty()) {
            entries.forEach(entry -> results.lost(entry.scope(), watch.later(JobWatch.since(kept(entry)))));
            return;
        }
        if (!ended.get().succeeded()) {
            settle(
                    entries,
                    entries.stream()
                            .map(entry -> new BatchResult(ended.get(), MissingNode.getInstance()))
                            .toList(),
                    results);
            return;
        }
        JsonNode failures = part.useful();
        Optional<String> failuresRead = jobs.failuresRead(part.useful());
        if (failuresRead.isPresent()) {
            var listed = part(first, failuresRead.get(), arguments);
            if (!listed.succeeded()) {
                refused(entries, listed, results);
                return;
            }
            failures = listed.useful();
        }
        settle(
                entries,
                connector.batch(operation).orElseThrow().judgeDone(sent(entries), part.useful(), failures),
                results);
    }

    private Attempts.Part part(Entry first, String read, Map<String, String> arguments) {
        return attempts.part(
                Optional.of(first.scope()),
                step(first),
                read,
                new Attempts.Asked(first.record(), arguments),
                first.scope().recorded(first.step()).orElseThrow().answer());
    }

    private void settle(List<Entry> entries, List<BatchResult> told, BatchCall.Results results) {
        for (int i = 0; i < entries.size(); i++) {
            settle(entries.get(i), told.get(i), results);
        }
    }

    private void refused(List<Entry> entries, Attempts.Part part, BatchCall.Results results) {
        if (part.failure() instanceof StepFailed.Parked
                || part.failure().outcome().worthRetrying()) {
            throw part.failure();
        }
        boolean forgotten = JobWatch.isForgotten(part);
        for (Entry entry : entries) {
            if (watch.isUnseen(part, kept(entry))) {
                results.lost(entry.scope(), watch.later(JobWatch.since(kept(entry))));
                continue;
            }
            StepFailed why = forgotten ? watch.forgotten(kept(entry)) : part.failure();
            if (forgotten) {
                entry.scope().note(entry.step(), new Recorded(State.FAILED, null));
                entry.scope().writing(hub.stores().journal().note(step(entry), State.FAILED, null), false);
            }
            results.lost(entry.scope(), why);
        }
    }

    private List<Sent> sent(List<Entry> entries) {
        return entries.stream()
                .map(entry -> {
                    JsonNode kept = kept(entry);
                    return new Sent(
                            entry.record(),
                            kept.path("place").asInt(),
                            kept.path("of").asInt());
                })
                .toList();
    }

    private void settle(Entry entry, BatchResult told, BatchCall.Results results) {
        boolean done = told.outcome().succeeded();
        State state = done ? State.SUCCEEDED : State.FAILED;
        byte[] answer = done && !told.useful().isMissingNode() ? Call.bytes(told.useful()) : null;
        entry.scope().note(entry.step(), new Recorded(state, answer));
        entry.scope().writing(hub.stores().journal().note(step(entry), state, answer), false);
        if (done) {
            results.got(entry.scope(), Bodies.plain(told.useful()));
        } else {
            results.lost(entry.scope(), Attempts.ofRecord(hub.gate(), connector, told.outcome()));
        }
    }

    private static JsonNode kept(Entry entry) {
        return JobWatch.read(entry.scope().recorded(entry.step()).orElseThrow().answer());
    }

    private Journal.Step step(Entry entry) {
        return BatchCall.step(entry, connector, operation);
    }
}
