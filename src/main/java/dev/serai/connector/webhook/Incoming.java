package dev.serai.connector.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One event of a request.
 *
 * @param key recognises a repeat, together with the connection it came by; at most 250 characters,
 *     and those of a hash where events of one request share an id
 * @param keyIsHash the event carries no id, so the key is a hash of its type and content. Two honest events can be equal
 *     ("set to 5", "set to 6", "set to 5"), so such a key may only hold inside a short window
 * @param type after the section's renames
 * @param record the record it is about, so its lane; empty: it may overtake and be overtaken
 * @param occurredAt when it happened according to the sender; empty when it does not say, or not in a form we know
 * @param version of the record, as the sender counts; compared for equality and order by the caller
 * @param payload exact bytes of the event as they arrived: the body, or the event's part of it
 * @param contentType what the payload is: {@code application/json}, or {@code application/x-www-form-urlencoded}
 */
public record Incoming(
        String key,
        boolean keyIsHash,
        String type,
        Optional<String> record,
        Optional<Instant> occurredAt,
        Optional<String> version,
        byte[] payload,
        String contentType) {

    /**
     * The key of an event that carries no id. With the type, because that may stand in a header: an order that is created
     * and paid can have one and the same body.
     */
    public static String hashKey(String type, JsonNode json) {
        try {
            byte[] text = (type + "\n" + CanonicalJson.of(json)).getBytes(StandardCharsets.UTF_8);
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same under another key. */
    Incoming with(String otherKey) {
        return new Incoming(otherKey, keyIsHash, type, record, occurredAt, version, payload, contentType);
    }

    /** Without the payload. */
    @Override
    public String toString() {
        return type + " " + key + " (" + payload.length + " bytes)";
    }
}
