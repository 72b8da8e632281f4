package dev.serai.api;

import static dev.serai.api.Operation.get;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.api.Operation.Parameter;
import dev.serai.facts.RunFacts;
import dev.serai.facts.RunQuery;
import dev.serai.store.Audit;
import dev.serai.store.Audit.Entry;
import dev.serai.store.Audit.Place;
import dev.serai.store.Audit.Which;
import dev.serai.store.Names;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** What people did. */
final class AuditApi {
    private static final List<Parameter> FILTERS = List.of(
            Parameter.of("who", "only what this person or token did"),
            Parameter.of("action", "only what begins with these words: resume, create token"),
            Parameter.of(
                    "about",
                    "only what was about this run, connection, flow, alert, receipt or erasure: r_7, mailchimp"),
            Parameter.of("since", "done then or later: 2h (ago), 2026-11-21 or 2026-11-21T09:30:00Z"),
            Parameter.of("until", "done before"));

    private final Audit audit;

    AuditApi(Audit audit) {
        this.audit = audit;
    }

    List<Operation> operations() {
        return List.of(get("/audit", "list_audit", "What people did, the newest first")
                .takes(Stream.concat(FILTERS.stream(), Paging.PARAMETERS.stream())
                        .toList())
                .answers("AuditPage", this::list));
    }

    private Answer list(Ask ask) throws SQLException {
        Place behind = ask.query("cursor")
                .map(AuditApi::place)
                .orElse(new Place(ask.now().plusSeconds(60), 0));
        List<Entry> entries = audit.list(which(ask), behind, ask.limit() + 1);
        return Answer.of(Paging.page(ask, entries, AuditApi::json, entry -> entry.at() + " " + entry.number()));
    }

    private static Which which(Ask ask) {
        try {
            return new Which(
                    ask.query("who").map(String::strip),
                    ask.query("action").map(String::strip),
                    ask.query("about").map(String::strip),
                    RunQuery.time(ask.query(), "since", ask.now()),
                    RunQuery.time(ask.query(), "until", ask.now()));
        } catch (RunQuery.Misfit e) {
            throw Declined.badRequest(e.word() + ": " + e.getMessage());
        }
    }

    /** A time alone, as pages ended before there were numbers, is read as well. */
    private static Place place(String cursor) {
        String[] parts = cursor.split(" ", 2);
        try {
            return new Place(Instant.parse(parts[0]), parts.length == 2 ? Long.parseLong(parts[1]) : 0);
        } catch (DateTimeException | NumberFormatException e) {
            throw Declined.badRequest("cursor is \"" + cursor + "\"; write \"next\" of the page before");
        }
    }

    private static ObjectNode json(Entry entry) {
        return Json.object()
                .put("at", RunFacts.text(entry.at()))
                .put("who", entry.who())
                .put("what", entry.what())
                .put("run", entry.run() == 0 ? null : Names.run(entry.run()))
                .put("why", entry.why());
    }
}
