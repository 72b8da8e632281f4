package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Declined;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Dead letters: those that failed alike as one, and one fix for all of them, tried out before it is done. */
final class DeadLetterPages {
    private static final String SET_ASIDE = "dead,in_doubt";
    /** What stands in a pattern for what differs: numbers, quoted words, addresses. */
    private static final Pattern LEFT_OUT = Pattern.compile("\"…\"|…@…|N");

    private static final String EXAMPLES = "20";

    private DeadLetterPages() {}

    static List<Place> places() {
        return List.of(
                Place.get("/dead-letters", DeadLetterPages::list),
                Place.get("/dead-letters/fix", DeadLetterPages::look),
                Place.post("/dead-letters/fix", DeadLetterPages::fix));
    }

    private static Reply list(View view, Visit visit, List<String> names) throws SQLException {
        Map<String, String> which = which(visit.query());
        JsonNode dead = view.facts().get("/dead-letters", which);
        boolean narrow = RunPages.said(visit.query()).values().stream().anyMatch(word -> !word.isEmpty());
        return view.page(
                "dead-letters",
                Map.of(
                        "runs",
                        dead.path("runs").asLong(),
                        "patterns",
                        rows(dead.path("patterns"), Integer.MAX_VALUE),
                        "narrow",
                        narrow,
                        "flow",
                        which.get("flow"),
                        "all",
                        RunPages.address("/runs", which)));
    }

    /** A pattern and where its runs are. */
    static List<Map<String, Object>> rows(JsonNode patterns, int most) {
        var rows = new ArrayList<Map<String, Object>>();
        for (JsonNode pattern : patterns) {
            if (rows.size() < most) {
                var which = new LinkedHashMap<String, String>();
                which.put("flow", pattern.path("flow").asText());
                which.put("step", pattern.path("step").asText());
                which.put("reason", part(pattern.path("reason").asText()));
                rows.add(
                        Map.of("facts", Facts.plain(pattern), "address", RunPages.address("/dead-letters/fix", which)));
            }
        }
        return rows;
    }

    /** The longest part of a pattern that all its reasons have as it stands. */
    static String part(String pattern) {
        return Stream.of(LEFT_OUT.split(pattern))
                .map(String::strip)
                .max(Comparator.comparingInt(String::length))
                .orElse("");
    }

    private static Map<String, String> which(Map<String, String> given) {
        Map<String, String> which = RunPages.said(given);
        which.putIfAbsent("state", "");
        if (which.get("state").isEmpty()) {
            which.put("state", SET_ASIDE);
        }
        return which;
    }

    private static Reply look(View view, Visit visit, List<String> names) throws SQLException {
        var more = new HashMap<String, Object>();
        more.put("done", visit.count("done"));
        more.put("alone", visit.count("alone"));
        if (!visit.query("cut").isEmpty()) {
            more.put("problem", ByHandPages.CUT_SHORT);
        }
        return page(view, 200, which(visit.query()), visit, more);
    }

    /** What would be made of the newest of them, as an example. */
    private static Map<String, Object> preview(View view, Visit visit, String run) throws SQLException {
        try {
            ObjectNode order = JsonNodeFactory.instance.objectNode();
            if (!visit.form("patch").isEmpty()) {
                order.set("patch", Typed.json("the patch", visit.form("patch")));
            }
            return Map.of("preview", RunPages.preview(view, run, order));
        } catch (Declined e) {
            return Map.of("problem", e.getMessage());
        }
    }

    private static Reply page(View view, int status, Map<String, String> which, Visit visit, Map<String, Object> more)
            throws SQLException {
        JsonNode dead = view.facts().get("/dead-letters", which);
        var some = new HashMap<>(which);
        some.put("limit", EXAMPLES);
        var values = new HashMap<String, Object>();
        values.put("which", which);
        values.put("runs", dead.path("runs").asLong());
        values.put("patterns", rows(dead.path("patterns"), Integer.MAX_VALUE));
        JsonNode items = view.facts().get("/runs", some).path("items");
        values.put("items", Facts.plain(items));
        values.put("preview", Map.of());
        if (visit.form("deed").equals("preview") && !items.isEmpty()) {
            values.putAll(preview(view, visit, items.path(0).path("run").asText()));
        }
        values.put("all", RunPages.address("/runs", which));
        values.put("patch", visit.form("patch"));
        values.put("rate", visit.form("rate"));
        values.put("why", visit.form("why"));
        values.putIfAbsent("problem", "");
        values.put("tried", false);
        values.put("done", "");
        values.put("alone", "");
        values.putAll(more);
        return view.page(status, "fix", values);
    }

    /** First it is tried out; what is done then is done to the runs that were shown, and to no others. */
    private static Reply fix(View view, Visit visit, List<String> names) throws SQLException {
        Map<String, String> which = which(visit.form());
        if (visit.form("deed").equals("preview")) {
            return page(view, 200, which, visit, Map.of());
        }
        boolean tries = !visit.form("deed").equals("resume");
        try {
            JsonNode result = view.facts().post("/runs/resume", order(which, visit, tries));
            if (!tries) {
                return Reply.to(done(which, result));
            }
            var more = new HashMap<String, Object>();
            more.put("tried", true);
            more.put("resumed", Facts.plain(result.path("resumed")));
            more.put("refused", Facts.plain(result.path("refused")));
            more.put("left", result.path("left").asLong());
            more.put("cost", Facts.plain(result.path("cost")));
            return page(view, 200, which, visit, more);
        } catch (Declined e) {
            return page(view, e.status(), which, visit, Map.of("problem", e.getMessage()));
        }
    }

    /** A page of its own: whoever loads it anew resumes nothing, and applies no patch twice. */
    private static String done(Map<String, String> which, JsonNode result) {
        var back = new LinkedHashMap<>(which);
        back.put("done", Integer.toString(result.path("resumed").size()));
        back.put("alone", Integer.toString(result.path("refused").size()));
        back.put("cut", result.has("problem") ? "yes" : "");
        return RunPages.address("/dead-letters/fix", back);
    }

    private static ObjectNode order(Map<String, String> which, Visit visit, boolean tries) {
        ObjectNode order = JsonNodeFactory.instance.objectNode().put("dry_run", tries);
        if (tries) {
            ObjectNode filter = order.putObject("filter");
            which.forEach((word, value) -> {
                if (!value.isEmpty()) {
                    filter.put(word, value);
                }
            });
        } else {
            var runs = order.putArray("runs");
            Stream.of(visit.form("runs").split(" "))
                    .filter(run -> !run.isEmpty())
                    .forEach(runs::add);
            order.put("why", visit.form("why"));
        }
        if (!visit.form("patch").isEmpty()) {
            order.set("patch", Typed.json("the patch", visit.form("patch")));
        }
        if (!visit.form("rate").isEmpty()) {
            order.put("rate", visit.form("rate"));
        }
        return order;
    }
}
