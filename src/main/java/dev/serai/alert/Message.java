package dev.serai.alert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Judge.News;
import dev.serai.record.Masks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people are told of an alert: facts for programs, and a title and a text for people, made here and nowhere else. */
public final class Message {
    private static final int LONGEST_TITLE = 180;

    private Message() {}

    /** Of what a look has found. @param publicUrl where people reach this hub; empty when nobody said */
    public static ObjectNode of(Finding found, Alert alert, String publicUrl) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Rule rule = found.rule();
        body.put("kind", rule.signal().word());
        found.about().forEach(body::put);
        String errorClass = found.about().getOrDefault("class", "");
        if (rule.signal() == Signal.IN_DOUBT) {
            errorClass = "in-doubt";
        }
        body.put("since", alert.times().since().toString());
        body.put("owner", Advice.owner(errorClass));
        body.put("cause", Advice.cause(rule.signal(), errorClass));
        body.put("replay", found.touched() == null ? Advice.replay(rule.signal()) : found.replay());
        if (found.waiting() > 0) {
            body.put("waiting_runs", found.waiting());
        }
        body.put("records", found.records());
        if (found.resting() > 0) {
            body.put("resting", found.resting());
        }
        body.put("what_to_do", Advice.whatToDo(rule.signal(), body));
        identify(body, found.key(), rule, publicUrl);
        return count(body, alert);
    }

    /** What changes from look to look. */
    public static ObjectNode count(ObjectNode body, Alert alert) {
        return body.put("severity", alert.severity().word()).put("count", alert.count());
    }

    /**
     * Makes an alert of an event that tells of a state. Marks it as off when no rule wants it (any more): then it names the alert and
     * nothing else.
     *
     * @param subject what it is about, such that its beginning and its end have the same
     * @param severe whether it is as bad as it can be
     */
    public static ObjectNode ofState(ObjectNode body, String subject, boolean severe, Rules rules, String publicUrl) {
        Signal signal = Signal.ofKind(body.path("kind").asText());
        String key = signal.word() + " " + subject;
        var rule = rules.of(
                signal, body.path("flow").asText(), body.path("connection").asText());
        if (rule.isEmpty()) {
            return body.put("alert", Alert.name(key)).put("key", key).put("off", true);
        }
        identify(body, key, rule.get(), publicUrl);
        Severity severity = severe ? Severity.CRITICAL : rule.get().severity();
        body.put("severity", severity.word());
        if (body.path("cause").isMissingNode()) {
            body.put("cause", Advice.cause(signal, ""));
        }
        if (body.path("owner").isMissingNode()) {
            body.put("owner", Advice.owner(""));
        }
        body.put("replay", Advice.replay(signal));
        return body;
    }

    /** An end that no rule wants any more is told as its beginning was. @param beginning what people were told */
    public static void endAs(ObjectNode end, ObjectNode beginning) {
        end.remove("off");
        for (String name : List.of("rule", "signal", "severity", "team", "link", "runbook", "cause", "owner")) {
            if (!end.has(name) && beginning.has(name)) {
                end.set(name, beginning.get(name));
            }
        }
        tell(end, News.RESOLVED);
    }

    private static void identify(ObjectNode body, String key, Rule rule, String publicUrl) {
        String name = Alert.name(key);
        body.put("alert", name).put("key", key).put("rule", rule.name());
        body.put("signal", rule.signal().word()).put("team", rule.team());
        body.put("link", publicUrl + "/alerts/" + name);
        String errorClass = body.path("class").asText();
        String page = !rule.runbook().isEmpty()
                ? rule.runbook()
                : errorClass.isEmpty() ? rule.signal().runbook() : errorClass;
        body.put("runbook", page.startsWith("http") ? page : publicUrl + "/runbooks/" + page);
    }

    /** Says what is new, in facts and in words. It leaves the house: addresses and numbers of people in it are hidden. */
    public static ObjectNode tell(ObjectNode body, News news) {
        boolean over = news == News.RESOLVED;
        if (body.has("reason")) {
            body.put("reason", Masks.inText(body.path("reason").asText()));
        }
        body.put("state", over ? "resolved" : "open").put("news", news.name().toLowerCase(Locale.ROOT));
        String severity = body.path("severity").asText();
        String reason = body.path("reason").asText();
        String lead =
                over ? "Over: " : news == News.ESCALATED ? "Worse, " + severity + ": " : sentence(severity) + ": ";
        body.put("title", cut(lead + reason));
        body.put("text", over ? over(body) : text(body));
        return body;
    }

    private static String text(ObjectNode body) {
        var text = new StringBuilder();
        line(text, "", sentence(body.path("reason").asText()));
        line(text, "Cause: ", body.path("cause").asText());
        line(text, "Owner: ", Advice.ownerInWords(body.path("owner").asText()));
        line(text, "What to do: ", body.path("what_to_do").asText());
        line(text, "Reach: ", reach(body));
        line(text, "Replay: ", body.path("replay").asText());
        line(text, "Team: ", body.path("team").asText());
        line(text, "Runbook: ", body.path("runbook").asText());
        line(text, "Alert: ", body.path("link").asText());
        return text.toString().stripTrailing();
    }

    /** How many records it touches, how many runs wait, since when, and of which flows. */
    private static String reach(ObjectNode body) {
        var parts = new ArrayList<String>();
        long records = body.path("records").asLong();
        if (records > 0) {
            long resting = body.path("resting").asLong();
            parts.add(records
                    + (records == 1 ? " record" : " records")
                    + (resting == 0
                            ? ""
                            : ", " + resting + (resting == 1 ? " of which rests" : " of which rest")
                                    + " for having failed so again and again"));
        }
        long waiting = body.path("waiting_runs").asLong();
        if (waiting > 0) {
            String since = body.path("waiting_since").asText();
            parts.add(waiting
                    + (waiting == 1 ? " run waits" : " runs wait")
                    + (since.isEmpty() ? "" : ", the oldest since " + since));
        }
        var flows = new ArrayList<String>();
        body.path("flows").forEach(flow -> flows.add(flow.asText()));
        if (!flows.isEmpty()) {
            parts.add("flows " + String.join(", ", flows));
        }
        return String.join("; ", parts);
    }

    private static String over(ObjectNode body) {
        var text = new StringBuilder();
        line(
                text,
                "Over, since " + body.path("over_at").asText("now") + ": ",
                body.path("reason").asText());
        line(text, "Alert: ", body.path("link").asText());
        return text.toString().stripTrailing();
    }

    private static void line(StringBuilder text, String lead, String words) {
        if (!words.isEmpty()) {
            text.append(lead).append(words).append('\n');
        }
    }

    private static String sentence(String words) {
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_TITLE ? text : text.substring(0, LONGEST_TITLE - 1) + "…";
    }
}
