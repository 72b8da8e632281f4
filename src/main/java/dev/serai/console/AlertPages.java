package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What is wrong, who sees to it, and the runbooks that help. */
final class AlertPages {
    private AlertPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/alerts", AlertPages::list),
                Place.get("/alerts/(a_[0-9a-f]+)", AlertPages::one),
                Place.post(
                        "/alerts/(a_[0-9a-f]+)/acknowledge",
                        (view, visit, names) -> post(view, visit, names, "acknowledge")),
                Place.post(
                        "/alerts/(a_[0-9a-f]+)/silence", (view, visit, names) -> post(view, visit, names, "silence")),
                Place.get("/runbooks/([a-z-]+)", AlertPages::runbook));
    }

    private static Reply list(View view, Visit visit, List<String> names) throws SQLException {
        String state = visit.query("state").equals("resolved") ? "resolved" : "open";
        JsonNode page = view.facts().get("/alerts", Map.of("state", state, "cursor", visit.query("cursor")));
        String next = page.path("next").asText("");
        return view.page(
                "alerts",
                Map.of(
                        "items",
                        Facts.plain(page.path("items")),
                        "state",
                        state,
                        "next",
                        next.isEmpty() || page.path("next").isNull()
                                ? ""
                                : "/alerts?state=" + state + "&cursor=" + HubPages.word(next)));
    }

    private static Reply one(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode alert = view.facts().get("/alerts/" + names.get(0));
        return view.page("alert", Map.of("alert", Facts.plain(alert), "facts", Facts.plain(alert.path("facts"))));
    }

    private static Reply post(View view, Visit visit, List<String> names, String deed) throws SQLException {
        var body = JsonNodeFactory.instance.objectNode().put("why", visit.form("why"));
        if (deed.equals("silence")) {
            body.put("for", visit.form("for"));
        }
        view.facts().post("/alerts/" + names.get(0) + "/" + deed, body);
        return Reply.to("/alerts/" + names.get(0));
    }

    private static Reply runbook(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode page = view.facts().get("/runbooks/" + names.get(0));
        return view.page(
                "runbook",
                Map.of("name", names.get(0), "markdown", page.path("markdown").asText()));
    }
}
