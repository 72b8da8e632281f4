package dev.serai.api;

import static dev.serai.api.Operation.get;

import dev.serai.facts.SourceFacts;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where events come from: what came, what was refused and why. */
final class SourcesApi {
    private final SourceFacts facts;
    private final Running running;

    SourcesApi(SourceFacts facts, Running running) {
        this.facts = facts;
        this.running = running;
    }

    List<Operation> operations() {
        return List.of(get(
                        "/sources",
                        "list_sources",
                        "Where events come from: what came, what was refused and why, who is silent")
                .answers("SourceList", this::list));
    }

    private Answer list(Ask ask) throws SQLException {
        var doors = running.library().doors().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, door -> door.getValue().closedBecause()));
        var json = Json.object();
        json.set("items", facts.list(doors, ask.now()));
        return Answer.of(json);
    }
}
