package dev.serai.cli.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.connector.Answer;
import dev.serai.connector.ConnectorRefused;
import dev.serai.connector.Upserts;
import dev.serai.file.Durations;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A write that is made of a search, a create and an update: done twice, there is one record. */
final class UpsertCheck {
    private final Trial trial;
    private final Upserts upsert;
    private final JsonNode record;
    private final Map<String, String> args;

    UpsertCheck(Trial trial) {
        this.trial = trial;
        this.upsert = trial.connector().upsert(trial.operation().name()).orElseThrow();
        this.record = trial.bodies().get(0);
        this.args = trial.example().arguments();
    }

    Finding repeat() {
        trial.fresh();
        String key = upsert.key(record, args);
        List<String> before = upsert.hits(useful(upsert.calls().search(), args), key);
        if (!before.isEmpty()) {
            return Finding.failed(
                    "\"" + upsert.calls().search() + "\" finds the record of the example before it was made");
        }
        trial.lag(upsert.calls().search(), upsert.lag());
        Answer created = answer(upsert.calls().create(), record, args);
        Optional<String> made =
                upsert.created(created, trial.connector().useful(upsert.calls().create(), created));
        if (made.isEmpty()) {
            return Finding.failed("\"" + upsert.calls().create()
                    + "\" answers no id at \"found\"; where it is elsewhere, write \"created_id\"");
        }
        List<String> found = upsert.hits(useful(upsert.calls().search(), args), key);
        Duration wait = upsert.unseen(Duration.ZERO);
        if (found.isEmpty() && !wait.isZero()) {
            trial.pass(wait);
            found = upsert.hits(useful(upsert.calls().search(), args), key);
        }
        if (!found.equals(List.of(made.get()))) {
            return Finding.failed("\"" + upsert.calls().search() + "\" finds " + found + " once " + made.get()
                    + " was made" + (wait.isZero() ? "" : " and its \"lag\" of " + Durations.text(wait) + " is over")
                    + "; correct \"found\", \"same\" or \"lag\"");
        }
        var sizes = trial.bench().simulator().sizes(trial.vendor());
        var withId = new HashMap<>(args);
        withId.put("id", made.get());
        String over = upsert.calls().over();
        JsonNode changed = over.isEmpty() ? record : upsert.merged(useful(over, withId), record);
        useful(upsert.calls().update(), changed, withId);
        return sizes.equals(trial.bench().simulator().sizes(trial.vendor()))
                ? Finding.OK
                : Finding.failed("\"" + upsert.calls().update() + "\" made another record");
    }

    private JsonNode useful(String operation, Map<String, String> given) {
        return useful(operation, record, given);
    }

    private JsonNode useful(String operation, JsonNode body, Map<String, String> given) {
        return trial.connector().useful(operation, answer(operation, body, given));
    }

    /** @throws ConnectorRefused when the vendor says no */
    private Answer answer(String operation, JsonNode body, Map<String, String> given) {
        var answered = trial.send(operation, body, given);
        if (!answered.outcome().succeeded()) {
            throw new ConnectorRefused(
                    "\"" + operation + "\": " + answered.outcome().reason());
        }
        return answered.answer().orElseThrow();
    }
}
