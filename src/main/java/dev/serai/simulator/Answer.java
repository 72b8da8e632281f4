package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a vendor answers. */
record Answer(int status, Map<String, String> headers, byte[] body) {

    static Answer json(int status, JsonNode body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), Json.bytes(body));
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    /** Adds or replaces headers; {@code more} is a JSON object of names and values, or anything else for none. */
    Answer with(JsonNode more) {
        var all = new LinkedHashMap<>(headers);
        more.properties()
                .forEach(header -> all.put(header.getKey(), header.getValue().asText()));
        return new Answer(status, all, body);
    }

    Answer with(String name, String value) {
        return with(Json.MAKE.objectNode().put(name, value));
    }
}
