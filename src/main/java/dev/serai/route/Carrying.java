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
 * so that the run is found by it.
 */
final class Carrying {
    private static final Logger LOG = LoggerFactory.getLogger(Carrying.class);

    private Carrying() {}

    /** @param json what a mapping made, or a call answered */
    static void note(Journal journal, RunScope scope, JsonNode json) {
        if (!json.isContainerNode()) {
            return;
        }
        Set<String> fresh = scope.fresh(Identified.in(json));
        if (fresh.isEmpty()) {
            return;
        }
        try {
            scope.writing(journal.carries(scope.run(), fresh, scope.hasCalled()), false);
        } catch (SQLException e) {
            LOG.warn("identifiers.not_noted run={} sqlstate={}", scope.run().name(), e.getSQLState());
        }
    }
}
