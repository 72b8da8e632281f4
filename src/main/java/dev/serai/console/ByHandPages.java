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

    private ByHandPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/runs/waiting", (view, visit, names) -> waiting(view, 200, visit, visit.query(), "")),
                Place.post("/runs/waiting", ByHandPages::cancel),
                Place.get("/events/replay", (view, visit, names) -> replay(view, 200, visit.query(), Map.of())),
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
        values.put("done", visit.query("done"));
        values.put("alone", visit.query("alone"));
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
        values.put("done", false);
        values.putAll(more);
        return view.page(status, "replay", values);
    }

    /** First it is tried out; what is done then is done with the events that were shown, and with no others. */
    private static Reply replay(View view, Visit visit, List<String> names) throws SQLException {
        boolean tries = !visit.form("deed").equals("replay");
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("flow", visit.form("flow"));
        order.put("dry_run", tries);
        if (!visit.form("rate").isEmpty()) {
            order.put("rate", visit.form("rate"));
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
            var more = new HashMap<String, Object>();
            more.put(tries ? "tried" : "done", true);
            more.put("result", Facts.plain(result));
            more.put("receipts", receipts(result));
            more.put("problem", result.path("problem").asText(""));
            return replay(view, 200, visit.form(), more);
        } catch (Declined e) {
            return replay(view, e.status(), visit.form(), Map.of("problem", e.getMessage()));
        }
    }

    private static String receipts(JsonNode result) {
        var receipts = new StringBuilder();
        result.path("events").forEach(event -> receipts.append(event.asText()).append(' '));
        return receipts.toString().strip();
    }
}
