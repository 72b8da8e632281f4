package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.BatchResult;
import dev.serai.connector.Batches;
import dev.serai.connector.ConnectorRefused;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Of many records in one call one is refused: that one fails, and no other. */
final class BatchCheck {
    private final Trial trial;
    private final String name;
    private final List<JsonNode> records = new ArrayList<>();
    private final int refused;

    /** @throws ConnectorRefused when there is no example of a record that is refused */
    BatchCheck(Trial trial) {
        this.trial = trial;
        this.name = trial.operation().name();
        records.addAll(distinct());
        this.refused = Math.min(1, records.size());
        records.add(
                refused,
                trial.example()
                        .refused()
                        .orElseThrow(() -> new ConnectorRefused("examples.yaml has no \"refused\" record for it")));
    }

    /** As the connector signs in now. */
    private Batches batch() {
        return trial.connector().batch(name).orElseThrow();
    }

    /** Records that may go in one call: no two by the same id. */
    private List<JsonNode> distinct() {
        var ids = new HashSet<String>();
        return trial.bodies().stream()
                .filter(body -> batch().id(body).map(ids::add).orElse(true))
                .toList();
    }

    Finding oneRefused() {
        trial.fresh();
        var answered = send(records);
        if (batch().allOrNone()) {
            return whole(answered.outcome());
        }
        if (!answered.outcome().succeeded()) {
            return Finding.failed("one refused record failed the whole call: "
                    + answered.outcome().reason());
        }
        if (batch().speaksOfNone()) {
            return job(answered.answer().orElseThrow());
        }
        List<BatchResult> results = trial.connector()
                .jobs(name)
                .map(jobs -> new JobCheck(trial, jobs)
                        .results(records, answered.answer().orElseThrow()))
                .orElseGet(() -> batch().judge(records, answered.answer().orElseThrow()));
        for (int i = 0; i < records.size(); i++) {
            Outcome outcome = results.get(i).outcome();
            boolean right = i == refused ? outcome.verdict() == Verdict.FAIL : outcome.succeeded();
            if (!right) {
                return Finding.failed("record " + (i + 1) + " of " + records.size() + " was judged "
                        + CallChecks.word(outcome.verdict()) + (i == refused ? " though it was refused: " : ": ")
                        + outcome.reason());
            }
        }
        return Finding.OK;
    }

    /** The job that has a refused record fails, with all that went with it; without that record it is done. */
    private Finding job(Answer acceptance) {
        var jobs = new JobCheck(trial, trial.connector().jobs(name).orElseThrow());
        Outcome with = jobs.ended(acceptance);
        if (with.verdict() != Verdict.FAIL) {
            return Finding.failed("a job with a refused record was judged " + CallChecks.word(with.verdict()));
        }
        var others = new ArrayList<>(records);
        others.remove(refused);
        Outcome without = jobs.ended(send(others).answer().orElseThrow());
        return without.succeeded()
                ? Finding.OK
                : Finding.failed("without the refused record its job failed too: " + without.reason());
    }

    private Bench.Answered send(List<JsonNode> these) {
        return trial.bench()
                .send(
                        trial.connector(),
                        name,
                        batch().request(these, trial.example().arguments()));
    }

    /** The call is refused as a whole, and halved until the record that spoils it is alone. */
    private Finding whole(Outcome outcome) {
        if (outcome.verdict() != Verdict.FAIL) {
            return Finding.failed("a call with a refused record was judged " + CallChecks.word(outcome.verdict())
                    + ", though \"all_or_none\" says that it is refused as a whole: " + outcome.reason());
        }
        var others = new ArrayList<>(records);
        others.remove(refused);
        Outcome without = send(others).outcome();
        return without.succeeded()
                ? Finding.OK
                : Finding.failed("without the refused record it was refused too: " + without.reason());
    }
}
