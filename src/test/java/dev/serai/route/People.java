package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A vendor without an upsert: persons that are searched (what was just made is not found yet), created and updated. */
final class People implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param at when it was made, by the clock of the machine */
    private record Person(String email, long at) {}

    private final HttpServer server;
    private final Map<Integer, Person> persons = new TreeMap<>();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final List<Long> posted = new ArrayList<>();
    final Map<String, String> jobs = new ConcurrentHashMap<>();
    volatile Duration searchLag = Duration.ZERO;
    volatile Duration slowly = Duration.ZERO;
    volatile int loseAnswers;
    volatile int refuseToAnswer;
    /** How many questions for a job are answered as if there were none. */
    volatile int unseenFor;
    /** How many searches are answered without their list. */
    volatile int halves;
    /** How many calls of a person are answered as if there were none. */
    volatile int unknown;

    volatile int created;
    volatile int posts;
    volatile long searches;
    volatile int imports;
    volatile int asked;
    /** What the last update of a person sent. */
    volatile String update = "";
    /** What the updates that replace a person have left of it, by id. */
    private final Map<Integer, JsonNode> wholes = new ConcurrentHashMap<>();

    /** What a read of a person waits for, for a second: that others read one too. */
    volatile CountDownLatch readers = new CountDownLatch(0);
    /** Of the last call. */
    volatile String authorization = "";

    People() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized void reset() {
        persons.clear();
        calls.clear();
        posted.clear();
        jobs.clear();
        wholes.clear();
        readers = new CountDownLatch(0);
        searchLag = Duration.ZERO;
        slowly = Duration.ZERO;
        loseAnswers = refuseToAnswer = unseenFor = halves = unknown = created = posts = imports = asked = 0;
        searches = 0;
        update = "";
    }

    synchronized List<String> emails() {
        return persons.values().stream().map(Person::email).toList();
    }

    synchronized void add(String email) {
        persons.put(persons.size() + 1, new Person(email, 0));
    }

    synchronized void deleteAll() {
        persons.clear();
        wholes.clear();
    }

    int calls(String path) {
        return calls.getOrDefault(path, 0);
    }

    synchronized Duration apart() {
        return Duration.ofNanos(posted.get(1) - posted.get(0));
    }

    private void handle(HttpExchange call) throws IOException {
        try (call) {
            String path = call.getRequestURI().getPath();
            calls.merge(path, 1, Integer::sum);
            authorization = String.valueOf(call.getRequestHeaders().getFirst("Authorization"));
            byte[] body = call.getRequestBody().readAllBytes();
            if (!slowly.isZero()) {
                Thread.sleep(slowly.toMillis()); // a slow vendor: what asks meanwhile waits for the same answer
            }
            answer(call, path, body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A person as a read tells it. */
    String whole(int id) {
        return Optional.ofNullable(wholes.get(id))
                .map(JsonNode::toString)
                .orElse("{\"id\":" + id + ",\"group\":{\"id\":7,\"name\":\"all\"},\"tags\":[\"a\",\"b\"]}");
    }

    private void answer(HttpExchange call, String path, byte[] body) throws IOException, InterruptedException {
        if (path.equals("/persons/search")) {
            reply(call, 200, search(call.getRequestURI().getRawQuery()));
        } else if (path.equals("/persons")) {
            create(call, JSON.readTree(body));
        } else if (path.startsWith("/persons/")) {
            int id = Integer.parseInt(path.substring("/persons/".length()));
            boolean read = call.getRequestMethod().equals("GET");
            update = read ? update : new String(body, StandardCharsets.UTF_8);
            String whole = whole(id);
            if (read) {
                readers.countDown();
                readers.await(1, TimeUnit.SECONDS);
            } else if (call.getRequestMethod().equals("PUT")) {
                wholes.put(id, JSON.readTree(body).path("person"));
            }
            reply(call, exists(id) ? 200 : 404, read ? "{\"person\":" + whole + "}" : "{\"id\":" + id + "}");
        } else if (path.equals("/persons-told-by-address")) {
            call.getResponseHeaders().add("Location", url() + "/persons(1)");
            add(JSON.readTree(body).path("email").asText());
            reply(call, 204, "");
        } else if (path.equals("/imports-told-by-address")) {
            call.getResponseHeaders().add("Location", "/jobs/j%2F1?wait=1");
            reply(call, 202, "");
        } else if (path.equals("/imports")) {
            imports++;
            jobs.putIfAbsent("j1", "{\"status\":\"running\"}");
            reply(call, 202, "{\"job_id\":\"j1\"}");
        } else if (path.startsWith("/jobs/")) {
            asked++;
            String job = jobs.get(path.substring("/jobs/".length()));
            boolean seen = asked > unseenFor;
            reply(call, seen ? 200 : 404, seen ? job : "");
        } else {
            reply(call, path.equals("/gone") ? 404 : 200, path.equals("/gone") ? "" : "{\"fields\":[1]}");
        }
    }

    private synchronized boolean exists(int id) {
        if (unknown > 0) {
            unknown--;
            return false;
        }
        return persons.containsKey(id);
    }

    private synchronized String search(String query) {
        searches++;
        if (halves > 0) {
            halves--;
            return "{\"partial\":true}";
        }
        String email = URLDecoder.decode(query.replaceFirst(".*email=", ""), StandardCharsets.UTF_8)
                .toLowerCase();
        var items = JSON.createArrayNode();
        long shown = System.currentTimeMillis() - searchLag.toMillis();
        persons.forEach((id, person) -> {
            if (person.email.startsWith(email) && person.at <= shown) {
                items.addObject().put("id", id).put("email", person.email);
            }
        });
        return "{\"items\":" + items + "}";
    }

    private void create(HttpExchange call, JsonNode body) throws IOException {
        int id;
        synchronized (this) {
            posts++;
            posted.add(System.nanoTime());
            if (refuseToAnswer > 0) {
                refuseToAnswer--;
                return;
            }
            created++;
            id = persons.keySet().stream().mapToInt(i -> i).max().orElse(0) + 1;
            persons.put(id, new Person(body.path("email").asText().toLowerCase(), System.currentTimeMillis()));
            if (loseAnswers > 0) {
                loseAnswers--;
                return;
            }
        }
        reply(call, 201, "{\"person\":{\"id\":" + id + "}}");
    }

    private static void reply(HttpExchange call, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        call.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
