package dev.serai.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connector.Connector;
import dev.serai.connector.Operation;
import dev.serai.connector.Request;
import dev.serai.connector.Transcript;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a claim of a run sent and was answered, each try, in their order. Held in memory; {@link Keeping} says when it is written
 * down: {@code {noted: true, mappings: [name@version], calls: [{step, number, at, connection, operation, request, answer, verdict, reason}],
 * left_out: [step]}}.
 */
final class Evidence {
    /** Of a claim. When it is more, tries that were followed by another one go first; what is too large itself is left out. */
    private static final int MOST_BYTES = 64 * 1024;
    /** Of a try beside its bodies: address, headers, reason. */
    private static final int BESIDE = 256;

    private record Told(String step, Connector connector, String operation, Request request, Attempts.Tried tried) {
        /** What is made again when it is tried again. */
        String call() {
            return step + " " + operation;
        }

        int size() {
            return BESIDE
                    + request.body().length
                    + (tried.answer() == null ? 0 : tried.answer().body().length);
        }
    }

    private final List<Told> told = new ArrayList<>();
    private final Set<String> leftOut = new TreeSet<>();
    private int size;
    private boolean failed;
    private boolean wrote;

    /** @param connector with the token of the moment, so that it is known and left out */
    void note(String step, Connector connector, String operation, Request request, Attempts.Tried tried) {
        var call = new Told(step, connector, operation, request, tried);
        boolean well = tried.outcome().succeeded();
        failed |= !well;
        wrote |= well && connector.operation(operation) instanceof Operation.Write;
        told.add(call);
        size += call.size();
        while (size > MOST_BYTES) {
            int followed = followed();
            size -= told.remove(followed < 0 ? told.size() - 1 : followed).size();
            if (followed < 0) {
                leftOut.add(step);
            }
        }
    }

    /** The oldest try after which the same call was tried again; -1 when there is none. */
    private int followed() {
        var later = new HashSet<String>();
        int oldest = -1;
        for (int i = told.size() - 1; i >= 0; i--) {
            if (!later.add(told.get(i).call())) {
                oldest = i;
            }
        }
        return oldest;
    }

    /** Whether nothing was sent. */
    boolean isEmpty() {
        return told.isEmpty() && leftOut.isEmpty();
    }

    /** Whether a try did not succeed. */
    boolean failed() {
        return failed;
    }

    /** Whether something was done that the next claim does not do again. */
    boolean wrote() {
        return wrote;
    }

    /** @param mappings that shaped what was sent, as {@code name@version} */
    ObjectNode json(List<String> mappings) {
        // first and always: what an earlier version wrote does not say it, and whom that tells of nobody may have noted
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("noted", true);
        mappings.forEach(json.putArray("mappings")::add);
        var calls = json.putArray("calls");
        var transcripts = new IdentityHashMap<Connector, Transcript>();
        for (Told call : told) {
            var transcript = transcripts.computeIfAbsent(call.connector, Transcript::of);
            var attempt = call.tried.attempt();
            ObjectNode one = calls.addObject();
            one.put("step", call.step).put("number", attempt.number());
            one.put("at", attempt.at().toString());
            one.put("connection", call.connector.name()).put("operation", call.operation);
            one.set("request", transcript.request(call.request));
            one.set("answer", call.tried.answer() == null ? null : transcript.answer(call.tried.answer()));
            one.put("verdict", attempt.verdict()).put("reason", attempt.reason());
        }
        leftOut.forEach(json.putArray("left_out")::add);
        return json;
    }
}
