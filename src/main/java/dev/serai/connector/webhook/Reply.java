package dev.serai.connector.webhook;

import java.util.Map;

/**
 * What a handshake is answered with, status 200. Such a request is no event and is not stored.
 *
 * @param headers besides the content type
 */
public record Reply(String contentType, String body, Map<String, String> headers) {
    Reply(String contentType, String body) {
        this(contentType, body, Map.of());
    }
}
