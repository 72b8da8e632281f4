package dev.serai.facts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.AlertBook.Entry;
import java.util.List;
import java.util.Locale;

/** What is told of an alert: on the command line, over HTTP and in the console the same. */
public final class AlertFacts {
    /** Of what the message says, what a list shows; the rest is of the one alert. */
    private static final List<String> SHOWN = List.of("team", "reason", "runbook", "link");

    /** Made for messages, or said beside. */
    private static final List<String> NOT_TOLD = List.of("key", "title", "text", "news", "alert", "over_at");

    private AlertFacts() {}

    /** As lists show it. */
    public static ObjectNode line(Entry entry) {
        ObjectNode json = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        json.put("alert", entry.alert().name())
                .put("state", entry.alert().state().name().toLowerCase(Locale.ROOT))
                .put("severity", entry.alert().severity().word())
                .put("signal", entry.signal())
                .put("rule", entry.alert().rule())
                .put("since", RunFacts.text(entry.alert().times().since()))
                .put("seen_at", RunFacts.text(entry.alert().times().seenAt()));
        boolean over = entry.alert().state() == dev.serai.alert.Alert.State.RESOLVED;
        json.put("resolved_at", over ? RunFacts.text(entry.alert().times().resolvedAt()) : null)
                .put("count", entry.alert().count())
                .put("told", entry.alert().told() != null)
                .put("acknowledged_by", entry.ackedBy())
                .put("silenced_until", RunFacts.text(entry.alert().times().silencedUntil()));
        SHOWN.forEach(name -> json.put(name, entry.body().path(name).asText()));
        return json;
    }

    /** All of it. {@code facts} is what its kind knows: flow, step, connection, class, cause, what to do, replay, … */
    public static ObjectNode json(Entry entry) {
        ObjectNode json = line(entry);
        json.put("flaps", entry.alert().flaps()).put("muted", entry.alert().muted());
        json.put("acknowledged_at", RunFacts.text(entry.ackedAt()));
        ObjectNode facts = json.putObject("facts");
        entry.body().properties().forEach(fact -> {
            boolean said = json.has(fact.getKey()) || NOT_TOLD.contains(fact.getKey());
            boolean empty =
                    fact.getValue().isTextual() && fact.getValue().asText().isEmpty();
            if (!said && !empty) {
                facts.set(fact.getKey(), fact.getValue());
            }
        });
        return json;
    }
}
