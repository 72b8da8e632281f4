package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.Answer;
import dev.serai.connector.Connector;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Jobs;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.Verdict;
import dev.serai.store.Journal;
import dev.serai.store.Journal.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A write that a remote has accepted and will do later. Its step stays intended, with the job and since when as its answer;
 * the run waits in the store and asks from time to time, whichever hub it is on. Nothing is sent again.
 */
final class JobWatch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int NOT_FOUND = 404;

    private static final Set<Integer> FORGOTTEN = Set.of(NOT_FOUND, 410);

    private final Hub hub;
    private final Connector connector;
    private final Jobs jobs;

    JobWatch(Hub hub, Connector connector, Jobs jobs) {
        this.hub = hub;
        this.connector = connector;
        this.jobs = jobs;
    }

    /** What is written down of an acceptance. @throws StepFailed when it names no job */
    byte[] accepted(Answer answer) {
        return accepted(answer, 0, 1);
    }

    /** As {@link #accepted(Answer)}, of a record in a call of many. @param place in it, from 0 @param of records in it */
    byte[] accepted(Answer answer, int place, int of) {
        try {
            return Call.bytes(JSON.createObjectNode()
                    .put("job", jobs.job(answer))
                    .put("since", hub.clock().instant().toString())
                    .put("place", place)
                    .put("of", of));
        } catch (ConnectorRefused e) {
            throw new StepFailed(Outcome.fail(e.getMessage()), e);
        }
    }

    /** Asks once. @return the useful part of what the read told @throws StepFailed.Parked while it is not done */
    JsonNode ask(Attempts attempts, RunScope scope, Journal.Step step, JsonNode body, Map<String, String> arguments) {
        byte[] kept = scope.recorded(step.name()).orElseThrow().answer();
        JsonNode accepted = read(kept);
        var more = new HashMap<>(arguments);
        more.put("job", accepted.path("job").asText());
        var part = attempts.part(Optional.of(scope), step, jobs.read(), new Attempts.Asked(body, more), kept);
        if (isUnseen(part, accepted)) {
            throw later(since(accepted));
        }
        if (isForgotten(part)) {
            // what may be sent again is; of the rest nobody knows whether it was done
            State state = connector.write(step.operation()).repeat().repeatable() ? State.FAILED : State.INTENDED;
            Call.committed(hub.stores().journal().note(step, state, null));
            scope.note(step.name(), new Journal.Recorded(state, null));
            throw forgotten(accepted);
        }
        if (!part.succeeded()) {
            throw part.failure();
        }
        Outcome outcome = jobs.outcome(part.useful()).orElse(null);
        if (outcome == null) {
            throw later(since(accepted));
        }
        State state = outcome.succeeded() ? State.SUCCEEDED : State.FAILED;
        byte[] told = outcome.succeeded() ? Call.bytes(part.useful()) : null;
        Carrying.note(hub.stores().journal(), scope, part.useful());
        Call.committed(hub.stores().journal().note(step, state, told));
        scope.note(step.name(), new Journal.Recorded(state, told));
        if (!outcome.succeeded()) {
            throw new StepFailed(outcome, connector.name());
        }
        return part.useful();
    }

    /** Whether the remote does not know the job, which may be too young: who is asked may be behind who has taken it. */
    boolean isUnseen(Attempts.Part asked, JsonNode kept) {
        Duration age = Duration.between(since(kept), hub.clock().instant());
        return !asked.succeeded() && asked.tried().status() == NOT_FOUND && age.compareTo(jobs.unseen()) < 0;
    }

    /** Whether the remote does not know the job any more, so that asking on is of no use. */
    static boolean isForgotten(Attempts.Part asked) {
        return !asked.succeeded() && FORGOTTEN.contains(asked.tried().status());
    }

    /** @param kept what is written down of the acceptance */
    StepFailed forgotten(JsonNode kept) {
        return new StepFailed(
                Outcome.fail(
                        connector.name() + " accepted it at " + since(kept) + " and does not know its job any more;"
                                + " look there whether it was done; resumed, what is safe to repeat is sent again"),
                connector.name());
    }

    /** Not now. @return what makes the run wait, or die when it has waited for too long */
    StepFailed later(Instant since) {
        Instant now = hub.clock().instant();
        Duration soFar = Duration.between(since, now);
        Optional<Duration> next = jobs.nextLook(soFar);
        if (next.isEmpty()) {
            return new StepFailed(
                    Outcome.fail(connector.name() + " accepted it at " + since + " and has not said within "
                            + jobs.within() + " what became of it; resume the run to ask once more"),
                    connector.name());
        }
        var outcome = new Outcome(
                Verdict.RETRY,
                Owner.TRANSIENT,
                connector.name() + " accepted it and has not done it yet; it is asked again",
                Duration.ZERO);
        return StepFailed.Parked.alone(outcome, "job of " + connector.name(), now.plus(next.get()));
    }

    /** When it was accepted. */
    static Instant since(JsonNode kept) {
        return Instant.parse(kept.path("since").asText());
    }

    /** What is written down of an acceptance, read again. */
    static JsonNode read(byte[] kept) {
        try {
            return JSON.readTree(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the journal holds no job", e);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
