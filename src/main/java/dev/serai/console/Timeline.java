package dev.serai.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A run as it went on in time: its event, each attempt, what people did, its end. */
final class Timeline {
    private Timeline() {}

    /**
     * Something that happened.
     *
     * @param at as the API writes times
     * @param kind event, attempt, hand or end
     * @param verdict the word of an attempt or an end; empty for others
     * @param said what an attempt sent and was answered, as JSON; empty when it is not kept
     */
    public record Entry(String at, String kind, String verdict, String title, String detail, String said) {
        Entry(String at, String kind, String verdict, String title, String detail) {
            this(at, kind, verdict, title, detail, "");
        }
    }

    static List<Entry> of(JsonNode run) {
        var entries = new ArrayList<Entry>();
        JsonNode event = run.path("event");
        entries.add(new Entry(
                event.path("received_at").asText(),
                "event",
                "",
                "Event " + event.path("receipt").asText() + " arrived",
                event.path("type").asText() + " from " + event.path("source").asText()));
        run.path("attempts").forEach(attempt -> entries.add(attempt(attempt)));
        run.path("by_hand")
                .forEach(deed -> entries.add(new Entry(
                        deed.path("at").asText(),
                        "hand",
                        "",
                        deed.path("who").asText() + ": " + deed.path("what").asText(),
                        deed.path("why").asText(""))));
        if (!run.path("finished_at").isNull()) {
            String step = run.path("step").asText("");
            entries.add(new Entry(
                    run.path("finished_at").asText(),
                    "end",
                    run.path("state").asText(),
                    "The run ended"
                            + (step.isEmpty() || run.path("state").asText().equals("done") ? "" : " at " + step),
                    run.path("reason").asText("")));
        }
        entries.sort(Comparator.comparing(entry -> java.time.Instant.parse(entry.at)));
        return entries;
    }

    private static String said(JsonNode attempt) {
        if (!attempt.has("request")) {
            return "";
        }
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        said.set("request", attempt.path("request"));
        said.set("answer", attempt.path("answer"));
        return said.toPrettyString();
    }

    private static Entry attempt(JsonNode attempt) {
        JsonNode status = attempt.path("status");
        String detail = attempt.path("endpoint").asText()
                + (status.isNull() ? ", no answer" : ", status " + status.asInt())
                + ", " + attempt.path("duration_ms").asLong() + " ms";
        String reason = attempt.path("reason").asText("");
        return new Entry(
                attempt.path("at").asText(),
                "attempt",
                attempt.path("verdict").asText(),
                attempt.path("step").asText() + ", attempt "
                        + attempt.path("number").asInt(),
                detail + (reason.isEmpty() ? "" : ": " + reason),
                said(attempt));
    }
}
