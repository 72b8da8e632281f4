package dev.serai.route;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The key of one's own systems; it comes as {@code Authorization: Bearer …} or {@code X-API-Key}. */
final class ApiKey {
    private final String key;

    /** @param key empty: every door that asks for it stays closed */
    ApiKey(String key) {
        this.key = key;
    }

    /** Whether the request may go on; otherwise it is answered. */
    boolean admits(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (key.isEmpty()) {
            new HttpProblem(503, "closed", "this door has no key yet: set serai.api.key").send(response);
            return false;
        }
        if (!isGivenBy(request)) {
            response.putHeader("WWW-Authenticate", "Bearer");
            new HttpProblem(401, "key", "send the API key as Authorization: Bearer … or X-API-Key").send(response);
            return false;
        }
        return true;
    }

    private boolean isGivenBy(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        String given = header != null && header.startsWith("Bearer ")
                ? header.substring("Bearer ".length())
                : request.getHeader("X-API-Key");
        return given != null
                && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8));
    }
}
