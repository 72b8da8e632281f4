package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which event of a record each system has. What mends one is shown before it is done. */
final class SystemPages {
    private SystemPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/systems", (view, visit, names) -> page(view, 200, visit.query("q"), Map.of())),
                Place.post("/systems", SystemPages::repair));
    }

    /** What the table of systems needs. */
    static Map<String, Object> values(View view, String asked) throws SQLException {
        JsonNode told = view.facts().get("/systems", Map.of("q", asked));
        return Map.of(
                "records", Facts.plain(told.path("records")),
                "all_records", told.path("all_records").asBoolean(),
                "asked", asked);
    }

    private static Reply page(View view, int status, String asked, Map<String, Object> more) throws SQLException {
        var values = new HashMap<>(values(view, asked));
        values.put("tried", Map.of());
        values.put("done", "");
        values.put("problem", "");
        values.put("why", "");
        values.putAll(more);
        return view.page(status, "systems", values);
    }

    /** First it is tried out; what is done then is what was shown, or nothing. */
    private static Reply repair(View view, Visit visit, List<String> names) throws SQLException {
        String asked = visit.form("q");
        boolean tries = !visit.form("deed").equals("repair");
        ObjectNode order = JsonNodeFactory.instance
                .objectNode()
                .put("q", asked)
                .put("repair", visit.form("repair"))
                .put("dry_run", tries);
        if (!tries) {
            order.put("why", visit.form("why"));
        }
        try {
            JsonNode result = view.facts().post("/systems/repair", order);
            return tries
                    ? page(view, 200, asked, Map.of("tried", Facts.plain(result)))
                    : page(view, 200, asked, Map.of("done", result.path("words").asText()));
        } catch (Declined e) {
            return page(view, e.status(), asked, Map.of("problem", e.getMessage(), "why", visit.form("why")));
        }
    }
}
