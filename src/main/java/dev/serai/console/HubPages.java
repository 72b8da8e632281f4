package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The hub as a whole: overview, flows, connections, what people did; and the search that leads to all. */
final class HubPages {
    private static final int MINUTES = 60;
    private static final int CHART_HEIGHT = 100;

    private final InstantSource clock;

    private HubPages(InstantSource clock) {
        this.clock = clock;
    }

    static List<Place> places(InstantSource clock) {
        var pages = new HubPages(clock);
        return List.of(
                Place.get("/", pages::overview),
                Place.get("/flows", (view, visit, names) -> view.page("flows", items(view, "/flows"))),
                Place.get(
                        "/connections",
                        (view, visit, names) -> view.page("connections", items(view, "/connections/troubled"))),
                Place.post("/connections/([^/]+)/resume", HubPages::resume),
                Place.get("/audit", HubPages::audit),
                Place.get("/why", HubPages::why),
                Place.get("/search", HubPages::search));
    }

    private static Map<String, Object> items(View view, String path) throws SQLException {
        return Map.of("items", Facts.plain(view.facts().get(path).path("items")));
    }

    private Reply overview(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode overview = view.facts().get("/overview");
        JsonNode dead = view.facts().get("/dead-letters");
        List<Bar> bars = bars(overview.path("done_by_minute"), clock.instant());
        var values = new HashMap<String, Object>();
        values.put("hub", Facts.plain(overview));
        values.put("bars", bars);
        values.put("most", bars.stream().mapToLong(Bar::runs).max().orElse(0));
        values.put("patterns", DeadLetterPages.rows(dead.path("patterns"), 5));
        return view.page("overview", values);
    }

    /** A minute of the chart. @param height of 100 @param at as the API writes times */
    public record Bar(int x, long y, long height, long runs, String at) {}

    /** The last sixty minutes, the oldest first; also those in which nothing was done. */
    static List<Bar> bars(JsonNode minutes, Instant now) {
        var runs = new HashMap<Instant, Long>();
        minutes.forEach(minute -> runs.put(
                Instant.parse(minute.path("minute").asText()),
                minute.path("runs").asLong()));
        long most = Math.max(1, runs.values().stream().mapToLong(n -> n).max().orElse(0));
        Instant last = now.truncatedTo(ChronoUnit.MINUTES);
        var bars = new ArrayList<Bar>();
        for (int i = 0; i < MINUTES; i++) {
            Instant minute = last.minus(MINUTES - 1L - i, ChronoUnit.MINUTES);
            long done = runs.getOrDefault(minute, 0L);
            // one run among thousands is still to be seen
            long height = done == 0 ? 1 : Math.max(3, done * CHART_HEIGHT / most);
            bars.add(new Bar(i * 10, CHART_HEIGHT - height, height, done, minute.toString()));
        }
        return bars;
    }

    private static Reply resume(View view, Visit visit, List<String> names) throws SQLException {
        view.facts()
                .post(
                        "/connections/" + names.get(0) + "/resume",
                        JsonNodeFactory.instance.objectNode().put("why", visit.form("why")));
        return Reply.to("/connections");
    }

    private static Reply audit(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode page = view.facts().get("/audit", Map.of("cursor", visit.query("cursor")));
        return view.page(
                "audit",
                Map.of(
                        "items",
                        Facts.plain(page.path("items")),
                        "next",
                        page.path("next").asText("").isEmpty()
                                ? ""
                                : "/audit?cursor=" + word(page.path("next").asText())));
    }

    /** A receipt, a run, a person or a record, or words of a reason. */
    private static Reply search(View view, Visit visit, List<String> names) throws SQLException {
        String asked = visit.query("q");
        if (asked.matches("r_\\d+")) {
            return Reply.to("/runs/" + asked);
        }
        if (asked.matches("e_\\d+")) {
            return Reply.to("/events/" + asked);
        }
        if (!asked.isEmpty()) {
            JsonNode found =
                    view.facts().get("/search", Map.of("q", asked, "limit", "20", "cursor", visit.query("cursor")));
            if (!found.path("events").isEmpty()) {
                return found(view, asked, found);
            }
        }
        boolean record = asked.matches("[A-Za-z][\\w.-]*:[^\\s:]\\S*");
        return Reply.to(asked.isEmpty() ? "/runs" : "/runs?" + (record ? "record=" : "reason=") + word(asked));
    }

    private static Reply why(View view, Visit visit, List<String> names) throws SQLException {
        String who = visit.query("who");
        String field = visit.query("field");
        return view.page(
                "why",
                Map.of(
                        "asked",
                        who,
                        "field",
                        field,
                        "items",
                        Facts.plain(view.facts()
                                .get("/why", Map.of("q", who, "field", field))
                                .path("items"))));
    }

    private static Reply found(View view, String asked, JsonNode found) {
        String next = found.path("next").asText("");
        return view.page(
                "search",
                Map.of(
                        "asked",
                        asked,
                        "events",
                        Facts.plain(found.path("events")),
                        "lines",
                        Facts.plain(found.path("lines")),
                        "next",
                        next.isEmpty() ? "" : "/search?q=" + word(asked) + "&cursor=" + word(next)));
    }

    static String word(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
