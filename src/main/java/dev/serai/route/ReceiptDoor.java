package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.api.Api;
import dev.serai.api.Caller;
import dev.serai.api.Declined;
import dev.serai.api.Role;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.Map;

/**
 * {@code GET /v1/receipts/{receipt}}: what the API says of it, for systems that have the key and ask what became of what they
 * sent. They are viewers, so people are masked; what others sent is not theirs to see.
 */
final class ReceiptDoor {
    private static final Caller SENDER = new Caller("serai.api.key", Role.VIEWER);

    private final Api api;
    private final ApiKey key;
    private final Desk desk;

    ReceiptDoor(Api api, ApiKey key, Desk desk) {
        this.api = api;
        this.key = key;
        this.desk = desk;
    }

    void handle(RoutingContext context) {
        if (key.refuse(context.request()).isPresent()) {
            return;
        }
        String receipt = context.pathParam("receipt");
        desk.ask(context, () -> answer(receipt, context.response()));
    }

    private Runnable answer(String receipt, HttpServerResponse response) throws SQLException {
        if (!receipt.matches("e_\\d{1,18}")) {
            return no("a receipt is written e_81, as the door answered it", response);
        }
        try {
            var request = new Api.Request("GET", "/receipts/" + receipt, Map.of(), MissingNode.getInstance());
            JsonNode proof = api.call(request, SENDER).body();
            if (!proof.path("source").asText().equals(EventDoor.SOURCE)) {
                // numbers are guessed: it is not told whether there is one of another source
                return no("there is no event " + receipt, response);
            }
            String json = proof.toString();
            return () -> response.putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(json);
        } catch (Declined e) {
            return e.status() == 404
                    ? no(e.getMessage(), response)
                    : () -> new HttpProblem(e.status(), e.code(), e.getMessage()).send(response);
        }
    }

    private static Runnable no(String words, HttpServerResponse response) {
        return () -> new HttpProblem(404, "no_such_receipt", words).send(response);
    }
}
