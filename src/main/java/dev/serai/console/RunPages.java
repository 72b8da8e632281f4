package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Runs: found, followed in time, and let go on, settled or given up; and the events they came from. */
final class RunPages {
    /** The words of the filter, in the order of its fields. */
    static final List<String> WORDS = List.of(
            "state",
            "flow",
            "record",
            "reason",
            "pattern",
            "step",
            "connection",
            "source",
            "type",
            "owner",
            "since",
            "until");

    private static final String RUN = "/runs/([^/]+)";

    private RunPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/runs", RunPages::list),
                Place.get(RUN, (view, visit, names) -> run(view, visit, names.get(0), Draft.NONE)),
                Place.get(RUN + "/capsule", RunPages::capsule),
                Place.post(RUN + "/resume", RunPages::resume),
                Place.post(RUN + "/discard", RunPages::discard),
                Place.post(RUN + "/settle", RunPages::settle),
                Place.get("/events/([^/]+)", RunPages::event));
    }

    /** What of the query is said, by word. */
    static Map<String, String> said(Map<String, String> given) {
        var said = new LinkedHashMap<String, String>();
        WORDS.forEach(word -> said.put(word, given.getOrDefault(word, "").strip()));
        return said;
    }

    /** {@code /runs?state=dead&flow=…}. */
    static String address(String path, Map<String, String> said) {
        var query = new StringJoiner("&", path + "?", "").setEmptyValue(path);
        said.forEach((word, value) -> {
            if (!value.isEmpty()) {
                query.add(word + "=" + HubPages.word(value));
            }
        });
        return query.toString();
    }

    private static Reply list(View view, Visit visit, List<String> names) throws SQLException {
        Map<String, String> said = said(visit.query());
        var asked = new HashMap<>(said);
        asked.put("cursor", visit.query("cursor"));
        var values = new HashMap<String, Object>();
        values.put("said", said);
        var waiting = new LinkedHashMap<>(said);
        waiting.remove("state");
        values.put("waiting", said.get("state").equals("waiting") ? address("/runs/waiting", waiting) : "");
        values.put("narrow", said.values().stream().anyMatch(value -> !value.isEmpty()));
        values.put("problem", "");
        values.put("items", List.of());
        values.put("next", "");
        try {
            JsonNode page = view.facts().get("/runs", asked);
            values.put("items", Facts.plain(page.path("items")));
            if (!page.path("next").asText("").isEmpty()) {
                var more = new LinkedHashMap<>(said);
                more.put("cursor", page.path("next").asText());
                values.put("next", address("/runs", more));
            }
        } catch (Declined e) {
            values.put("problem", e.getMessage());
            return view.page(e.status(), "runs", values);
        }
        return view.page("runs", values);
    }

    /** What a person wrote that was not taken, and why not, or what would be made of it. */
    private record Draft(int status, String payload, String why, String problem, Map<String, Object> preview) {
        static final Draft NONE = new Draft(200, "", "", "", Map.of());

        Draft(int status, String payload, String why, String problem) {
            this(status, payload, why, problem, Map.of());
        }
    }

    private static Reply run(View view, Visit visit, String name, Draft draft) throws SQLException {
        boolean plain = visit.query("calls").equals("show");
        JsonNode run = view.facts().get("/runs/" + name, Map.of("calls", plain ? "plain" : ""));
        var values = new HashMap<String, Object>();
        values.put("run", Facts.plain(run));
        values.put("entries", Timeline.of(run));
        values.put("plain", plain);
        values.put("doubt", Map.of());
        values.put("shown", false);
        values.put("draft", draft.payload);
        values.put("why", draft.why);
        values.put("problem", draft.problem);
        values.put("preview", draft.preview);
        if (run.path("state").asText().equals("in_doubt")) {
            values.put("doubt", Facts.plain(view.facts().get("/runs/" + name + "/doubt")));
        }
        if (!draft.preview.isEmpty() && !draft.payload.isEmpty()) {
            // it was shown before, and is shown at each key: the audit has it already
            values.put("shown", true);
            values.put("is_json", true);
            values.put(
                    "payload", Map.of("content_type", "as typed", "size", draft.payload.length(), "corrected", false));
        } else if (visit.query("payload").equals("show") || !draft.payload.isEmpty()) {
            payload(view, "/runs/" + name + "/payload", values);
            if (!draft.payload.isEmpty()) {
                values.put("draft", draft.payload);
            }
        }
        return view.page(draft.status, "run", values);
    }

    private static Reply capsule(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode capsule = view.facts().get("/runs/" + names.get(0) + "/capsule");
        return view.page(
                "capsule",
                Map.of("capsule", Facts.plain(capsule), "run", names.get(0), "text", capsule.toPrettyString()));
    }

    private static void payload(View view, String path, Map<String, Object> values) throws SQLException {
        JsonNode payload = view.facts().get(path);
        values.put("shown", true);
        values.put("payload", Facts.plain(payload));
        values.put("is_json", payload.has("json"));
        values.put(
                "draft",
                payload.has("json")
                        ? payload.path("json").toPrettyString()
                        : payload.path("text").asText());
    }

    private static Reply event(View view, Visit visit, List<String> names) throws SQLException {
        var values = new HashMap<String, Object>();
        values.put("event", Facts.plain(view.facts().get("/events/" + names.get(0))));
        values.put("shown", false);
        if (visit.query("payload").equals("show")) {
            payload(view, "/events/" + names.get(0) + "/payload", values);
        }
        return view.page("event", values);
    }

    private static Reply resume(View view, Visit visit, List<String> names) throws SQLException {
        String run = names.get(0);
        String payload = visit.form("payload");
        ObjectNode order = one(run, visit);
        try {
            if (!payload.isEmpty()) {
                order.set("payload", Typed.json("the payload", payload));
            }
            if (visit.form("deed").equals("preview")) {
                Map<String, Object> preview = preview(view, run, order);
                return run(view, visit, run, new Draft(200, payload, visit.form("why"), "", preview));
            }
            return gone(view.facts().post("/runs/resume", order), run);
        } catch (Declined e) {
            // what is typed may be half a payload: that is no failure of a page that only shows
            int status = visit.form("deed").equals("preview") && e.status() == 400 ? 200 : e.status();
            return run(view, visit, run, new Draft(status, payload, visit.form("why"), e.getMessage()));
        }
    }

    /** What the mappings of its flow would make of a payload. @param order with what is to be corrected, if anything */
    static Map<String, Object> preview(View view, String run, ObjectNode order) throws SQLException {
        JsonNode made =
                view.facts().post("/runs/" + run + "/preview", order.deepCopy().retain("payload", "patch"));
        return Map.of(
                "run", run,
                "flow", made.path("flow").asText(),
                "tried", Facts.plain(made.path("tried")),
                "not_tried", Facts.plain(made.path("not_tried")));
    }

    private static Reply discard(View view, Visit visit, List<String> names) throws SQLException {
        String run = names.get(0);
        try {
            return gone(view.facts().post("/runs/discard", one(run, visit)), run);
        } catch (Declined e) {
            return run(view, visit, run, new Draft(e.status(), "", visit.form("why"), e.getMessage()));
        }
    }

    private static ObjectNode one(String run, Visit visit) {
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.putArray("runs").add(run);
        return order.put("why", visit.form("why"));
    }

    /** Back to the run, unless it was refused. */
    private static Reply gone(JsonNode done, String run) {
        JsonNode refused = done.path("refused");
        if (!refused.isEmpty()) {
            throw Declined.badRequest(refused.path(0).path("why").asText());
        }
        return Reply.to("/runs/" + run);
    }

    private static Reply settle(View view, Visit visit, List<String> names) throws SQLException {
        String run = names.get(0);
        ObjectNode order = JsonNodeFactory.instance.objectNode();
        order.put("outcome", visit.form("outcome")).put("why", visit.form("why"));
        try {
            if (visit.form("seen").matches("\\d{1,9}")) {
                order.put("seen", Integer.parseInt(visit.form("seen")));
            }
            if (!visit.form("answer").isEmpty()) {
                order.set("answer", Typed.json("the answer", visit.form("answer")));
            }
            view.facts().post("/runs/" + run + "/settle", order);
            return Reply.to("/runs/" + run);
        } catch (Declined e) {
            return run(view, visit, run, new Draft(e.status(), "", visit.form("why"), e.getMessage()));
        }
    }
}
