package dev.serai.route;

import dev.serai.run.Admission;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The key of one's own systems; it comes as {@code Authorization: Bearer …} or {@code X-API-Key}. */
final class ApiKey {
    private final String key;

    /** @param key empty: every door that asks for it stays closed */
    ApiKey(String key) {
        this.key = key;
    }

    /** Why the request may not go on; it is answered then. */
    Optional<Admission> refuse(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (key.isEmpty()) {
            new HttpProblem(503, "closed", "this door has no key yet: set serai.api.key").send(response);
            return Optional.of(Admission.SOURCE_CLOSED);
        }
        if (!isGivenBy(request)) {
            response.putHeader("WWW-Authenticate", "Bearer");
            new HttpProblem(401, "key", "send the API key as Authorization: Bearer … or X-API-Key").send(response);
            return Optional.of(Admission.KEY);
        }
        return Optional.empty();
    }

    private boolean isGivenBy(HttpServerRequest request) {
        return given(request).filter(this::is).isPresent();
    }

    /** Whether that is the key; nothing is while there is none. */
    boolean is(String given) {
        return !key.isEmpty()
                && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8));
    }

    /** What the request carries as its key or token. */
    static Optional<String> given(HttpServerRequest request) {
        String header = request.getHeader("Authorization");
        return Optional.ofNullable(
                header != null && header.startsWith("Bearer ")
                        ? header.substring("Bearer ".length())
                        : request.getHeader("X-API-Key"));
    }
}
