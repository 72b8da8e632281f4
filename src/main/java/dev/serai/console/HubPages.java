package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.api.Declined;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The hub as a whole: overview, what people did; and the search that leads to all. */
final class HubPages {
    private static final int MOST_QUOTAS = 4;
    /** Runs that are not done: no index finds the words of a reason in all of history. */
    private static final String OPEN = "dead,in_doubt,waiting";

    private final InstantSource clock;

    private HubPages(InstantSource clock) {
        this.clock = clock;
    }

    static List<Place> places(InstantSource clock) {
        var pages = new HubPages(clock);
        return List.of(
                Place.get("/", pages::overview),
                Place.get("/audit", HubPages::audit),
                Place.get("/why", HubPages::why),
                Place.get("/search", HubPages::search));
    }

    private Reply overview(View view, Visit visit, List<String> names) throws SQLException {
        JsonNode overview = view.facts().get("/overview");
        JsonNode dead = view.facts().get("/dead-letters");
        var values = new HashMap<String, Object>();
        values.put("hub", Facts.plain(overview));
        values.put(
                "alerts",
                Facts.plain(view.facts().get("/alerts", Map.of("limit", "5")).path("items")));
        values.put(
                "patterns",
                DeadLetterPages.rows(view, dead.path("patterns"), Map.of()).stream()
                        .limit(5)
                        .toList());
        charts(overview, values);
        var switched = new ArrayList<Object>();
        for (JsonNode flow : view.facts().get("/flows").path("items")) {
            if (!flow.path("state").asText().equals("on")) {
                switched.add(Facts.plain(flow));
            }
        }
        values.put("switched", switched);
        connections(view.facts().get("/connections").path("items"), values);
        return view.page("overview", values);
    }

    private void charts(JsonNode overview, Map<String, Object> values) {
        var runs = Chart.bars(overview.path("minutes"), FlowPages.GOOD, FlowPages.BAD, clock.instant());
        var doors = Chart.bars(overview.path("received"), List.of("2xx"), List.of("4xx", "5xx"), clock.instant());
        long ended = Chart.good(runs) + Chart.bad(runs);
        values.put("chart", Chart.svg(runs, "chart", "Runs done"));
        values.put("failed", Chart.bad(runs));
        values.put("success", ended == 0 ? null : 100 * Chart.good(runs) / ended);
        values.put("spark", Chart.svg(doors, "chart low", "Requests taken"));
        values.put("received", Chart.good(doors));
        values.put("turned_away", Chart.bad(doors));
    }

    /** How many go, and the limits that are used most. */
    private static void connections(JsonNode connections, Map<String, Object> values) {
        int troubled = 0;
        int going = 0;
        int untried = 0;
        var quotas = new ArrayList<JsonNode>();
        for (JsonNode each : connections) {
            troubled += ConnectionPages.troubled(each) ? 1 : 0;
            going += each.path("state").asText().equals("fine") ? 1 : 0;
            untried += ConnectionPages.isUntried(each) ? 1 : 0;
            each.path("quotas").forEach(quotas::add);
        }
        quotas.removeIf(quota ->
                !quota.path("budget").asBoolean() || quota.path("percent").asLong() < 1);
        quotas.sort(Comparator.comparingLong(
                (JsonNode quota) -> -quota.path("percent").asLong()));
        values.put("troubled", troubled);
        values.put("going", going);
        values.put("untried", untried);
        values.put(
                "quotas", quotas.stream().limit(MOST_QUOTAS).map(Facts::plain).toList());
    }

    private static Reply audit(View view, Visit visit, List<String> names) throws SQLException {
        var said = new LinkedHashMap<String, String>();
        List.of("who", "action", "about", "since", "until").forEach(word -> said.put(word, visit.query(word)));
        var values = new HashMap<String, Object>();
        values.put("said", said);
        values.put("narrow", said.values().stream().anyMatch(value -> !value.isEmpty()));
        values.put("problem", "");
        values.put("items", List.of());
        values.put("next", "");
        var asked = new HashMap<>(said);
        asked.put("cursor", visit.query("cursor"));
        try {
            JsonNode page = view.facts().get("/audit", asked);
            values.put("items", Facts.plain(page.path("items")));
            if (!page.path("next").asText("").isEmpty()) {
                var more = new LinkedHashMap<>(said);
                more.put("cursor", page.path("next").asText());
                values.put("next", RunPages.address("/audit", more));
            }
            return view.page("audit", values);
        } catch (Declined e) {
            values.put("problem", e.getMessage());
            return view.page(e.status(), "audit", values);
        }
    }

    /** A receipt, a run, a person or a record, or words of the reason of a run that has not ended well. */
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
                return found(view, asked, found, visit.query("cursor").isEmpty());
            }
        }
        boolean record = asked.matches("[A-Za-z][\\w.-]*:[^\\s:]\\S*");
        return Reply.to(
                asked.isEmpty()
                        ? "/runs"
                        : "/runs?" + (record ? "record=" : "state=" + word(OPEN) + "&reason=") + word(asked));
    }

    private static Reply why(View view, Visit visit, List<String> names) throws SQLException {
        String who = visit.query("who");
        String field = visit.query("field");
        JsonNode told = view.facts().get("/why", Map.of("q", who, "field", field));
        return view.page(
                "why",
                Map.of(
                        "asked",
                        who,
                        "field",
                        field,
                        "items",
                        Facts.plain(told.path("items")),
                        "events",
                        told.path("events").asInt(),
                        "all",
                        told.path("all_events").asBoolean()));
    }

    /** @param first whether it is the first page: what systems have is told once */
    private static Reply found(View view, String asked, JsonNode found, boolean first) throws SQLException {
        String next = found.path("next").asText("");
        var values = new HashMap<String, Object>();
        values.put("asked", asked);
        values.put("records", List.of());
        values.put("events", Facts.plain(found.path("events")));
        values.put("lines", Facts.plain(found.path("lines")));
        values.put("next", next.isEmpty() ? "" : "/search?q=" + word(asked) + "&cursor=" + word(next));
        if (first) {
            values.putAll(SystemPages.values(view, asked));
        }
        return view.page("search", values);
    }

    static String word(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
