package dev.serai.facts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.record.Identified;
import dev.serai.store.Erasures.Erasure;
import dev.serai.store.Erasures.Forecast;
import java.util.List;

/** What is told of forgetting somebody: what would go, how far it is, and the certificate. */
public final class ErasureFacts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErasureFacts() {}

    /**
     * Checked so that nobody else is forgotten by mistake.
     *
     * @throws IllegalArgumentException saying which is unfit
     */
    public static List<String> subject(List<String> typed) {
        if (typed.isEmpty()) {
            throw new IllegalArgumentException("nobody is named; write an e-mail address, a phone number or contact:7");
        }
        for (String each : typed) {
            if (!isTelling(each.strip())) {
                throw new IllegalArgumentException(
                        "\"" + each + "\" may be the id of many things; write an e-mail address,"
                                + " a phone number with +, or the record: contact:" + each);
            }
        }
        return typed.stream().map(String::strip).toList();
    }

    /** Bare digits are not: they are the number of an order as well as of a phone. */
    private static boolean isTelling(String typed) {
        boolean said = typed.contains("@") || typed.startsWith("+") || typed.startsWith("00");
        return typed.matches("[A-Za-z][\\w.-]*:\\S.*")
                || said && Identified.asked(typed).stream().anyMatch(form -> !form.startsWith("id:"));
    }

    public static ObjectNode json(Forecast forecast) {
        ObjectNode json = JSON.createObjectNode().put("dry_run", true);
        json.put("events", forecast.events()).put("runs", forecast.runs()).put("open_runs", forecast.open());
        json.put("fetching_events", forecast.fetching());
        var records = json.putArray("records");
        forecast.records().forEach(records::add);
        return json;
    }

    public static ObjectNode json(Erasure erasure) {
        ObjectNode json = JSON.createObjectNode();
        json.put("erasure", erasure.name())
                .put("state", erasure.certificate().isPresent() ? "done" : "open")
                .put("asked_at", RunFacts.text(erasure.askedAt()))
                .put("asked_by", erasure.askedBy())
                .put("held", erasure.held());
        json.set("erased", erasure.counts());
        json.set("certificate", erasure.certificate().map(ErasureFacts::read).orElse(null));
        return json;
    }

    private static ObjectNode read(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
