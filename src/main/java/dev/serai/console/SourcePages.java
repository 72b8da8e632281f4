package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What comes in, by webhooks and by polls, and how it changes; and the settings of the hub. */
final class SourcePages {
    private static final String STREAM = "/streams/([^/]+)/([^/]+)";

    private SourcePages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/sources", (view, visit, names) -> view.page("sources", items(view, "/sources"))),
                Place.get("/streams", (view, visit, names) -> view.page("streams", items(view, "/streams"))),
                Place.get(STREAM, (view, visit, names) -> stream(view, 200, names, visit, Map.of())),
                Place.post(STREAM, SourcePages::set),
                Place.get("/drift", (view, visit, names) -> view.page("drift", items(view, "/drift"))),
                Place.post("/drift/accept", SourcePages::accept),
                Place.get("/settings", (view, visit, names) -> view.page("settings", items(view, "/settings"))));
    }

    private static Map<String, Object> items(View view, String path) throws SQLException {
        return Map.of("items", Facts.plain(view.facts().get(path).path("items")));
    }

    private static Reply stream(View view, int status, List<String> names, Visit visit, Map<String, Object> more)
            throws SQLException {
        JsonNode stream = view.facts().get("/streams/" + names.get(0) + "/" + names.get(1));
        var values = new HashMap<String, Object>();
        values.put("stream", Facts.plain(stream));
        values.put(
                "cursor",
                visit.form().containsKey("cursor")
                        ? visit.form("cursor")
                        : stream.path("cursor").asText());
        values.put("why", visit.form("why"));
        values.put("problem", "");
        values.put("tried", false);
        values.putAll(more);
        return view.page(status, "stream", values);
    }

    /** First it is shown, then it is done. */
    private static Reply set(View view, Visit visit, List<String> names) throws SQLException {
        boolean tries = !visit.form("deed").equals("set");
        ObjectNode order = JsonNodeFactory.instance
                .objectNode()
                .put("cursor", visit.form("cursor"))
                .put("why", visit.form("why"))
                .put("dry_run", tries);
        try {
            view.facts().post("/streams/" + names.get(0) + "/" + names.get(1) + "/cursor", order);
            return tries
                    ? stream(view, 200, names, visit, Map.of("tried", true))
                    : Reply.to("/streams/" + names.get(0) + "/" + names.get(1)); // as they stand in the address
        } catch (Declined e) {
            return stream(view, e.status(), names, visit, Map.of("problem", e.getMessage(), "tried", !tries));
        }
    }

    private static Reply accept(View view, Visit visit, List<String> names) throws SQLException {
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("why", visit.form("why"));
        order.putArray("drifts").add(visit.form("drift"));
        view.facts().post("/drift/accept", order);
        return Reply.to("/drift");
    }
}
