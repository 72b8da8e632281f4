package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** Runs, and what failed alike, as tables. */
final class RunTable {
    private RunTable() {}

    /** @param noted whether the reason stands below each run, and not only where somebody has to act */
    static Table of(List<JsonNode> runs, boolean noted) {
        Instant now = Instant.now();
        var table = new Table("run", "state", "flow", "type", "record", "step", "age");
        for (JsonNode run : runs) {
            String state = Facts.text(run, "state");
            table.noted(
                    noted || state.equals("in_doubt") || state.equals("dead") ? Facts.orDash(run, "reason") : "",
                    Facts.text(run, "run"),
                    state,
                    Facts.text(run, "flow"),
                    Facts.text(run.path("event"), "type"),
                    Words.shortened(Facts.text(run.path("event"), "record"), 28),
                    Facts.orDash(run, "step"),
                    Facts.age(run, "created_at", now, "-"));
        }
        return table;
    }

    static Table ofPatterns(Iterable<JsonNode> patterns) {
        var table = new Table("runs", "flow", "step", "oldest", "newest", "resting");
        patterns.forEach(each -> table.noted(
                Facts.orDash(each, "reason"),
                Facts.text(each, "runs"),
                Facts.text(each, "flow"),
                Facts.orDash(each, "step"),
                Facts.text(each, "oldest"),
                Facts.text(each, "newest"),
                each.path("resting").asLong() == 0 ? "-" : Facts.text(each, "resting")));
        return table;
    }
}
