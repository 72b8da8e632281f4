package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Connections, their breakers and limits. */
final class ConnectionPages {
    private static final Set<String> QUIET = Set.of("fine", "untried", "not_set", "in_only");

    private ConnectionPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/connections", ConnectionPages::list),
                Place.post("/connections/([^/]+)/reconnect", ConnectionPages::reconnect),
                Place.post("/connections/([^/]+)/resume", ConnectionPages::resume),
                Place.post("/connections/([^/]+)/check", ConnectionPages::check),
                Place.post("/connections/([^/]+)/([^/]+)/(try|close)", ConnectionPages::breaker),
                Place.get("/quotas", ConnectionPages::quotas));
    }

    private static Reply list(View view, Visit visit, List<String> names) throws SQLException {
        var used = new ArrayList<Object>();
        var unused = new ArrayList<Object>();
        var inOnly = new ArrayList<Object>();
        var consents = new ArrayList<String>();
        int wrong = 0;
        int untried = 0;
        String told = "";
        for (JsonNode each : view.facts().get("/connections").path("items")) {
            String name = each.path("connection").asText();
            if (each.path("consent").asBoolean()) {
                consents.add(name);
            }
            if (name.equals(visit.query("checked"))) {
                told = checked(each);
            }
            ObjectNode line = each.deepCopy();
            line.put("quota_percent", most(each.path("quotas")));
            String state = each.path("state").asText();
            (state.equals("not_set") ? unused : state.equals("in_only") ? inOnly : used).add(Facts.plain(line));
            wrong += troubled(each) ? 1 : 0;
            untried += isUntried(each) ? 1 : 0;
        }
        var values = new HashMap<String, Object>();
        values.put("items", used);
        values.put("unused", unused);
        values.put("in_only", inOnly);
        values.put("wrong", wrong);
        values.put("untried", untried);
        values.put(
                "troubles",
                Facts.plain(view.facts().get("/connections/troubled").path("items")));
        values.put("consents", consents);
        values.put("told", told);
        return view.page("connections", values);
    }

    /** What the last proof found. */
    private static String checked(JsonNode connection) {
        String proof = connection.path("proof").asText("");
        String how = !connection.path("proof_tried").asBoolean()
                ? " was not tried: "
                : proof.isEmpty() ? " works." : " does not work: ";
        return connection.path("connection").asText() + how + proof;
    }

    /** Of the limits the one that is used most; -1 without any. */
    static long most(JsonNode quotas) {
        long most = -1;
        for (JsonNode quota : quotas) {
            most = Math.max(most, quota.path("percent").asLong());
        }
        return most;
    }

    /** Whether somebody should look at it. */
    static boolean troubled(JsonNode connection) {
        return !QUIET.contains(connection.path("state").asText());
    }

    /** Whether nobody knows yet. */
    static boolean isUntried(JsonNode connection) {
        return connection.path("state").asText().equals("untried");
    }

    private static ObjectNode why(Visit visit) {
        return JsonNodeFactory.instance.objectNode().put("why", visit.form("why"));
    }

    private static Reply resume(View view, Visit visit, List<String> names) throws SQLException {
        view.facts().post("/connections/" + names.get(0) + "/resume", why(visit));
        return Reply.to("/connections");
    }

    private static Reply check(View view, Visit visit, List<String> names) throws SQLException {
        view.facts().post("/connections/" + names.get(0) + "/check");
        return Reply.to("/connections?checked=" + HubPages.word(names.get(0)));
    }

    /** A page leads on to the link and no redirection: it may be at another name of this hub, where no form of ours may lead. */
    private static Reply reconnect(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode link = view.facts().post("/connections/" + names.get(0) + "/reconnect");
        String html = view.templates()
                .render(
                        "onward",
                        Map.of(
                                "title",
                                "Connect " + names.get(0),
                                "words",
                                "On to a link that works once, in your name.",
                                "address",
                                link.path("open").asText()));
        return Reply.page(200, html);
    }

    private static Reply breaker(View view, Visit visit, List<String> names) throws SQLException {
        view.facts().post("/breakers/" + names.get(0) + "/" + names.get(1) + "/" + names.get(2), why(visit));
        return Reply.to("/connections");
    }

    private static Reply quotas(View view, Visit visit, List<String> names) throws SQLException {
        return view.page(
                "quotas",
                Map.of("items", Facts.plain(view.facts().get("/quotas").path("items"))));
    }
}
