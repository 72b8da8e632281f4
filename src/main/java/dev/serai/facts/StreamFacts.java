package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.Cursors.Position;
import java.util.List;

/** What is told of polled streams. */
public final class StreamFacts {
    private StreamFacts() {}

    public static ArrayNode list(List<Position> positions) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        positions.forEach(position -> list.add(json(position)));
        return list;
    }

    public static ObjectNode json(Position position) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("connection", position.connection())
                .put("stream", position.stream())
                .put("cursor", position.value())
                .put("polled_at", RunFacts.text(position.polledAt()));
    }
}
