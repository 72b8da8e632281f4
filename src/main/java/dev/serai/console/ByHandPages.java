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
import java.util.stream.Stream;

/** Many at once: runs that wait are cancelled, events go through a flow again. Each is shown before it is done. */
final class ByHandPages {
    private static final List<String> EVENTS = List.of("source", "type", "record", "since", "until");
    /** Of an order that was not done to its end. */
    static final String CUT_SHORT =
            "The database did not answer on the way. What is told here was done, and 500 more at most may have been: look at"
                    + " the audit before you ask for the rest.";

    private ByHandPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/runs/waiting", (view, visit, names) -> waiting(view, 200, visit, visit.query(), "")),
                Place.post("/runs/waiting", ByHandPages::cancel),
                Place.get("/events/replay", ByHandPages::replayed),
                Place.post("/events/replay", ByHandPages::replay));
    }

    private static Map<String, String> which(Map<String, String> given) {
        Map<String, String> which = RunPages.said(given);
        which.put("state", "waiting");
        return which;
    }

    private static void filter(ObjectNode order, Map<String, String> words) {
        ObjectNode filter = order.putObject("filter");
        words.forEach((word, value) -> {
            if (!value.isEmpty()) {
                filter.put(word, value);
            }
        });
    }

    private static Reply waiting(View view, int status, Visit visit, Map<String, String> given, String problem)
            throws SQLException {
        Map<String, String> which = which(given);
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("dry_run", true);
        filter(order, which);
        JsonNode would = view.facts().post("/runs/cancel", order);
        var values = new HashMap<String, Object>();
        values.put("which", which);
        values.put("groups", Facts.plain(would.path("waiting")));
        values.put("count", would.path("cancelled").asLong());
        values.put("left", would.path("left").asLong());
        values.put("runs", Facts.plain(would.path("runs")));
        values.put("all", RunPages.address("/runs", which));
        values.put("why", visit.form("why"));
        values.put("problem", problem);
        values.put("done", visit.count("done"));
        values.put("alone", visit.count("alone"));
        return view.page(status, "waiting", values);
    }

    /** Those that were shown are cancelled, and none that came since. */
    private static Reply cancel(View view, Visit visit, List<String> names) throws SQLException {
        Map<String, String> which = which(visit.form());
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("why", visit.form("why"));
        var runs = order.putArray("runs");
        Stream.of(visit.form("runs").split(" ")).filter(run -> !run.isEmpty()).forEach(runs::add);
        try {
            JsonNode done = view.facts().post("/runs/cancel", order);
            if (done.has("problem")) {
                return waiting(
                        view, 503, visit, visit.form(), done.path("problem").asText());
            }
            var back = new LinkedHashMap<>(which);
            back.put("done", done.path("cancelled").asText());
            back.put("alone", Long.toString(runs.size() - done.path("cancelled").asLong()));
            return Reply.to(RunPages.address("/runs/waiting", back));
        } catch (Declined e) {
            return waiting(view, e.status(), visit, visit.form(), e.getMessage());
        }
    }

    private static Reply replay(View view, int status, Map<String, String> given, Map<String, Object> more)
            throws SQLException {
        var values = new HashMap<String, Object>();
        for (String word : Stream.concat(EVENTS.stream(), Stream.of("flow", "events", "rate", "why"))
                .toList()) {
            values.put(word, given.getOrDefault(word, "").strip());
        }
        values.put("flows", Facts.plain(view.facts().get("/flows").path("items")));
        values.put("problem", "");
        values.put("tried", false);
        values.put("done", "");
        values.put("open", "");
        values.put("repeated", "");
        values.putAll(more);
        return view.page(status, "replay", values);
    }

    /** What is to be replayed, or what was: whoever loads that page anew replays nothing. */
    private static Reply replayed(View view, Visit visit, List<String> names) throws SQLException {
        var more = new HashMap<String, Object>();
        more.put("done", visit.count("done"));
        more.put("open", visit.count("open"));
        more.put("repeated", visit.count("repeated"));
        if (!visit.query("cut").isEmpty()) {
            more.put("problem", CUT_SHORT);
        }
        return replay(view, 200, visit.query(), more);
    }

    /** First it is tried out; what is done then is done with the events that were shown, and with no others. */
    private static Reply replay(View view, Visit visit, List<String> names) throws SQLException {
        boolean tries = !visit.form("deed").equals("replay");
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("flow", visit.form("flow"));
        order.put("dry_run", tries);
        if (!visit.form("rate").isEmpty()) {
            order.put("rate", visit.form("rate"));
        }
        if (!visit.form("unless_since").isEmpty()) {
            order.put("unless_since", visit.form("unless_since"));
        }
        String named = visit.form("events").strip();
        if (named.isEmpty()) {
            var words = new LinkedHashMap<String, String>();
            EVENTS.forEach(word -> words.put(word, visit.form(word).strip()));
            filter(order, words);
        } else {
            var events = order.putArray("events");
            Stream.of(named.split("[\\s,]+")).forEach(events::add);
        }
        if (!tries) {
            order.put("why", visit.form("why"));
        }
        try {
            JsonNode result = view.facts().post("/events/replay", order);
            return tries
                    ? replay(
                            view,
                            200,
                            visit.form(),
                            Map.of("tried", true, "result", Facts.plain(result), "receipts", receipts(result)))
                    : Reply.to(done(visit.form("flow"), result));
        } catch (Declined e) {
            return replay(view, e.status(), visit.form(), Map.of("problem", e.getMessage()));
        }
    }

    private static String done(String flow, JsonNode result) {
        var back = new LinkedHashMap<String, String>();
        back.put("flow", flow);
        back.put("done", result.path("replayed").asText());
        back.put("open", result.path("open").asText());
        back.put("repeated", result.path("repeated").asText());
        back.put("cut", result.has("problem") ? "yes" : "");
        return RunPages.address("/events/replay", back);
    }

    private static String receipts(JsonNode result) {
        var receipts = new StringBuilder();
        result.path("events").forEach(event -> receipts.append(event.asText()).append(' '));
        return receipts.toString().strip();
    }
}
