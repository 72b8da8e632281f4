package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The mapping files that are live, and a place to try them. */
final class MappingPages {
    private static final String MAPPING = "/mappings/([^/]+/[^/]+)";

    private MappingPages() {}

    static List<Place> places() {
        return List.of(
                Place.get(
                        "/mappings",
                        (view, visit, names) -> view.page(
                                "mappings",
                                Map.of(
                                        "items",
                                        Facts.plain(
                                                view.facts().get("/mappings").path("items"))))),
                Place.get(MAPPING, (view, visit, names) -> view.page("mapping", values(view, names.get(0), visit))),
                Place.post(MAPPING, MappingPages::tryOut));
    }

    private static Map<String, Object> values(View view, String name, Visit visit) throws SQLException {
        var values = new HashMap<String, Object>();
        for (JsonNode mapping : view.facts().get("/mappings").path("items")) {
            if (mapping.path("mapping").asText().equals(name)) {
                values.put("mapping", Facts.plain(mapping));
            }
        }
        if (values.isEmpty()) {
            throw Declined.badRequest(
                    "there is no mapping " + name + "; the list of mappings shows those that are live");
        }
        values.put("record", visit.form("record"));
        values.put("parameters", visit.form("parameters"));
        values.put("problem", "");
        values.put("tried", Map.of());
        return values;
    }

    private static Reply tryOut(View view, Visit visit, List<String> names) throws SQLException {
        Map<String, Object> values = values(view, names.get(0), visit);
        try {
            ObjectNode trial = JsonNodeFactory.instance.objectNode();
            trial.set("record", Typed.json("the record", visit.form("record")));
            if (!visit.form("parameters").isEmpty()) {
                trial.set("parameters", Typed.json("the parameters", visit.form("parameters")));
            }
            values.put("tried", Facts.plain(view.facts().post("/mappings/" + names.get(0) + "/try", trial)));
        } catch (Declined e) {
            values.put("problem", e.getMessage());
            return view.page(e.status(), "mapping", values);
        }
        return view.page("mapping", values);
    }
}
