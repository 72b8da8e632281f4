package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.connector.Connector;
import dev.serai.facts.Calling;
import dev.serai.facts.CostFacts;
import dev.serai.facts.Flow;
import java.util.List;

/** What is asked of connections again and again, and what many records would cost, before anything is begun. */
final class CostsApi {
    private static final List<Parameter> BACKFILL = List.of(
            Parameter.of("records", "how many there are"),
            Parameter.of("write", "what each of them is sent to: hubspot/upsert_contacts; or flow"),
            Parameter.of("flow", "the flow each of them goes through"));

    private static final String FROM_THE_BEGINNING = "";
    private static final int AS_MANY_AS_IT_TAKES = Integer.MAX_VALUE;

    private final Running running;

    CostsApi(Running running) {
        this.running = running;
    }

    List<Operation> operations() {
        return List.of(
                get("/polls", "list_polls", "What flows ask for again and again, and what that takes of limits")
                        .answers("PollList", ask -> {
                            ObjectNode json = Json.object();
                            json.set("items", running.polls());
                            return Answer.of(json);
                        }),
                get("/forecast", "forecast", "What so many records would cost of the limits of each connection")
                        .takes(BACKFILL)
                        .answers("Forecast", this::forecast));
    }

    private Answer forecast(Ask ask) {
        if (ask.query("write").isPresent() == ask.query("flow").isPresent()) {
            throw Declined.badRequest("write \"write\", such as hubspot/upsert_contacts, or \"flow\"");
        }
        String records = ask.query("records").orElse("");
        if (!records.matches("[1-9]\\d{0,11}")) {
            throw Declined.badRequest("records: " + records + ": a number above 0 is needed");
        }
        Calling calling = ask.query("write")
                .map(write -> written(write, Long.parseLong(records)))
                .orElseGet(() -> new Calling()
                        .add(
                                flow(ask.query("flow").orElseThrow()),
                                running.library(),
                                Long.parseLong(records),
                                FROM_THE_BEGINNING));
        ObjectNode json = Json.object();
        json.set("items", CostFacts.of(calling.rows()));
        return Answer.of(json);
    }

    private Calling written(String operation, long records) {
        String[] parts = operation.split("/", 2);
        Connector connector = running.library()
                .connector(parts[0])
                .orElseThrow(() -> Declined.badRequest("write: " + operation + ": there is no connector " + parts[0]));
        if (parts.length < 2 || !connector.operations().containsKey(parts[1])) {
            throw Declined.badRequest("write: " + operation + ": " + parts[0] + " has "
                    + String.join(", ", connector.operations().keySet()));
        }
        return new Calling().add(connector, parts[1], records, AS_MANY_AS_IT_TAKES);
    }

    private Flow flow(String id) {
        return running.flow(id).orElseThrow(() -> Declined.badRequest("flow: " + id + ": there is no such flow"));
    }
}
