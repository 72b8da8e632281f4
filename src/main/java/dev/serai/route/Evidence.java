package dev.serai.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.Transcript;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a claim of a run sent and was answered, the last try of each call. Held in memory, and written down only when the run dies:
 * {@code {mappings: [name@version], calls: [{step, connection, operation, request, answer, verdict, reason}], left_out: [step]}}.
 */
final class Evidence {
    /** Of a run, bodies only. What is larger is left out, and said to be. */
    private static final int MOST_BYTES = 64 * 1024;

    private record Told(Connector connector, String operation, Request request, Attempts.Tried tried) {
        int size() {
            return request.body().length
                    + (tried.answer() == null ? 0 : tried.answer().body().length);
        }
    }

    private final Map<String, Told> told = new LinkedHashMap<>();
    private final Set<String> leftOut = new TreeSet<>();
    private int size;

    /** @param connector with the token of the moment, so that it is known and left out */
    void note(String step, Connector connector, String operation, Request request, Attempts.Tried tried) {
        var call = new Told(connector, operation, request, tried);
        Told before = told.remove(step + " " + operation);
        size -= before == null ? 0 : before.size();
        if (size + call.size() > MOST_BYTES) {
            leftOut.add(step);
            return;
        }
        size += call.size();
        told.put(step + " " + operation, call);
    }

    /** @param mappings that shaped what was sent, as {@code name@version} */
    byte[] json(List<String> mappings) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        mappings.forEach(json.putArray("mappings")::add);
        var calls = json.putArray("calls");
        told.forEach((key, call) -> {
            var transcript = Transcript.of(call.connector);
            ObjectNode one = calls.addObject();
            one.put("step", key.substring(0, key.indexOf(' ')));
            one.put("connection", call.connector.name()).put("operation", call.operation);
            one.set("request", transcript.request(call.request));
            one.set("answer", call.tried.answer() == null ? null : transcript.answer(call.tried.answer()));
            one.put("verdict", call.tried.attempt().verdict())
                    .put("reason", call.tried.attempt().reason());
        });
        leftOut.forEach(json.putArray("left_out")::add);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
