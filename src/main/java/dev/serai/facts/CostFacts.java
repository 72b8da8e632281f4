package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Window;
import dev.serai.store.Buckets.Limited;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is told of the cost of many records, before anything is begun. */
public final class CostFacts {
    private CostFacts() {}

    /** Of connections, and of operations and groups of them that have limits of their own: each with its limits. */
    public static ArrayNode of(List<Calling.Row> rows) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        Map<Limited, ObjectNode> lines = new LinkedHashMap<>();
        for (Calling.Row row : rows) {
            ObjectNode line = lines.computeIfAbsent(row.limited(), limited -> line(list.addObject(), row));
            if (row.window() != null) {
                limit(line.withArray("limits").addObject(), row.window(), row);
            }
        }
        return list;
    }

    private static ObjectNode line(ObjectNode json, Calling.Row row) {
        String operation = row.limited().operation();
        json.put("connection", row.limited().connection())
                .put("operation", operation.isEmpty() ? null : operation)
                .put("calls", row.calls())
                .putArray("limits");
        return json;
    }

    private static void limit(ObjectNode json, Window window, Calling.Row row) {
        json.put("limit_name", window.name())
                .put("limit", window.limit())
                .put("unit", window.points() ? "points" : "calls")
                .put("per", QuotaFacts.per(window))
                .put("percent", window.budget() ? (Double) row.cost().percentOf(window) : null)
                .put("at_least_seconds", row.atLeast().toSeconds());
    }
}
