package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.Tallies.Count;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** What happened in each minute, for charts. */
public final class Minutes {
    private Minutes() {}

    /** Each minute in which something happened, the oldest first, with how often what did. */
    public static ArrayNode json(List<Count> counts) {
        var minutes = new TreeMap<Instant, ObjectNode>();
        for (Count count : counts) {
            ObjectNode outcomes =
                    minutes.computeIfAbsent(count.minute(), minute -> JsonNodeFactory.instance.objectNode());
            outcomes.put(count.outcome(), count.count());
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        minutes.forEach((minute, outcomes) ->
                list.addObject().put("minute", minute.toString()).set("counts", outcomes));
        return list;
    }
}
