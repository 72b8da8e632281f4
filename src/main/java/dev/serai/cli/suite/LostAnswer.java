package dev.serai.cli.suite;

import dev.serai.connector.Operation.Repeat;
import dev.serai.file.Durations;
import java.time.Duration;
import java.util.Map;

/**
 * A write whose answer was lost, gone on with as a hub does: sent again while its key is known, looked up after that, and not sent
 * again while the look-up need not show it yet. The simulated vendor forgets keys, and its search lags, as the connector file says.
 */
final class LostAnswer {
    /** A key of which the file does not say that it is ever forgotten. */
    private static final Duration FOR_EVER = Duration.ofDays(366);

    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Trial trial;
    private final Repeat repeat;

    LostAnswer(Trial trial, Repeat repeat) {
        this.trial = trial;
        this.repeat = repeat;
    }

    /** Sent again as late as a hub may, it is done once; and what is looked up after that is found. */
    Finding keyed() {
        trial.fresh();
        if (!repeat.keyKept().isZero()) {
            trial.bench().simulator().keepKeys(trial.vendor(), repeat.keyKept());
        }
        trial.send();
        Map<String, Integer> once = trial.sizes();
        trial.pass(repeat.keyKept().isZero() ? FOR_EVER : repeat.keyKept().minus(MOMENT));
        var again = trial.send();
        if (!again.outcome().succeeded()) {
            return Finding.failed("sent again " + late() + " it was refused: "
                    + again.outcome().reason());
        }
        if (!trial.sizes().equals(once)) {
            return Finding.failed("sent again " + late() + " it made records twice (" + once + ", then " + trial.sizes()
                    + "), as its key was forgotten; correct \"key_kept\"");
        }
        return repeat.lookup().isEmpty() ? Finding.OK : lookedUp(repeat.keyKept());
    }

    private String late() {
        return repeat.keyKept().isZero()
                ? "after a year, as a hub may without \"key_kept\","
                : "just before its \"key_kept\" of " + Durations.text(repeat.keyKept());
    }

    /** @param since how long ago it was sent when it is looked up first */
    Finding lookedUp(Duration since) {
        String lookUp = repeat.lookup();
        trial.fresh();
        if (found(lookUp) > 0) {
            return Finding.failed("\"" + lookUp + "\" finds something before it was written; in doubt, the write would"
                    + " be left out");
        }
        trial.lag(lookUp, repeat.lag());
        trial.send();
        trial.pass(since);
        int found = found(lookUp);
        Duration wait = repeat.unseen(since);
        if (found == 0 && !wait.isZero()) {
            trial.pass(wait);
            found = found(lookUp);
        }
        if (found > 1) {
            return Finding.failed("\"" + lookUp + "\" finds " + found
                    + " records once it was written; in doubt, a person would have to tell which");
        }
        return found == 1
                ? Finding.OK
                : Finding.failed("\"" + lookUp + "\" does not find what was written"
                        + (repeat.lag().isZero()
                                ? ""
                                : " when its \"lag\" of " + Durations.text(repeat.lag()) + " is over")
                        + "; in doubt, it would be written twice");
    }

    private int found(String lookUp) {
        var answered = trial.send(lookUp, trial.example().arguments());
        return answered.outcome().succeeded()
                ? trial.connector()
                        .found(lookUp, answered.answer().orElseThrow())
                        .size()
                : 0;
    }
}
