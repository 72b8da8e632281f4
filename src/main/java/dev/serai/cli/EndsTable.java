package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** When credentials end. */
final class EndsTable {
    private EndsTable() {}

    /** The ends of all connections, the soonest first, each with the connection it is of. @param connections as the API tells them */
    static List<JsonNode> ends(List<JsonNode> connections) {
        var ends = new ArrayList<JsonNode>();
        for (JsonNode connection : connections) {
            connection
                    .path("ends")
                    .forEach(end -> ends.add(HubClient.body()
                            .put("connection", Facts.text(connection, "connection"))
                            .put("what", Facts.text(end, "what"))
                            .put("ends", Facts.text(end, "at"))
                            .put("renewed", end.path("renewed").asBoolean())
                            .set("proved_at", connection.path("proved_at"))));
        }
        ends.sort(Comparator.comparing(end -> Facts.time(end, "ends")));
        return ends;
    }

    static Table of(List<JsonNode> ends) {
        Instant now = Instant.now();
        var table = new Table("connection", "what", "ends", "then", "proved");
        ends.forEach(end -> table.row(
                Facts.text(end, "connection"),
                Facts.text(end, "what"),
                Facts.age(end, "ends", now, "-"),
                end.path("renewed").asBoolean() ? "renewed by the hub" : "you renew it",
                Facts.age(end, "proved_at", now, "-")));
        return table;
    }
}
