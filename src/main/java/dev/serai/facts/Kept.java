package dev.serai.facts;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.store.History;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** What is kept of what a run sent and heard. @param claims {@code {mappings, calls, left_out}} of each, the oldest first */
record Kept(List<JsonNode> claims) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static Kept of(History history, long run) throws SQLException {
        return new Kept(history.evidence(run).stream().map(Kept::read).toList());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("evidence is no JSON", e);
        }
    }

    /** Of the last claim; missing when nothing is kept. */
    JsonNode last() {
        return claims.isEmpty() ? MissingNode.getInstance() : claims.get(claims.size() - 1);
    }

    /** Of the last claim the last try of each call. */
    List<JsonNode> calls() {
        var calls = new LinkedHashMap<String, JsonNode>();
        last().path("calls").forEach(call -> {
            String name =
                    call.path("step").asText() + " " + call.path("operation").asText();
            calls.remove(name);
            calls.put(name, call);
        });
        return List.copyOf(calls.values());
    }

    /** Of all claims each call once: the last try that went well, else the last one. */
    List<JsonNode> outcomes() {
        var calls = new LinkedHashMap<String, JsonNode>();
        for (JsonNode call : tries()) {
            String name =
                    call.path("step").asText() + " " + call.path("operation").asText();
            if (wentWell(call) || !calls.containsKey(name) || !wentWell(calls.get(name))) {
                calls.put(name, call);
            }
        }
        return List.copyOf(calls.values());
    }

    static boolean wentWell(JsonNode call) {
        return List.of("success", "ignore").contains(call.path("verdict").asText());
    }

    /** All that was tried, of all claims, in the order of time. */
    List<JsonNode> tries() {
        return claims.stream()
                .flatMap(claim -> StreamSupport.stream(claim.path("calls").spliterator(), false))
                .toList();
    }

    /** The names of the mappings that shaped something, without their versions. */
    Set<String> mappings() {
        var names = new TreeSet<String>();
        claims.forEach(claim ->
                claim.path("mappings").forEach(name -> names.add(name.asText().replaceAll("@.*", ""))));
        return names;
    }
}
