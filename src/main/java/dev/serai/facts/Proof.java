package dev.serai.facts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.History;
import dev.serai.store.History.StoredEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became of a receipt: when its event was committed, under which key, and what each flow did with it. */
public record Proof(StoredEvent event, List<RunFacts> runs) {

    /** Empty when no event has that number, or its history is gone. */
    public static Optional<Proof> read(History history, long eventId) throws SQLException {
        Optional<StoredEvent> event = history.event(eventId);
        if (event.isEmpty()) {
            return Optional.empty();
        }
        var runs = new ArrayList<RunFacts>();
        for (History.Run run : history.runsOf(eventId)) {
            runs.add(RunFacts.read(history, run));
        }
        return Optional.of(new Proof(event.get(), runs));
    }

    /** The document of {@code serai prove --json} and of {@code GET /api/v1/receipts/{receipt}}. No payload, no answer. */
    public ObjectNode json() {
        ObjectNode proof = JsonNodeFactory.instance.objectNode();
        proof.put("receipt", event.line().receipt())
                .put("committed_at", RunFacts.text(event.line().receivedAt()))
                .put("occurred_at", RunFacts.text(event.occurredAt()))
                .put("source", event.line().source())
                .put("type", event.line().type())
                .put("key", event.key())
                .put("record", event.line().record())
                .put("size", event.size())
                .put("sha256", event.sha256());
        var list = proof.putArray("runs");
        runs.forEach(run -> list.add(run.proof()));
        return proof;
    }
}
