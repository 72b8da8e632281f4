package dev.serai.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.record.Identified;
import dev.serai.store.History;
import dev.serai.store.History.EventLine;
import dev.serai.store.History.Run;
import dev.serai.store.Identifiers;
import dev.serai.store.Identifiers.Hit;
import dev.serai.store.PersonTraces;
import dev.serai.store.PersonTraces.Finding;
import dev.serai.store.Receipt;
import dev.serai.store.Trails;
import dev.serai.store.Trails.StepAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * All that is stored about a person, page by page: events as they arrived, runs, answers of vendors, what people did and wrote. An
 * event of somebody else, whose runs came upon the person in a list or a search, is counted and not handed over: what it holds is
 * another's.
 */
public final class PersonExport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Identifiers identifiers;
    private final Trails trails;
    private final History history;

    public PersonExport(Identifiers identifiers, Trails trails, History history) {
        this.identifiers = identifiers;
        this.trails = trails;
        this.history = history;
    }

    /** @param before only events with smaller numbers @param most events of this page */
    public ObjectNode page(String typed, long before, int most) throws SQLException {
        List<Hit> hits = PersonFacts.hits(identifiers, trails, PersonFacts.Sought.of(typed), before, most + 1);
        List<Hit> page = hits.subList(0, Math.min(hits.size(), most));
        List<Long> own =
                page.stream().filter(hit -> !hit.fetched()).map(Hit::event).toList();
        PersonTraces traces = trails.traces(typed, Identified.asked(typed));
        ObjectNode json = JSON.createObjectNode();
        events(json.putArray("events"), own, traces);
        json.put("fetched_events", page.size() - own.size());
        var customers = json.putArray("customers");
        for (String row : traces.customers()) {
            payload(customers.addObject(), row.getBytes(StandardCharsets.UTF_8));
        }
        var remote = json.putArray("remote_ids");
        traces.remoteIds().forEach(remote::add);
        var mentions = json.putArray("mentions");
        if (before == Long.MAX_VALUE) {
            traces.mentions()
                    .forEach(each ->
                            mentions.addObject().put("where", each.where()).put("text", each.text()));
        }
        return json.put(
                "next",
                hits.size() > page.size()
                        ? new Receipt(page.get(page.size() - 1).event(), false).name()
                        : null);
    }

    private void events(ArrayNode events, List<Long> own, PersonTraces traces) throws SQLException {
        List<Run> runs = own.isEmpty() ? List.of() : trails.runs(own);
        var answers = trails.answers(runs.stream().map(Run::id).toList());
        Map<Long, List<Finding>> findings = traces.findings(own);
        for (EventLine event : trails.events(own)) {
            ObjectNode one = event(events, event);
            var lines = one.putArray("runs");
            for (Run run : runs) {
                if (run.event().id() == event.id()) {
                    lines.add(run(run, answers.getOrDefault(run.id(), List.of())));
                }
            }
            var found = one.putArray("drift");
            findings.getOrDefault(event.id(), List.of()).forEach(each -> found.addObject()
                    .put("path", each.path())
                    .put("detail", each.detail())
                    .put("was", each.was())
                    .put("example", each.example()));
        }
    }

    private ObjectNode event(ArrayNode events, EventLine event) throws SQLException {
        ObjectNode one = events.addObject()
                .put("receipt", event.receipt())
                .put("source", event.source())
                .put("type", event.type())
                .put("record", event.record())
                .put("received_at", RunFacts.text(event.receivedAt()));
        history.payload(event.id()).ifPresent(payload -> payload(one, payload.bytes()));
        return one;
    }

    private ObjectNode run(Run run, List<StepAnswer> answers) throws SQLException {
        RunFacts facts = RunFacts.read(history, run);
        ObjectNode line = facts.json();
        line.remove("event");
        JsonNode deeds = line.path("by_hand");
        for (int i = 0; i < deeds.size(); i++) {
            String patch = facts.byHand().get(i).patch();
            if (patch != null) {
                payload(((ObjectNode) deeds.get(i)).putObject("patch"), patch.getBytes(StandardCharsets.UTF_8));
            }
        }
        var given = line.putArray("answers");
        answers.forEach(each -> payload(given.addObject().put("step", each.step()), each.answer()));
        Corrected.of(history, run)
                .filter(made -> made.isCorrected() && !made.lost())
                .ifPresent(made ->
                        payload(line.putObject("corrected"), made.payload().bytes()));
        List<String> kept = history.evidence(run.id());
        if (!kept.isEmpty()) {
            var claims = line.putArray("sent_and_heard");
            kept.forEach(claim -> payload(claims.addObject(), claim.getBytes(StandardCharsets.UTF_8)));
        }
        return line;
    }

    /** As JSON where it is JSON, else as text. */
    private static void payload(ObjectNode into, byte[] bytes) {
        try {
            into.set("json", JSON.readTree(bytes));
        } catch (IOException e) {
            into.put("text", new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
