package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Minutes;
import dev.serai.facts.RunFacts;
import dev.serai.facts.TroubleFacts;
import dev.serai.store.Backlog;
import dev.serai.store.Backlog.Line;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The hub as a whole: what waits, what was done lately, how it is set. */
final class HubApi {
    private static final Duration LATELY = Duration.ofHours(1);
    private static final Set<String> DONE = Set.of("done", "skipped");

    private final Stores stores;
    private final Running running;

    /** The tables. */
    record Stores(Backlog backlog, ParkedConnections troubles, Tallies tallies) {}

    HubApi(Stores stores, Running running) {
        this.stores = stores;
        this.running = running;
    }

    List<Operation> operations() {
        return List.of(
                get("/overview", "show_overview", "What waits, what failed, what was done within the last hour")
                        .answers("Overview", this::overview),
                get("/settings", "list_settings", "The settings of this hub, and where each comes from; no secrets")
                        .by(Role.OPERATOR)
                        .answers("SettingList", this::settings));
    }

    private Answer overview(Ask ask) throws SQLException {
        List<Line> open = stores.backlog.lately(ask.now());
        ObjectNode json = Json.object().put("at", RunFacts.text(ask.now()));
        json.put("flows", running.flows().size());
        for (String state : List.of("waiting", "claimed", "dead", "in_doubt")) {
            json.put(
                    state,
                    open.stream()
                            .filter(line -> line.state().equals(state))
                            .mapToLong(Line::runs)
                            .sum());
        }
        json.put("late_seconds", late(open, ask.now()));
        json.set("open", Json.list(open, line -> open(line, ask.now())));
        Instant since = ask.now().minus(LATELY);
        List<Count> minutes = stores.tallies.minutes("flow", "", since);
        json.put(
                "done_last_hour",
                minutes.stream()
                        .filter(count -> DONE.contains(count.outcome()))
                        .mapToLong(Count::count)
                        .sum());
        json.set("minutes", Minutes.json(minutes));
        json.set("received", Minutes.json(stores.tallies.minutes("door", "", since)));
        json.set("troubles", TroubleFacts.json(stores.troubles.troubles()));
        return Answer.of(json);
    }

    private static long late(List<Line> open, Instant now) {
        return open.stream()
                .filter(line -> line.due() != null)
                .mapToLong(line -> Math.max(0, Duration.between(line.due(), now).toSeconds()))
                .max()
                .orElse(0);
    }

    private static ObjectNode open(Line line, Instant now) {
        return Json.object()
                .put("flow", line.flow())
                .put("state", line.state())
                .put("runs", line.runs())
                .put("resting", line.resting())
                .put("held", line.held())
                .put(
                        "oldest_seconds",
                        Math.max(0, Duration.between(line.oldest(), now).toSeconds()));
    }

    private Answer settings(Ask ask) {
        ObjectNode json = Json.object();
        json.set("items", running.settings());
        return Answer.of(json);
    }
}
