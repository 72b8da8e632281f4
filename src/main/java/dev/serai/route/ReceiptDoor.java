package dev.serai.route;

import dev.serai.facts.Proof;
import dev.serai.store.History;
import dev.serai.store.Receipt;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/receipts/{receipt}}: what {@code serai prove --json} says. It asks the database on two threads of its own,
 * so that many who ask hold up neither the doors nor the runs.
 */
final class ReceiptDoor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptDoor.class);
    private static final int THREADS = 2;
    private static final int WAITING = 100;
    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final Duration AWAY = Duration.ofSeconds(5);

    private final History history;
    private final ApiKey key;
    private final ThreadPoolExecutor threads;

    ReceiptDoor(History history, ApiKey key) {
        this.history = history;
        this.key = key;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    var thread = new Thread(task, "serai-receipts");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
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
        // the answer is written where the request came in: a response belongs to its thread
        Context own = Vertx.currentContext();
        try {
            threads.execute(() -> {
                Runnable answer = answer(number.get(), response);
                own.runOnContext(done -> answer.run());
            });
        } catch (RejectedExecutionException e) {
            new HttpProblem(503, "busy", "too many ask for receipts; ask again", BUSY).send(response);
        }
    }

    private Runnable answer(long number, HttpServerResponse response) {
        try {
            Optional<Proof> proof = Proof.read(history, number);
            if (proof.isEmpty()) {
                String receipt = new Receipt(number, false).name();
                return () -> new HttpProblem(
                                404,
                                "no_such_receipt",
                                "there is no event " + receipt + "; it may have left the history already")
                        .send(response);
            }
            String json = proof.get().json().toString();
            return () -> response.putHeader("Content-Type", "application/json")
                    .putHeader("Cache-Control", "no-store")
                    .end(json);
        } catch (SQLException e) {
            LOG.warn("receipt.not_read: {}", e.getMessage());
            return () -> new HttpProblem(503, "store_away", "the database can't be asked now; ask again", AWAY)
                    .send(response);
        } catch (RuntimeException e) {
            LOG.error("receipt.not_read: a fault of Serai", e);
            return () -> new HttpProblem(500, "fault", "the hub failed").send(response);
        }
    }

    private static Optional<Long> number(String receipt) {
        try {
            return Optional.of(Receipt.parse(receipt));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
