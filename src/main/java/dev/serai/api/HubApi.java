package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.facts.Flow;
import dev.serai.facts.RunFacts;
import dev.serai.facts.TroubleFacts;
import dev.serai.store.Audit;
import dev.serai.store.Backlog;
import dev.serai.store.Backlog.Line;
import dev.serai.store.Backlog.Minute;
import dev.serai.store.Cursors;
import dev.serai.store.Names;
import dev.serai.store.ParkedConnections;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The hub as a whole: what waits, what was done lately, how its flows stand, how far streams were read, what people did. */
final class HubApi {
    private static final Duration LATELY = Duration.ofHours(1);
    /** Runs the chart of the last hour is made of; a hub that does more within an hour shows a shorter time. */
    private static final int CHARTED = 200_000;

    private final Backlog backlog;
    private final ParkedConnections troubles;
    private final Cursors cursors;
    private final Audit audit;
    private final Supplier<List<Flow>> flows;

    HubApi(Backlog backlog, ParkedConnections troubles, Cursors cursors, Audit audit, Supplier<List<Flow>> flows) {
        this.backlog = backlog;
        this.troubles = troubles;
        this.cursors = cursors;
        this.audit = audit;
        this.flows = flows;
    }

    List<Operation> operations() {
        return List.of(
                get("/overview", "show_overview", "What waits, what failed, what was done within the last hour")
                        .answers("Overview", this::overview),
                get("/streams", "list_streams", "Polled streams, and how far each was read")
                        .answers("StreamList", ask -> Answer.of(Json.items(cursors.all(), HubApi::stream))),
                get("/audit", "list_audit", "What people did, the newest first")
                        .takes(Paging.PARAMETERS)
                        .answers("AuditPage", this::audit));
    }

    private Answer overview(Ask ask) throws SQLException {
        List<Line> open = backlog.read(ask.now());
        ObjectNode json = Json.object().put("at", RunFacts.text(ask.now()));
        json.put("flows", flows.get().size());
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
        List<Minute> minutes = backlog.done(ask.now().minus(LATELY), CHARTED);
        json.put("done_last_hour", minutes.stream().mapToLong(Minute::runs).sum());
        json.set("done_by_minute", Json.list(minutes, minute -> Json.object()
                .put("minute", RunFacts.text(minute.minute()))
                .put("runs", minute.runs())));
        json.set("troubles", TroubleFacts.json(troubles.troubles()));
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

    private static ObjectNode stream(Cursors.Position position) {
        return Json.object()
                .put("connection", position.connection())
                .put("stream", position.stream())
                .put("cursor", position.value())
                .put("polled_at", RunFacts.text(position.polledAt()));
    }

    private Answer audit(Ask ask) throws SQLException {
        Instant before =
                ask.query("cursor").map(HubApi::moment).orElse(ask.now().plusSeconds(60));
        List<Audit.Entry> entries = audit.list(before, ask.limit() + 1);
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
