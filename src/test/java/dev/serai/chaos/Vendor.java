package dev.serai.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A remote system with bad days: asks for patience, fails, dawdles and breaks connections before or after the work,
 * by a seed. Keeps a log of every write it was asked for.
 */
final class Vendor implements AutoCloseable {
    /** What came of a request. */
    enum Reaction {
        DONE(200, true),
        PATIENCE(429, false),
        FAILED(503, false),
        BROKEN_BEFORE(0, false),
        BROKEN_AFTER(0, true);

        private final int status;
        private final boolean works;

        Reaction(int status, boolean works) {
            this.status = status;
            this.works = works;
        }

        boolean works() {
            return works;
        }

        /** Whether the sender can know that nothing was done; a write of class once may then be sent again. */
        boolean surelyRefused() {
            return this == PATIENCE;
        }
    }

    /**
     * A write the vendor was asked for.
     *
     * @param collection the first part of its path
     * @param key its {@code Idempotency-Key}, or empty
     */
    record Request(Instant at, String collection, String record, int number, String key, Reaction reaction) {
        String event() {
            return record + "." + number;
        }
    }

    private static final int LONGEST_DELAY_MS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Random chance;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Request> log = new ArrayList<>();
    private final Map<String, byte[]> tickets = new HashMap<>();
    private volatile boolean calm;

    Vendor(long seed) throws IOException {
        this.chance = new Random(seed);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on every request gets through, so that all comes to rest. */
    void calmDown() {
        calm = true;
    }

    /** Every write so far, in the order of their work. */
    synchronized List<Request> log() {
        return List.copyOf(log);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getPath().split("/");
            if (exchange.getRequestMethod().equals("GET")) {
                lookUp(exchange, path[2]);
                return;
            }
            Instant arrived = Instant.now();
            dawdle();
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            Reaction reaction = react(arrived, path[1], key == null ? "" : key, body);
            reply(exchange, reaction.status, body);
        }
    }

    private void lookUp(HttpExchange exchange, String id) throws IOException {
        byte[] ticket;
        synchronized (this) {
            ticket = tickets.get(id);
        }
        reply(exchange, ticket == null ? 404 : 200, ticket == null ? new byte[0] : ticket);
    }

    /** Status 0 breaks the connection. */
    private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (status == 0) {
            return;
        }
        if (status == 429) {
            exchange.getResponseHeaders().set("Retry-After", "1");
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized Reaction react(Instant arrived, String collection, String key, byte[] body)
            throws IOException {
        JsonNode told = JSON.readTree(body);
        Reaction reaction = calm ? Reaction.DONE : reaction(chance.nextInt(100));
        String record = told.path("record").asText();
        log.add(new Request(arrived, collection, record, told.path("number").asInt(), key, reaction));
        if (reaction.works() && collection.equals("tickets")) {
            tickets.put(told.path("id").asText(), body);
        }
        return reaction;
    }

    /** A quarter of all requests goes wrong. */
    private static Reaction reaction(int percent) {
        if (percent < 8) {
            return Reaction.PATIENCE;
        }
        if (percent < 15) {
            return Reaction.FAILED;
        }
        if (percent < 20) {
            return Reaction.BROKEN_BEFORE;
        }
        return percent < 25 ? Reaction.BROKEN_AFTER : Reaction.DONE;
    }

    private void dawdle() {
        int delay;
        synchronized (this) {
            delay = calm || chance.nextInt(3) > 0 ? 0 : chance.nextInt(LONGEST_DELAY_MS);
        }
        try {
            closed.await(delay, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
