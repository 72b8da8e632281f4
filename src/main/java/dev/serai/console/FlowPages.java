package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Flows: how they go, what they do, drawn, and their switches. */
final class FlowPages {
    private static final String FLOW = "/flows/([^/]+)";
    static final List<String> GOOD = List.of("done", "skipped");
    static final List<String> BAD = List.of("dead", "in_doubt");

    private final InstantSource clock;

    private FlowPages(InstantSource clock) {
        this.clock = clock;
    }

    static List<Place> places(InstantSource clock) {
        var pages = new FlowPages(clock);
        return List.of(
                Place.get(
                        "/flows",
                        (view, visit, names) -> view.page(
                                "flows",
                                Map.of(
                                        "items",
                                        Facts.plain(view.facts().get("/flows").path("items"))))),
                Place.get(FLOW, (view, visit, names) -> pages.flow(view, 200, names.get(0), visit, "")),
                Place.post(FLOW + "/switch", pages::turn),
                Place.post(FLOW + "/canary", pages::share));
    }

    private Reply flow(View view, int status, String name, Visit visit, String problem) throws SQLException {
        JsonNode flow = view.facts().get("/flows/" + name);
        var values = new HashMap<String, Object>();
        var bars = Chart.bars(flow.path("minutes"), GOOD, BAD, clock.instant());
        values.put("flow", Facts.plain(flow));
        values.put("drawing", FlowDrawing.svg(flow));
        values.put("chart", Chart.svg(bars, "chart low", "Runs done"));
        values.put("done", Chart.good(bars));
        values.put("failed", Chart.bad(bars));
        values.put("lines", lines(flow.path("steps"), 0, new ArrayList<>()));
        values.put("why", visit.form("why"));
        values.put("problem", problem);
        return view.page(status, "flow", values);
    }

    /** The steps in their order, each with how deep it lies. */
    private static List<Map<String, Object>> lines(JsonNode steps, int depth, List<Map<String, Object>> lines) {
        for (JsonNode step : steps) {
            lines.add(Map.of("depth", depth, "when", "", "step", Facts.plain(step)));
            for (JsonNode branch : step.path("branches")) {
                lines.add(Map.of("depth", depth + 1, "when", branch.path("when").asText(), "step", Map.of()));
                lines(branch.path("steps"), depth + 1, lines);
            }
        }
        return lines;
    }

    private Reply turn(View view, Visit visit, List<String> names) throws SQLException {
        return ordered(view, visit, names, "switch", order(visit).put("state", visit.form("state")));
    }

    private Reply share(View view, Visit visit, List<String> names) throws SQLException {
        ObjectNode order = order(visit);
        String share = visit.form("share");
        return ordered(
                view,
                visit,
                names,
                "canary",
                order.put("share", share.matches("\\d{1,3}") ? Integer.parseInt(share) : -1));
    }

    private static ObjectNode order(Visit visit) {
        return JsonNodeFactory.instance.objectNode().put("why", visit.form("why"));
    }

    private Reply ordered(View view, Visit visit, List<String> names, String what, ObjectNode order)
            throws SQLException {
        String flow = names.get(0);
        try {
            view.facts().post("/flows/" + flow + "/" + what, order);
            return Reply.to("/flows/" + HubPages.word(flow));
        } catch (Declined e) {
            if (e.status() != 400) {
                throw e;
            }
            return flow(view, e.status(), flow, visit, e.getMessage());
        }
    }
}
