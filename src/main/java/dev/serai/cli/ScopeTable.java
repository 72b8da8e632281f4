package dev.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Scopes that were not granted and are needed, and those that were and are not. */
final class ScopeTable {
    private ScopeTable() {}

    /** Those of whose scopes there is something to say. @param connections as the API tells them */
    static List<JsonNode> told(List<JsonNode> connections) {
        return connections.stream()
                .filter(each -> !each.path("scopes").path("missing").isEmpty()
                        || !each.path("scopes").path("unneeded").isEmpty())
                .toList();
    }

    static Table of(List<JsonNode> connections) {
        var table = new Table("connection", "scope", "is", "for");
        for (JsonNode each : connections) {
            String name = Facts.text(each, "connection");
            for (JsonNode one : each.path("scopes").path("missing")) {
                var flows = new ArrayList<String>();
                one.path("flows").forEach(flow -> flows.add(flow.asText()));
                String use =
                        Facts.text(one, "operation") + " of " + String.join(", ", flows) + ", which will be refused";
                table.row(name, Facts.text(one, "scope"), "missing", use);
            }
            each.path("scopes")
                    .path("unneeded")
                    .forEach(scope -> table.row(name, scope.asText(), "granted", "nothing that a flow calls"));
        }
        return table;
    }
}
