package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.connector.webhook.FormBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;

/**
 * Message bodies inside a route: maps and lists, which Simple ({@code ${body[email]}}), JSONPath and {@code sql:} all
 * read. JSON comes in from the store and goes out to remotes.
 */
final class Bodies {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Bodies() {}

    /** JSON and forms as maps and lists; anything else as the bytes it is. */
    static Object read(String contentType, byte[] payload) {
        try {
            String type = contentType.toLowerCase(Locale.ROOT);
            if (type.contains("x-www-form-urlencoded")) {
                return JSON.convertValue(FormBody.read(payload), Map.class);
            }
            return type.contains("json") ? JSON.readValue(payload, Object.class) : payload;
        } catch (IOException e) {
            return payload;
        }
    }

    /** A recorded answer as the body it was; null when the remote had said nothing of use. */
    static Object answer(byte[] recorded) {
        return recorded == null ? null : read("application/json", recorded);
    }

    static Object plain(JsonNode node) {
        return node.isMissingNode() ? null : JSON.convertValue(node, Object.class);
    }

    /** The body as JSON, whatever a step has left there. @throws StepFailed when it is no JSON */
    static JsonNode json(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        try {
            if (body == null) {
                return JSON.createObjectNode();
            }
            if (body instanceof JsonNode node) {
                return node;
            }
            if (body instanceof byte[] bytes) {
                return JSON.readTree(bytes);
            }
            if (body instanceof String text) {
                return JSON.readTree(text);
            }
            return JSON.valueToTree(body);
        } catch (IOException | IllegalArgumentException e) {
            throw new StepFailed(
                    dev.serai.run.Outcome.fail("the body is not JSON: "
                            + (e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage())),
                    e);
        }
    }

    static byte[] bytes(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        return body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : json(exchange).toString().getBytes(StandardCharsets.UTF_8);
    }
}
