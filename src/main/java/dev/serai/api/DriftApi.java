package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.store.Drifts;
import dev.serai.store.Drifts.Drift;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What has changed in what the sources send; and the settings of the hub, which say how closely it looks. */
final class DriftApi {
    private final Running running;
    private final Drifts drifts;

    DriftApi(Running running, Drifts drifts) {
        this.running = running;
        this.drifts = drifts;
    }

    List<Operation> operations() {
        return List.of(
                get("/drift", "list_drift", "What the sources send differently, what matters most first")
                        .takes(List.of(new Parameter(
                                "all", "true: also what was accepted or is over", List.of("true", "false"))))
                        .answers("DriftList", this::list),
                get("/drift/{drift}", "show_drift", "One finding").answers("Drift", this::show),
                post("/drift/accept", "accept_drift", "Says that this is normal now")
                        .body("AcceptOrder")
                        .answers("Accepted", this::accept));
    }

    private Answer list(Ask ask) throws SQLException {
        return Answer.of(running.drift(ask.asked("all")));
    }

    private Answer show(Ask ask) throws SQLException {
        String name = ask.path().get("drift");
        for (JsonNode each : running.drift(true).path("items")) {
            if (each.path("drift").asText().equals(name)) {
                return Answer.of(each);
            }
        }
        throw Declined.notFound("there is no drift " + name + "; GET /drift?all=true lists all");
    }

    private Answer accept(Ask ask) throws SQLException {
        var ids = new ArrayList<Long>();
        for (JsonNode name : ask.body().path("drifts")) {
            try {
                ids.add(Drift.parse(name.asText()));
            } catch (IllegalArgumentException e) {
                throw Declined.badRequest("drifts: " + e.getMessage());
            }
        }
        return Answer.of(Json.object().put("accepted", drifts.accept(ids, ask.byHand())));
    }
}
