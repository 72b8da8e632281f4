package dev.serai.route;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database for people, on a few threads of its own: many who ask hold up neither the doors nor the runs, and
 * nobody is left without an answer. A hub has several, so that what takes long does not hold up what is quick.
 */
final class Desk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final int THREADS = 3;
    private static final int WAITING = 100;
    private static final Duration BUSY = Duration.ofSeconds(1);
    private static final Duration AWAY = Duration.ofSeconds(5);

    private final ThreadPoolExecutor threads;

    /** @param name of its threads */
    Desk(String name) {
        var waiting = new ArrayBlockingQueue<Runnable>(WAITING);
        threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, waiting, task -> {
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Something that takes a database; what it returns writes the answer. */
    interface Errand {
        Runnable answer() throws SQLException;
    }

    void ask(RoutingContext context, Errand errand) {
        HttpServerResponse response = context.response();
        // the answer is written where the request came in: a response belongs to its thread
        Context own = Vertx.currentContext();
        try {
            threads.execute(() -> {
                Runnable answer = answer(errand, context);
                own.runOnContext(done -> {
                    if (!response.ended() && !response.closed()) {
                        answer.run();
                    }
                });
            });
        } catch (RejectedExecutionException e) {
            new HttpProblem(503, "busy", "too many ask; ask again", BUSY).send(response);
        }
    }

    private static Runnable answer(Errand errand, RoutingContext context) {
        HttpServerResponse response = context.response();
        try {
            return errand.answer();
        } catch (SQLException e) {
            LOG.warn("desk.not_asked: {}", e.getMessage());
            boolean looks = context.request().method().equals(HttpMethod.GET);
            return () -> new HttpProblem(
                            503,
                            "store_away",
                            "the database can't be asked now; "
                                    + (looks
                                            ? "ask again"
                                            : "what was asked for may have been done, or part of it: look at the audit before"
                                                    + " you ask again"),
                            AWAY)
                    .send(response);
        } catch (RuntimeException e) {
            LOG.error("desk.not_asked: a fault of Serai", e);
            return () -> new HttpProblem(500, "fault", "the hub failed").send(response);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
