package dev.serai.facts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.record.Identified;
import dev.serai.store.History;
import dev.serai.store.History.EventLine;
import dev.serai.store.History.Run;
import dev.serai.store.Identifiers;
import dev.serai.store.Trails;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** All that is stored about a person, page by page: events as they arrived, runs, answers of vendors, what people did. */
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
        PersonFacts found = PersonFacts.find(identifiers, trails, PersonFacts.Sought.of(typed), before, most);
        List<Long> ids = found.runs().stream().map(Run::id).toList();
        var answers = trails.answers(ids);
        ObjectNode json = JSON.createObjectNode();
        var events = json.putArray("events");
        for (EventLine event : found.events()) {
            ObjectNode one = event(events, event);
            var runs = one.putArray("runs");
            for (Run run : found.runs()) {
                if (run.event().id() == event.id()) {
                    ObjectNode line = RunFacts.read(history, run).json();
                    line.remove("event");
                    var given = line.putArray("answers");
                    answers.getOrDefault(run.id(), List.of())
                            .forEach(each -> payload(given.addObject().put("step", each.step()), each.answer()));
                    Corrected.of(history, run)
                            .filter(Corrected::isCorrected)
                            .ifPresent(made -> payload(
                                    line.putObject("corrected"), made.payload().bytes()));
                    history.evidence(run.id()).ifPresent(bytes -> payload(line.putObject("sent_and_heard"), bytes));
                    runs.add(line);
                }
            }
        }
        Set<String> texts = Identified.asked(typed).stream()
                .map(form -> form.replaceFirst("^(email|phone|id:[a-z]+):", ""))
                .collect(Collectors.toSet());
        var customers = json.putArray("customers");
        for (String row : trails.customers(texts)) {
            payload(customers.addObject(), row.getBytes(StandardCharsets.UTF_8));
        }
        var remote = json.putArray("remote_ids");
        trails.remoteIds(texts).forEach(remote::add);
        return json.put("next", found.next().isEmpty() ? null : found.next());
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

    /** As JSON where it is JSON, else as text. */
    private static void payload(ObjectNode into, byte[] bytes) {
        try {
            into.set("json", JSON.readTree(bytes));
        } catch (IOException e) {
            into.put("text", new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
