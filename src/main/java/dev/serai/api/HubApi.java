package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Minutes;
import dev.serai.facts.RunFacts;
import dev.serai.facts.TroubleFacts;
import dev.serai.store.Audit;
import dev.serai.store.Backlog;
import dev.serai.store.Backlog.Line;
import dev.serai.store.Names;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Tallies;
import dev.serai.store.Tallies.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The hub as a whole: what waits, what was done lately, how its flows stand, how far streams were read, what people did. */
final class HubApi {
    private static final Duration LATELY = Duration.ofHours(1);
    private static final Set<String> DONE = Set.of("done", "skipped");

    private final Stores stores;
    private final Running running;

    /** The tables. */
    record Stores(Backlog backlog, ParkedConnections troubles, Tallies tallies, Audit audit) {}

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
                        .answers("SettingList", this::settings),
                get("/audit", "list_audit", "What people did, the newest first")
                        .takes(Paging.PARAMETERS)
                        .answers("AuditPage", this::audit));
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
                .put(
                        "oldest_seconds",
                        Math.max(0, Duration.between(line.oldest(), now).toSeconds()));
    }

    private Answer settings(Ask ask) {
        ObjectNode json = Json.object();
        json.set("items", running.settings());
        return Answer.of(json);
    }

    private Answer audit(Ask ask) throws SQLException {
        Instant before =
                ask.query("cursor").map(HubApi::moment).orElse(ask.now().plusSeconds(60));
        List<Audit.Entry> entries = stores.audit.list(before, ask.limit() + 1);
        return Answer.of(
                Paging.page(ask, entries, HubApi::entry, entry -> entry.at().toString()));
    }

    private static Instant moment(String cursor) {
        try {
            return Instant.parse(cursor);
        } catch (java.time.DateTimeException e) {
            throw Declined.badRequest("cursor is \"" + cursor + "\"; write \"next\" of the page before");
        }
    }

    private static ObjectNode entry(Audit.Entry entry) {
        return Json.object()
                .put("at", RunFacts.text(entry.at()))
                .put("who", entry.who())
                .put("what", entry.what())
                .put("run", entry.run() == 0 ? null : Names.run(entry.run()))
                .put("why", entry.why());
    }
}
