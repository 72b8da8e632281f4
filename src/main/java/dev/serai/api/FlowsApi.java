package dev.serai.api;

import static dev.serai.api.Operation.get;
import static dev.serai.api.Operation.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Flow;
import dev.serai.facts.FlowFacts;
import dev.serai.file.Suggest;
import dev.serai.store.ByHand;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Flows: as they are drawn, how their runs go, and their switches. */
final class FlowsApi {
    private final Supplier<List<Flow>> flows;
    private final FlowFacts facts;
    private final FlowSwitches switches;

    FlowsApi(Supplier<List<Flow>> flows, FlowFacts facts, FlowSwitches switches) {
        this.flows = flows;
        this.facts = facts;
        this.switches = switches;
    }

    List<Operation> operations() {
        return List.of(
                get("/flows", "list_flows", "The flows: how they are switched, their open runs, and their last hour")
                        .answers("FlowList", this::list),
                get(
                                "/flows/{flow}",
                                "show_flow",
                                "One flow: its steps, what became of each, its last hour by the minute")
                        .answers("FlowShown", this::show),
                post(
                                "/flows/{flow}/switch",
                                "switch_flow",
                                "Pauses a flow (its runs wait), switches it off (its events make no runs) or on")
                        .body("SwitchOrder")
                        .answers("FlowSwitched", this::turn),
                post(
                                "/flows/{flow}/canary",
                                "share_flow",
                                "Gives a new version of a flow a share of the records of the flow it replaces")
                        .body("ShareOrder")
                        .answers("FlowSwitched", this::share));
    }

    private Answer list(Ask ask) throws SQLException {
        ObjectNode json = Json.object();
        json.set("items", facts.list(flows.get(), ask.now()));
        return Answer.of(json);
    }

    private ObjectNode found(Ask ask) throws SQLException {
        String name = ask.path().get("flow");
        List<Flow> known = flows.get();
        return facts.show(known, name, ask.now())
                .orElseThrow(() -> Declined.notFound("there is no flow " + name + "; "
                        + Suggest.hint(name, known.stream().map(Flow::id).toList())));
    }

    private Answer show(Ask ask) throws SQLException {
        return Answer.of(found(ask));
    }

    private Answer turn(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        String flow = found(ask).path("flow").asText();
        State to = State.valueOf(ask.body().path("state").asText().toUpperCase(Locale.ROOT));
        return switched(ask, switches.set(flow, to, ask.now(), by));
    }

    private Answer share(Ask ask) throws SQLException {
        ByHand by = ask.byHand();
        JsonNode flow = found(ask);
        String name = flow.path("flow").asText();
        if (flow.path("replaces").isNull()) {
            throw Declined.conflict(name + " replaces no flow, so it has all its records already; a new version says"
                    + " in its file: event:…?replaces=" + name);
        }
        return switched(ask, switches.share(name, ask.body().path("share").asInt(), ask.now(), by));
    }

    private Answer switched(Ask ask, boolean changed) throws SQLException {
        ObjectNode now = found(ask);
        return Answer.of(Json.object()
                .put("flow", now.path("flow").asText())
                .put("state", now.path("state").asText())
                .put("share", now.path("share").asInt())
                .put("changed", changed));
    }
}
