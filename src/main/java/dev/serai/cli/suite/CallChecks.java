package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.Operation;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.simulator.Promise;
import dev.serai.simulator.VendorDocument;
import java.util.Optional;

/** Whether the calls an operation makes are those the vendor takes, and with its credential alone. */
final class CallChecks {
    static final String OURS = "contract.json is our own reading of the documentation";

    private final Trial trial;

    CallChecks(Trial trial) {
        this.trial = trial;
    }

    Finding contract() {
        trial.fresh();
        Optional<String> notCovered = trial.example().notCovered();
        for (JsonNode body : trial.bodies()) {
            Promise promise = trial.bench().promise(trial.connector(), trial.request(body));
            if (!promise.covered()) {
                return notCovered
                        .map(why -> Finding.unverified("contract.json does not have it: " + why))
                        .orElseGet(
                                () -> Finding.failed(
                                        promise.problem()
                                                + "; correct \"path\" or \"method\", or say in examples.yaml why it is \"not_covered\""));
            }
            if (!promise.problem().isEmpty()) {
                return Finding.failed(promise.operation() + ": " + promise.problem());
            }
        }
        Promise last = trial.bench().promise(trial.connector(), trial.request());
        VendorDocument document = trial.bench().simulator().document(trial.vendor());
        Optional<Finding> tooMany = tooMany(document, last.operation());
        if (tooMany.isPresent()) {
            return tooMany.get();
        }
        if (document.ours(last.operation())) {
            return Finding.unverified("we added " + last.operation() + " to contract.json");
        }
        if (document.oursAlone()) {
            return Finding.unverified(OURS);
        }
        return trial.isBatch() ? known(document, last.operation()) : Finding.OK;
    }

    private Optional<VendorDocument.Most> most(VendorDocument document, String operation) {
        return trial.connector()
                .batch(trial.operation().name())
                .flatMap(batch -> document.most(operation, batch.list()));
    }

    private int ownMost() {
        return trial.connector().batch(trial.operation().name()).orElseThrow().most();
    }

    /** Of a batch: more records in one call than the contract allows. */
    private Optional<Finding> tooMany(VendorDocument document, String operation) {
        return most(document, operation)
                .filter(most -> most.records() < ownMost())
                .map(most -> Finding.failed("a call would take up to " + ownMost() + " records, and " + operation
                        + " allows " + most.records() + "; correct \"most\" of \"batch\""));
    }

    /** Whether the vendor's own word says how many records a call takes. */
    private Finding known(VendorDocument document, String operation) {
        return most(document, operation)
                .map(most -> most.ours()
                        ? Finding.unverified("that " + operation + " takes " + most.records()
                                + " records was added to contract.json by us")
                        : Finding.OK)
                .orElseGet(() -> Finding.unverified("contract.json does not say how many records " + operation
                        + " takes; a call has up to " + ownMost()));
    }

    /** Whether the simulator plays it; else there is nothing to call. */
    Optional<Finding> played() {
        Promise promise = trial.bench().promise(trial.connector(), trial.request());
        return promise.played()
                ? Optional.empty()
                : Optional.of(Finding.unverified("simulator.yaml does not play "
                        + (promise.covered() ? promise.operation() : "what the contract does not have")));
    }

    Finding call() {
        trial.fresh();
        var answered = trial.send();
        if (!answered.outcome().succeeded()) {
            return Finding.failed(answered.outcome().reason() + violation());
        }
        var jobs = trial.connector().jobs(trial.operation().name());
        if (jobs.isPresent() && !trial.isBatch()) {
            Outcome ended =
                    new JobCheck(trial, jobs.get()).ended(answered.answer().orElseThrow());
            return ended.succeeded() ? Finding.OK : Finding.failed(ended.reason());
        }
        return answered.answer().map(this::useful).orElse(Finding.OK);
    }

    /** What the simulator says of the call in its own name: an expression of its file that went wrong, say. */
    private String violation() {
        var calls = trial.bench().simulator().ledger().calls(trial.vendor());
        String violation = calls.isEmpty() ? "" : calls.get(calls.size() - 1).violation();
        return violation.isEmpty() ? "" : " (" + violation + ")";
    }

    private Finding useful(Answer answer) {
        if (trial.isStream() || trial.isBatch()) {
            return Finding.OK;
        }
        Operation.Result result = trial.operation() instanceof Operation.Read read
                ? read.result()
                : ((Operation.Write) trial.operation()).result();
        boolean promised = !result.path().isEmpty() || !result.header().isEmpty();
        JsonNode useful = trial.connector().useful(trial.operation().name(), answer);
        return promised && useful.isMissingNode()
                ? Finding.failed("the answer has no \"" + result.path() + result.header()
                        + "\"; correct \"returns\" or \"returns_header\"")
                : Finding.OK;
    }

    /** What was right before is not any more: a key that was changed or has expired looks just so. */
    Finding auth() {
        if (trial.account().tokens().isEmpty()
                && trial.connector().secretSettings().isEmpty()) {
            return Finding.none("it needs no credential");
        }
        trial.fresh();
        trial.bench().simulator().rotate(trial.vendor(), "another-secret");
        if (trial.account().tokens().isPresent()) {
            trial.bench().simulator().revoke(trial.vendor(), false);
        }
        var answered = trial.send();
        if (answered.outcome().verdict() != Verdict.UNAUTHORIZED) {
            return Finding.failed("a refused credential was judged "
                    + word(answered.outcome().verdict()) + ", not unauthorized: "
                    + answered.outcome().reason() + "; add a rule to \"errors\"");
        }
        return Finding.OK;
    }

    static String word(Verdict verdict) {
        return verdict.name().toLowerCase(java.util.Locale.ROOT);
    }
}
