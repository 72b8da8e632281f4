package dev.serai.route;

import dev.serai.facts.Proof;
import dev.serai.store.History;
import dev.serai.store.Receipt;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.util.Optional;

/** {@code GET /v1/receipts/{receipt}}: what {@code serai prove --json} says, for who has the API key. */
final class ReceiptDoor {
    private final History history;
    private final ApiKey key;
    private final Desk desk;

    ReceiptDoor(History history, ApiKey key, Desk desk) {
        this.history = history;
        this.key = key;
        this.desk = desk;
    }

    void handle(RoutingContext context) {
        if (!key.admits(context.request())) {
            return;
        }
        HttpServerResponse response = context.response();
        Optional<Long> number = number(context.pathParam("receipt"));
        if (number.isEmpty()) {
            new HttpProblem(404, "no_such_receipt", "a receipt is written e_81, as the door answered it")
                    .send(response);
            return;
        }
        desk.ask(context, () -> answer(number.get(), response));
    }

    private Runnable answer(long number, HttpServerResponse response) throws SQLException {
        Optional<Proof> proof = Proof.read(history, number);
        if (proof.isEmpty()) {
            String receipt = new Receipt(number, false).name();
            String words = history.left(number)
                    ? receipt + " has left the history: events are kept for serai.history.keep"
                    : "there is no event " + receipt;
            return () -> new HttpProblem(404, "no_such_receipt", words).send(response);
        }
        String json = proof.get().json().toString();
        return () -> response.putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store")
                .end(json);
    }

    private static Optional<Long> number(String receipt) {
        try {
            return Optional.of(Receipt.parse(receipt));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
