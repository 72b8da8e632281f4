package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.store.ParkedConnections.Trouble;
import java.util.List;

/** What is told of connections and operations through which nothing goes now. */
public final class TroubleFacts {
    private TroubleFacts() {}

    public static ArrayNode json(List<Trouble> troubles) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Trouble trouble : troubles) {
            list.addObject()
                    .put("connection", trouble.connection())
                    .put("operation", trouble.operation())
                    .put("state", trouble.state())
                    .put("since", RunFacts.text(trouble.since()))
                    .put("until", RunFacts.text(trouble.until()))
                    .put("reason", trouble.reason())
                    .put("waiting_runs", trouble.waiting());
        }
        return list;
    }
}
