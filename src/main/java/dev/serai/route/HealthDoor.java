package dev.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.TroubleFacts;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedConnections.Trouble;
import dev.serai.store.Proofs.Failing;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * {@code /health}: for supervisors whether the process lives and lets anybody in; for who has the API key or a token also
 * whether the database answers, which connections let nothing through, and how many are parked or fail their proofs.
 */
final class HealthDoor {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ParkedConnections troubles;
    private final Hub hub;
    private final Readers readers;
    private final Desk desk;

    HealthDoor(ParkedConnections troubles, Hub hub, Readers readers, Desk desk) {
        this.troubles = troubles;
        this.hub = hub;
        this.readers = readers;
        this.desk = desk;
    }

    /** @param ready whether senders may come: while the database is away they may, and are told when to come again */
    void hang(Router router, BooleanSupplier ready) {
        router.get("/health/live").handler(context -> status(context.response(), 200));
        router.get("/health/ready").handler(context -> status(context.response(), ready.getAsBoolean() ? 200 : 503));
        router.get("/health")
                .handler(context -> forReaders(context, () -> {
                    List<Trouble> found = troubles.troubles();
                    int failing = DailyProof.failing(hub).size();
                    ObjectNode told = told(found.isEmpty() && failing == 0 ? "up" : "degraded")
                            .put("store", "up")
                            .put("parked", parked(found))
                            .put("failing", failing);
                    told.set("connections", TroubleFacts.json(found));
                    return () -> send(context.response(), 200, told);
                }));
        router.get("/health/connections/:connection")
                .handler(context -> forReaders(context, () -> {
                    String name = context.pathParam("connection");
                    if (!hub.library().get().connectors().containsKey(name)) {
                        return () -> new HttpProblem(404, "no_such_connection", "there is no connection of this name")
                                .send(context.response());
                    }
                    List<Trouble> its = of(name);
                    Optional<Failing> failing = DailyProof.failing(hub).stream()
                            .filter(one -> one.connection().equals(name))
                            .findFirst();
                    // what fails its proofs is called all the same
                    ObjectNode told = told(!its.isEmpty() ? "down" : failing.isPresent() ? "degraded" : "up");
                    failing.ifPresent(one -> told.put("failing", one.reason()));
                    told.set("troubles", TroubleFacts.json(its));
                    return () -> send(context.response(), its.isEmpty() ? 200 : 503, told);
                }));
    }

    private static long parked(List<Trouble> troubles) {
        return troubles.stream()
                .filter(trouble ->
                        trouble.operation() == null && trouble.state().equals("parked"))
                .count();
    }

    private void forReaders(RoutingContext context, Desk.Errand errand) {
        readers.admit(context, () -> desk.ask(context, errand));
    }

    /** What keeps its calls back now; what was resumed or renewed does not. */
    private List<Trouble> of(String connection) throws SQLException {
        return troubles.troubles().stream()
                .filter(trouble -> trouble.connection().equals(connection))
                .filter(trouble -> List.of("parked", "open").contains(trouble.state()))
                .toList();
    }

    private static void status(HttpServerResponse response, int status) {
        send(response, status, told(status == 200 ? "up" : "down"));
    }

    private static ObjectNode told(String status) {
        return JSON.createObjectNode().put("status", status);
    }

    private static void send(HttpServerResponse response, int status, ObjectNode told) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(told.toString());
    }
}
