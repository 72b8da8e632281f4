package dev.serai.route;

import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Camel's HTTP server, which never has to say "not yet" or "not any more". It listens when the hub can accept and no
 * sooner; until then a sender's connection is refused, and it goes to another hub at once. While the hub stops it goes
 * on answering what reaches it, asks each sender for a new connection, and closes its socket when nothing waits for an
 * answer.
 */
final class HubServer extends DefaultMainHttpServerFactory {
    /** A request that is sent drop by drop does not hold the stop up for longer. */
    private static final Duration LAST_ANSWERS_WITHIN = Duration.ofSeconds(5);

    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean stopping;
    private Listening listening;
    private MainHttpServer server;

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
        var configuration = ((MainHttpServer) super.newHttpServer(context, properties)).getConfiguration();
        configuration.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
        listening = new Listening(configuration);
        server = new MainHttpServer() {
            @Override
            protected void doInit() throws Exception {
                getCamelContext().addService(listening);
            }

            @Override
            protected void doStart() throws Exception {
                ServiceHelper.startService(listening);
                super.doStart();
            }
        };
        server.setConfiguration(configuration);
        server.setCamelContext(context);
        return server;
    }

    /** Where doors hang. */
    Router router() {
        return server.getRouter();
    }

    /** Opens the socket. @throws IllegalStateException when the address is taken */
    void listen() {
        router().route().order(Integer.MIN_VALUE).handler(this::follow);
        listening.listen(router());
    }

    /** From now on each answer ends its connection, so that the sender's next request goes elsewhere. */
    void stopping() {
        stopping = true;
    }

    /** Whether a sender is well advised to come here. */
    boolean ready() {
        return listening.socket != null && !stopping;
    }

    int port() {
        return listening.socket.actualPort();
    }

    private void follow(RoutingContext context) {
        unanswered.incrementAndGet();
        context.addHeadersEndHandler(headers -> {
            if (stopping) {
                context.response().putHeader("Connection", "close");
            }
        });
        context.addEndHandler(end -> {
            if (unanswered.decrementAndGet() == 0 && stopping) {
                allAnswered();
            }
        });
        context.next();
    }

    private synchronized void allAnswered() {
        notifyAll();
    }

    private synchronized void awaitAnswers() throws InterruptedException {
        long end = System.nanoTime() + LAST_ANSWERS_WITHIN.toNanos();
        for (long left = end - System.nanoTime(); unanswered.get() > 0 && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Camel starts and stops it with the context: before the flows, and after them. */
    private final class Listening extends VertxPlatformHttpServer {
        private final VertxPlatformHttpServerConfiguration address;
        private volatile HttpServer socket;

        Listening(VertxPlatformHttpServerConfiguration address) {
            super(address);
            this.address = address;
        }

        void listen(Router router) {
            try {
                socket = getVertx()
                        .createHttpServer()
                        .requestHandler(router)
                        .listen(address.getBindPort(), address.getBindHost())
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException e) {
                throw new IllegalStateException(
                        "Can't listen on " + address.getBindHost() + ":" + address.getBindPort() + ": "
                                + e.getCause().getMessage() + ". See serai.http.host and serai.http.port.",
                        e);
            }
        }

        @Override
        protected void startServer() {
            // not yet: the flows are not loaded
        }

        @Override
        protected void stopServer() {
            if (socket == null) {
                return;
            }
            try {
                awaitAnswers();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            socket.close().toCompletionStage().toCompletableFuture().join();
        }

        @Override
        protected void stopVertx() {
            if (getVertx() != null) {
                getVertx().close().toCompletionStage().toCompletableFuture().join();
            }
        }
    }
}
