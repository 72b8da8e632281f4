package dev.serai.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;

/**
 * A refusal as RFC 9457 problem JSON.
 *
 * @param code for machines: {@code signature_mismatch}
 * @param detail for people: what is wrong and what to do
 * @param retryAfter when trying again makes sense; zero when it does not
 */
record HttpProblem(int status, String code, String detail, Duration retryAfter) {

    HttpProblem(int status, String code, String detail) {
        this(status, code, detail, Duration.ZERO);
    }

    void send(HttpServerResponse response) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status).putHeader("Content-Type", "application/problem+json");
        if (!retryAfter.isZero()) {
            response.putHeader("Retry-After", Long.toString(retryAfter.toSeconds()));
        }
        response.end(JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("status", status)
                .put("code", code)
                .put("detail", detail)
                .toString());
    }
}
