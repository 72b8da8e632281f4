package dev.serai.api;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What arrived, as JSON where it is JSON, else as text. */
final class Payloads {
    /** Numbers as they were written: what is shown here is corrected and handed back. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

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
