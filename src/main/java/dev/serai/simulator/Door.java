package dev.serai.simulator;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The HTTP side: reads requests, hands them to their vendor, sends what it says or does what a fault demands. */
final class Door implements AutoCloseable {
    private static final long WAIT_SECONDS = 120;

    private final Vertx vertx;
    private final Simulator simulator;
    private final Admin admin;
    /** Answers that a fault delays, by their timer; only the one event loop knows them. */
    private final Map<Long, Runnable> late = new LinkedHashMap<>();

    private HttpServer server;

    private Door(Vertx vertx, Simulator simulator) {
        this.vertx = vertx;
        this.simulator = simulator;
        this.admin = new Admin(simulator);
    }

    static Door open(int port, Simulator simulator) {
        var vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
        var door = new Door(vertx, simulator);
        try {
            door.listen(port);
            return door;
        } catch (RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private void listen(int port) {
        // over HTTP/2 several calls would share the connection a fault closes
        var options = new HttpServerOptions().setHost("127.0.0.1").setPort(port).setHttp2ClearTextEnabled(false);
        var starting = vertx.createHttpServer(options)
                .requestHandler(request -> request.body()
                        .onSuccess(body -> answer(request, body))
                        .onFailure(gone -> request.connection().close()))
                .listen();
        server = wait("start", starting.toCompletionStage().toCompletableFuture());
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request, Buffer body) {
        String[] parts = request.path().split("/", 3);
        String name = parts.length > 1 ? parts[1] : "";
        Asked asked = asked(request, parts.length > 2 ? "/" + parts[2] : "", body);
        if (name.equals("_simulator")) {
            send(request.response(), admin.answer(asked));
            return;
        }
        Vendor vendor;
        try {
            vendor = simulator.vendor(name);
        } catch (IllegalArgumentException e) {
            send(request.response(), Admin.problem(404, e.getMessage()));
            return;
        }
        Vendor.Handled handled = vendor.handle(asked, simulator.now());
        simulator.ledger().add(handled.call());
        long delay = handled.fault().map(fault -> fault.delay().toMillis()).orElse(0L);
        Runnable last = () -> {
            vendor.answered(handled);
            finish(request, handled);
        };
        if (delay > 0) {
            late.put(vertx.setTimer(delay, this::answerLate), last);
        } else {
            last.run();
        }
    }

    private void answerLate(long timer) {
        Runnable answer = late.remove(timer);
        if (answer != null) {
            answer.run();
        }
    }

    /** Whoever waits for a late answer gets it now. */
    void answerNow() {
        vertx.runOnContext(now -> List.copyOf(late.keySet()).forEach(timer -> {
            vertx.cancelTimer(timer);
            answerLate(timer);
        }));
    }

    private static Asked asked(HttpServerRequest request, String path, Buffer body) {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        request.headers().forEach(header -> headers.merge(header.getKey(), header.getValue(), (a, b) -> a + ", " + b));
        String query = request.query() == null ? "" : request.query();
        return new Asked(request.method().name(), path, query, headers, body.getBytes());
    }

    private static void finish(HttpServerRequest request, Vendor.Handled handled) {
        Fault.Kind kind = handled.fault().map(Fault::kind).orElse(Fault.Kind.ANSWER);
        switch (kind) {
            case DROP -> request.connection().close();
            case RESET -> reset(request);
            case TRUNCATE -> truncate(request, handled.answer());
            default -> send(request.response(), handled.answer());
        }
    }

    private static void send(HttpServerResponse response, Answer answer) {
        if (!response.closed()) {
            start(response, answer).end(Buffer.buffer(answer.body()));
        }
    }

    private static HttpServerResponse start(HttpServerResponse response, Answer answer) {
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        return response;
    }

    /** Announces the whole body, sends half of it and hangs up. */
    private static void truncate(HttpServerRequest request, Answer answer) {
        byte[] body = answer.body().length > 1 ? answer.body() : "{}".getBytes(StandardCharsets.UTF_8);
        start(request.response(), answer)
                .putHeader("Content-Length", String.valueOf(body.length))
                .write(Buffer.buffer(Arrays.copyOf(body, body.length / 2)))
                .onComplete(sent -> request.connection().close());
    }

    /** A close with nothing left to linger for is what makes TCP send RST instead of FIN. */
    private static void reset(HttpServerRequest request) {
        var channel = ((ConnectionBase) request.connection()).channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    @Override
    public void close() {
        wait("stop", vertx.close().toCompletionStage().toCompletableFuture());
    }

    private static <T> T wait(String what, CompletableFuture<T> future) {
        try {
            return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            String reason =
                    e.getCause() == null ? "no answer in time" : e.getCause().getMessage();
            throw new IllegalStateException("the simulator can't " + what + ": " + reason, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the simulator was to " + what, e);
        }
    }
}
