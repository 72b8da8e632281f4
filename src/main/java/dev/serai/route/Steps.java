package dev.serai.route;

import dev.serai.run.Outcome;
import dev.serai.store.Journal;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.camel.Exchange;

/** Finds out which step of its flow an exchange is at. */
final class Steps {
    private Steps() {}

    /** The id of the node that is being worked on, as the file gives it. */
    static String id(Exchange exchange) {
        String id = exchange.getExchangeExtension().getHistoryNodeId();
        return id == null ? "step" : id;
    }

    /** Begins the turn of a step that sends something. In a split it is known by the item it is about. */
    static String begin(Exchange exchange, RunScope scope, Journal journal) {
        String id = id(exchange);
        Optional<String> item = SplitItems.of(exchange);
        if (item.isEmpty()) {
            return scope.begin(id);
        }
        try {
            return scope.begin(id, journal.fingerprint(item.get()));
        } catch (SQLException e) {
            throw new StepFailed(
                    Outcome.retry("not sent: the database did not say whether it was done: " + e.getMessage()), e);
        }
    }

    /** The id in the file, of a step as the journal names it: {@code tell} of {@code tell#2}. */
    static String declared(String step) {
        int turn = step.lastIndexOf('#');
        return turn < 0 ? step : step.substring(0, turn);
    }
}
