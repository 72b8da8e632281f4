package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.BatchResult;
import dev.serai.connector.Batches.Sent;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Jobs;
import dev.serai.run.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was accepted and is done later is asked for, as a hub does, until it is known. */
final class JobCheck {
    private static final int QUESTIONS = 20;

    private final Trial trial;
    private final Jobs jobs;

    JobCheck(Trial trial, Jobs jobs) {
        this.trial = trial;
        this.jobs = jobs;
    }

    /** @param told the useful part of what the read answered when it was over */
    private record Ended(Outcome outcome, JsonNode told) {}

    /** How a write of one record ended. */
    Outcome ended(Answer acceptance) {
        return jobs.isAcceptance(acceptance) ? watch(acceptance).outcome : Outcome.SUCCESS;
    }

    /** What became of each record of a call. @throws ConnectorRefused when the vendor does not tell */
    List<BatchResult> results(List<JsonNode> records, Answer acceptance) {
        var batch = trial.connector().batch(trial.operation().name()).orElseThrow();
        if (!jobs.isAcceptance(acceptance)) {
            return batch.judge(records, acceptance);
        }
        Ended ended = watch(acceptance);
        if (!ended.outcome.succeeded()) {
            throw new ConnectorRefused(ended.outcome.reason());
        }
        var sent = new ArrayList<Sent>();
        records.forEach(record -> sent.add(new Sent(record, sent.size(), records.size())));
        JsonNode failures = jobs.failuresRead(ended.told)
                .map(read -> useful(read, arguments(acceptance)))
                .orElse(ended.told);
        return batch.judgeDone(sent, ended.told, failures);
    }

    private Map<String, String> arguments(Answer acceptance) {
        var arguments = new HashMap<>(trial.example().arguments());
        arguments.put("job", jobs.job(acceptance));
        return arguments;
    }

    /** @throws ConnectorRefused when the vendor says no */
    private JsonNode useful(String read, Map<String, String> arguments) {
        var request = trial.connector().build(read, trial.bodies().get(0), arguments, Trial.KEY);
        var answered = trial.bench().send(trial.connector(), read, request);
        if (!answered.outcome().succeeded()) {
            throw new ConnectorRefused("\"" + read + "\": " + answered.outcome().reason());
        }
        return trial.connector().useful(read, answered.answer().orElseThrow());
    }

    private Ended watch(Answer acceptance) {
        Map<String, String> arguments = arguments(acceptance);
        Duration soFar = Duration.ZERO;
        for (int asked = 0; asked < QUESTIONS; asked++) {
            Duration wait = jobs.nextLook(soFar).orElseThrow(() -> new ConnectorRefused(silent()));
            trial.pass(wait);
            soFar = soFar.plus(wait);
            JsonNode told = useful(jobs.read(), arguments);
            Optional<Outcome> outcome = jobs.outcome(told);
            if (outcome.isPresent()) {
                return new Ended(outcome.get(), told);
            }
        }
        throw new ConnectorRefused(silent());
    }

    private String silent() {
        return "\"" + jobs.read() + "\" does not say that what was accepted is done; correct \"state\", \"done\" or"
                + " \"failed\" of \"accepted\"";
    }
}
