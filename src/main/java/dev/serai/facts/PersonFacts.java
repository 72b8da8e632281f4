package dev.serai.facts;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.record.Identified;
import dev.serai.store.History.Deed;
import dev.serai.store.History.EventLine;
import dev.serai.store.History.Run;
import dev.serai.store.History.StepAttempt;
import dev.serai.store.Identifiers;
import dev.serai.store.Identifiers.Hit;
import dev.serai.store.Names;
import dev.serai.store.Receipt;
import dev.serai.store.Trails;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What happened about a person or a record: its events and what became of each, and all of it in one line of time.
 *
 * @param events the newest first
 * @param next the receipt behind which there is more, or empty
 */
public record PersonFacts(List<EventLine> events, List<Run> runs, List<Line> lines, String next) {

    /**
     * One thing that happened.
     *
     * @param kind arrived, attempt, by_hand or ended
     * @param run empty when it is about the event as a whole
     * @param verdict of an attempt; the state of what ended
     */
    public record Line(Instant at, String kind, String receipt, String run, String words, String verdict) {}

    /** What is looked for: a receipt or a run by name, else what recognises a person or a record. */
    public record Sought(Set<String> forms, Set<String> records, Optional<Long> event, Optional<Long> run) {
        public static Sought of(String typed) {
            String text = typed.strip();
            if (text.matches("e_\\d{1,18}")) {
                return new Sought(Set.of(), Set.of(), Optional.of(Receipt.parse(text)), Optional.empty());
            }
            if (text.matches("r_\\d{1,18}")) {
                return new Sought(Set.of(), Set.of(), Optional.empty(), Optional.of(Names.parseRun(text)));
            }
            var records = new LinkedHashSet<String>();
            if (text.matches("[A-Za-z][\\w.-]*:\\S.*")) {
                records.add(text);
            }
            return new Sought(Identified.asked(text), records, Optional.empty(), Optional.empty());
        }
    }

    /** @param before only events with smaller numbers */
    public static PersonFacts find(Identifiers identifiers, Trails trails, Sought sought, long before, int most)
            throws SQLException {
        List<Long> ids = ids(identifiers, trails, sought, before, most + 1);
        List<Long> page = ids.subList(0, Math.min(ids.size(), most));
        List<EventLine> events = trails.events(page);
        List<Run> runs = page.isEmpty() ? List.of() : trails.runs(page);
        String next = ids.size() > page.size() ? new Receipt(page.get(page.size() - 1), false).name() : "";
        return new PersonFacts(events, runs, lines(trails, events, runs), next);
    }

    /** The newest first. */
    static List<Long> ids(Identifiers identifiers, Trails trails, Sought sought, long before, int most)
            throws SQLException {
        return hits(identifiers, trails, sought, before, most).stream()
                .map(Hit::event)
                .toList();
    }

    /** The events, the newest first, and whether each tells of whom is sought, or only what its runs fetched. */
    static List<Hit> hits(Identifiers identifiers, Trails trails, Sought sought, long before, int most)
            throws SQLException {
        if (sought.run.isPresent()) {
            return trails.eventOf(sought.run.get()).stream()
                    .map(event -> new Hit(event, false))
                    .toList();
        }
        return sought.event.isPresent()
                ? List.of(new Hit(sought.event.get(), false))
                : identifiers.hits(sought.forms, sought.records, before, most);
    }

    private static List<Line> lines(Trails trails, List<EventLine> events, List<Run> runs) throws SQLException {
        var lines = new ArrayList<Line>();
        for (EventLine event : events) {
            lines.add(new Line(
                    event.receivedAt(), "arrived", event.receipt(), "", event.type() + " of " + event.source(), ""));
        }
        List<Long> ids = runs.stream().map(Run::id).toList();
        var attempts = trails.attempts(ids);
        var deeds = trails.byHand(ids);
        for (Run run : runs) {
            attempts.getOrDefault(run.id(), List.of()).forEach(attempt -> lines.add(line(run, attempt)));
            deeds.getOrDefault(run.id(), List.of()).forEach(deed -> lines.add(line(run, deed)));
            if (run.finishedAt() != null) {
                String why = run.reason() == null ? "" : ": " + run.reason();
                lines.add(line(run, run.finishedAt(), "ended", run.flow() + " " + run.state() + why, run.state()));
            }
        }
        lines.sort(Comparator.comparing(Line::at, Comparator.nullsFirst(Comparator.naturalOrder())));
        return lines;
    }

    private static Line line(Run run, StepAttempt each) {
        String status = each.attempt().status() == null
                ? "no answer"
                : "answered " + each.attempt().status();
        String reason =
                each.attempt().reason().isEmpty() ? "" : ", " + each.attempt().reason();
        String words = run.flow() + " " + each.step() + ", try "
                + each.attempt().number() + ": " + each.attempt().endpoint() + " " + status + reason;
        return line(run, each.attempt().at(), "attempt", words, each.attempt().verdict());
    }

    private static Line line(Run run, Deed deed) {
        return line(run, deed.at(), "by_hand", deed.what() + " by " + deed.who() + ": " + deed.why(), "");
    }

    private static Line line(Run run, Instant at, String kind, String words, String verdict) {
        return new Line(at, kind, run.event().receipt(), run.name(), words, verdict);
    }

    /** The document of {@code serai find --json} and of {@code GET /api/v1/search}. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var eventList = json.putArray("events");
        for (EventLine event : events) {
            ObjectNode one = eventList
                    .addObject()
                    .put("receipt", event.receipt())
                    .put("source", event.source())
                    .put("type", event.type())
                    .put("record", event.record())
                    .put("received_at", RunFacts.text(event.receivedAt()));
            var runList = one.putArray("runs");
            runs.stream().filter(run -> run.event().id() == event.id()).forEach(run -> runList.addObject()
                    .put("run", run.name())
                    .put("flow", run.flow())
                    .put("state", run.state())
                    .put("step", run.step())
                    .put("reason", run.reason()));
        }
        var lineList = json.putArray("lines");
        lines.forEach(line -> lineList.addObject()
                .put("at", RunFacts.text(line.at))
                .put("kind", line.kind)
                .put("receipt", line.receipt)
                .put("run", line.run.isEmpty() ? null : line.run)
                .put("words", line.words)
                .put("verdict", line.verdict.isEmpty() ? null : line.verdict));
        json.put("next", next.isEmpty() ? null : next);
        return json;
    }
}
