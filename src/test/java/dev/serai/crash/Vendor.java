package dev.serai.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A remote system that works well, and sees each hub by an address of its own: a dead hub's words don't reach it. */
final class Vendor implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Mortal> hubs = new ConcurrentHashMap<>();
    private final Ledger ledger = new Ledger();

    Vendor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** Where a hub reaches it. */
    String url(String hub, Mortal mortal) {
        hubs.put(hub, mortal);
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + hub;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Leaving without an answer breaks the connection. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String[] path = exchange.getRequestURI().getPath().split("/");
            Mortal hub = hubs.get(path[1]);
            String collection = path[2];
            String name = exchange.getRequestMethod() + " " + collection;
            if (hub.dead()) {
                return;
            }
            boolean write = !exchange.getRequestMethod().equals("GET");
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            var entry = new Ledger.Entry(collection, write ? event(body) : path[3], key == null ? "" : key, body);
            ledger.receive(entry);
            if (!hub.passes("when " + name + " has arrived and nothing is done yet")) {
                return;
            }
            if (write) {
                ledger.work(entry);
            }
            if (hub.passes("when " + name + " is done and not answered yet")) {
                // an answer that is on its way arrives, whatever happens to the hub
                hub.passes("when " + name + " is answered");
                reply(exchange, write ? body : read(collection, path[3]));
            }
        }
    }

    private String read(String collection, String id) {
        return collection.equals("tickets") ? ledger.ticket(id) : "{\"account\":\"" + id + "\"}";
    }

    private static String event(String body) throws IOException {
        return JSON.readTree(body).path("id").asText();
    }

    private static void reply(HttpExchange exchange, String text) throws IOException {
        byte[] body = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(text == null ? 404 : 200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
