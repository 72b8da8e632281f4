package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.record.Identified;
import dev.serai.store.Journal;
import java.sql.SQLException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A webhook may hold no more than an id; whom it is about comes to light when its run fetches and maps the record. It is noted,
 * so that the run is found by it. What could not be noted is noted with the run's outcome: {@link Keeping}.
 */
final class Carrying {
    private static final Logger LOG = LoggerFactory.getLogger(Carrying.class);

    private Carrying() {}

    /** @param json what a mapping made, or a call answered */
    static void note(Journal journal, RunScope scope, JsonNode json) {
        if (!json.isContainerNode()) {
            return;
        }
        note(journal, scope, Identified.in(json));
    }

    /** What an earlier claim was answered: nobody knows whether that one came to note whom it tells of. @param answer may be null */
    static void noteAgain(Journal journal, RunScope scope, byte[] answer) {
        if (answer != null) {
            note(journal, scope, Identified.in(answer));
        }
    }

    private static void note(Journal journal, RunScope scope, Set<String> found) {
        Set<String> fresh = scope.fresh(found);
        if (fresh.isEmpty()) {
            return;
        }
        try {
            var noted = journal.carries(scope.run(), fresh, scope.hasCalled());
            noted.whenComplete((done, failure) -> {
                if (failure == null) {
                    scope.told(fresh);
                }
            });
            scope.writing(noted, false);
        } catch (SQLException e) {
            LOG.warn(
                    "identifiers.not_noted run={} sqlstate={}: they are with what the run comes to",
                    scope.run().name(),
                    e.getSQLState());
        }
    }
}
