package dev.serai.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What arrived, as JSON where it is JSON, else as text. */
final class Payloads {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Payloads() {}

    static ObjectNode json(History.Payload payload) {
        ObjectNode json =
                Json.object().put("content_type", payload.contentType()).put("size", payload.bytes().length);
        try {
            json.set("json", JSON.readTree(payload.bytes()));
        } catch (IOException e) {
            json.put("text", new String(payload.bytes(), StandardCharsets.UTF_8));
        }
        return json;
    }
}
