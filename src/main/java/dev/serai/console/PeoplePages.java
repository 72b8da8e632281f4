package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is stored about a person: handed over, or forgotten, after it was shown what would go and after it was typed again who. */
final class PeoplePages {
    private static final String ERASURE = "/people/erasures/(f_\\d{1,18})";
    private static final String EXPORT_PAGE = "50";
    /** Held in memory until it is sent; whoever has more about somebody has a terminal. */
    private static final int LARGEST_EXPORT = 16 << 20;

    private PeoplePages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/people", PeoplePages::look),
                Place.post("/people/export", PeoplePages::export),
                Place.post("/people/forget", PeoplePages::forget),
                Place.post("/people/certificate", PeoplePages::check),
                Place.get(ERASURE, PeoplePages::erasure),
                Place.get(ERASURE + "/certificate", PeoplePages::certificate));
    }

    /** What a person wrote, and why it was not taken. */
    private record Draft(int status, String identifiers, String why, String problem) {
        /** Each on a line of its own. */
        List<String> lines() {
            return identifiers
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        }

        Draft refused(Declined e) {
            return new Draft(e.status(), identifiers, why, e.getMessage());
        }
    }

    private static Reply look(View view, Visit visit, List<String> names) throws SQLException {
        return counted(view, new Draft(200, visit.query("q"), "", ""));
    }

    /** Counts what would go, which changes nothing. */
    private static Reply counted(View view, Draft draft) throws SQLException {
        List<String> lines = draft.lines();
        if (lines.isEmpty()) {
            return page(view, draft, Map.of());
        }
        ObjectNode order = order(lines).put("dry_run", true);
        try {
            return page(view, draft, Map.of("counts", Facts.plain(view.facts().post("/erasures", order))));
        } catch (Declined e) {
            if (e.status() == 403) {
                throw e;
            }
            return page(view, draft.problem.isEmpty() ? draft.refused(e) : draft, Map.of());
        }
    }

    private static ObjectNode order(List<String> identifiers) {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        identifiers.forEach(order.putArray("identifiers")::add);
        return order;
    }

    private static Reply page(View view, Draft draft, Map<String, Object> more) throws SQLException {
        var values = new HashMap<String, Object>();
        values.put("identifiers", draft.identifiers);
        values.put("first", draft.lines().isEmpty() ? "" : draft.lines().get(0));
        values.put("why", draft.why);
        values.put("problem", draft.problem);
        values.put("counts", Map.of());
        values.put("certificate", "");
        values.put("checked", Map.of());
        values.put("past", Facts.plain(view.facts().get("/erasures").path("items")));
        values.putAll(more);
        return view.page(draft.status, "people", values);
    }

    /** First what would go is counted; then who it is has to be typed again. */
    private static Reply forget(View view, Visit visit, List<String> names) throws SQLException {
        var draft = new Draft(200, visit.form("identifiers"), visit.form("why"), "");
        List<String> lines = draft.lines();
        if (!visit.form("deed").equals("forget") || lines.isEmpty()) {
            return counted(view, draft);
        }
        if (!visit.form("again").equals(lines.get(0))) {
            return counted(
                    view,
                    new Draft(
                            400,
                            draft.identifiers,
                            draft.why,
                            "Nothing was forgotten: \"" + visit.form("again") + "\" is not \"" + lines.get(0)
                                    + "\". Type it again to be sure."));
        }
        try {
            JsonNode begun = view.facts().post("/erasures", order(lines).put("why", draft.why));
            return Reply.to("/people/erasures/" + begun.path("erasure").asText());
        } catch (Declined e) {
            return counted(view, draft.refused(e));
        }
    }

    private static Reply erasure(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode erasure = view.facts().get("/erasures/" + names.get(0));
        return view.page(
                "erasure", Map.of("erasure", Facts.plain(erasure), "erased", Facts.plain(erasure.path("erased"))));
    }

    private static Reply certificate(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode certificate = view.facts().get("/erasures/" + names.get(0)).path("certificate");
        if (!certificate.isObject()) {
            throw Declined.badRequest(names.get(0) + " is not done yet; there is no certificate before that");
        }
        return Reply.file("certificate-" + names.get(0) + ".json", certificate.toString() + "\n");
    }

    /** Whoever holds a certificate brings it here, and learns whether this hub wrote it so. */
    private static Reply check(View view, Visit visit, List<String> names) throws SQLException {
        String certificate = visit.form("certificate");
        var none = new Draft(200, "", "", "");
        try {
            ObjectNode order = JsonNodeFactory.instance.objectNode();
            order.set("certificate", Typed.json("the certificate", certificate));
            JsonNode checked = view.facts().post("/certificates/check", order);
            return page(view, none, Map.of("certificate", certificate, "checked", Facts.plain(checked)));
        } catch (Declined e) {
            return page(view, none.refused(e), Map.of("certificate", certificate));
        }
    }

    /** All pages as one document, whose events are those of all pages. */
    private static Reply export(View view, Visit visit, List<String> names) throws SQLException {
        String who = visit.form("q");
        var events = new StringBuilder();
        ObjectNode whole = null;
        long fetched = 0;
        String next = "";
        do {
            JsonNode page = view.facts().get("/export", Map.of("q", who, "limit", EXPORT_PAGE, "cursor", next));
            for (JsonNode event : page.path("events")) {
                events.append(events.isEmpty() ? "\n" : ",\n").append(event);
            }
            if (events.length() > LARGEST_EXPORT) {
                throw Declined.badRequest("more is stored than a page can hand over; run on a terminal: serai export");
            }
            next = page.path("next").asText("");
            fetched += page.path("fetched_events").asLong();
            whole = whole == null ? (ObjectNode) page : whole;
        } while (!next.isEmpty());
        return Reply.file(
                "person.json",
                "{\"events\":[" + events + "\n],\"fetched_events\":" + fetched + ",\"customers\":"
                        + whole.path("customers") + ",\"remote_ids\":" + whole.path("remote_ids") + ",\"mentions\":"
                        + whole.path("mentions") + "}\n");
    }
}
