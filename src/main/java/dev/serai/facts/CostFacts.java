package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Batches;
import dev.serai.connector.Connector;
import dev.serai.run.Allowance;
import dev.serai.run.Cost;
import dev.serai.run.Units;
import dev.serai.run.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is told of the cost of many records, before anything is begun. */
public final class CostFacts {
    private CostFacts() {}

    /** One operation that is called for each record, at most once. */
    public record Call(Connector connector, String operation) {}

    /** What so many records cost at each connection, if each makes each call. */
    public static ArrayNode of(List<Call> calls, long records) {
        Map<String, Connector> connectors = new LinkedHashMap<>();
        Map<String, Units> units = new LinkedHashMap<>();
        for (Call each : calls) {
            connectors.put(each.connector.name(), each.connector);
            units.merge(each.connector.name(), units(each, records), Units::plus);
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        units.forEach((name, all) -> list.add(line(connectors.get(name), new Cost(all))));
        return list;
    }

    private static Units units(Call call, long records) {
        int most = call.connector.batch(call.operation).map(Batches::most).orElse(1);
        Units full = call.connector.quotas().units(call.operation, most).times(records / most);
        int rest = (int) (records % most);
        return rest == 0 ? full : full.plus(call.connector.quotas().units(call.operation, rest));
    }

    private static ObjectNode line(Connector connector, Cost cost) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("connection", connector.name())
                .put("calls", cost.units().calls());
        ArrayNode limits = json.putArray("limits");
        for (Window window : connector.quotas().all().allowed().windows()) {
            ObjectNode limit = limits.addObject()
                    .put("limit_name", window.name())
                    .put("limit", window.limit())
                    .put("unit", window.points() ? "points" : "calls")
                    .put("per", QuotaFacts.per(window));
            limit.put("percent", window.budget() ? (Double) cost.percentOf(window) : null)
                    .put(
                            "at_least_seconds",
                            cost.atLeast(new Allowance(List.of(window), 0)).toSeconds());
        }
        return json;
    }
}
