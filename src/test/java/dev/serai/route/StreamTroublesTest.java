package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Polls of a system that sends odd records, takes its time, and gives the place to begin at by a path of its own. */
class StreamTroublesTest {
    private static final String ORDERS = """
            {"data": [{"id": 1, "at": "2026-02-01T00:00:00Z", "kind": "order.made"},
                      {"at": "2026-02-01T00:00:01Z", "kind": "order.made"},
                      {"id": 3, "at": "2026-02-01T00:00:02Z", "kind": "serai.alert"},
                      {"id": 4, "at": "2026-02-01T00:00:03Z", "kind": "order.paid"}]}""";

    private static final List<String> ASKED = Collections.synchronizedList(new ArrayList<>());
    private static final CountDownLatch SLOW = new CountDownLatch(1);
    private static HttpServer vendor;
    private static ExecutorService threads;
    private static TestFolders files;
    private static TestHub hub;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        threads = Executors.newCachedThreadPool();
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vendor.setExecutor(threads);
        vendor.createContext("/", StreamTroublesTest::answer);
        vendor.start();
        files = new TestFolders(folder).mapping("shop/connector.yaml", """
                connector: shop
                base_url: http://127.0.0.1:%d
                timeout: 2m
                reads:
                  begin: { path: /begin, returns: token }
                  begin_at_a_time: { path: /fixed, returns: token }
                streams:
                  orders:
                    path: /orders
                    query: { since: "{cursor}" }
                    records: data
                    cursor: { field: at, start: "2026-01-01T00:00:00Z", order: ascending }
                    event: { type: "{kind}", id: "{id}:{at}", record: "order:{id}" }
                  slow:
                    path: /slow
                    query: { since: "{cursor}" }
                    records: data
                    cursor: { field: at, start: "2026-01-01T00:00:00Z", order: ascending }
                    event: { type: slow.changed, id: "{id}:{at}", record: "slow:{id}" }
                  audit:
                    path: /audit
                    query: { after: "{cursor}" }
                    records: data
                    cursor: { field: id, format: number, start: 0, order: ascending }
                    event: { type: audit.added, id: "{id}", record: "audit:{id}" }
                  changes:
                    path: /changes
                    records: data
                    pagination: { type: cursor, next: next, into: token, more: more }
                    cursor: { next: next, into: token, first_read: begin }
                    event: { type: lead.changed, id: "{id}", record: "lead:{id}" }
                  whole:
                    path: /whole
                    records: data
                    pagination: { type: cursor, next: next, into: token, more: more }
                    cursor: { next: next, into: token, first_read: begin_at_a_time, from_now: false }
                    event: { type: thing.changed, id: "thing:{id}", record: "thing:{id}" }
                """.formatted(
                        vendor.getAddress().getPort()));
        hub = TestHub.with(files.settings("serai.alerts.every", "200ms"));
    }

    @AfterAll
    static void stop() {
        SLOW.countDown();
        hub.close();
        vendor.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String asked = exchange.getRequestURI().toString();
        ASKED.add(asked);
        byte[] answer = body(asked).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.length == 0 ? 410 : 200, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String body(String asked) {
        if (asked.startsWith("/slow")) {
            try {
                SLOW.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return "{\"data\": []}";
        }
        return switch (asked) {
            case "/fixed" -> "{\"token\": \"t1\"}";
            case "/whole?token=t1" -> "{\"data\": [{\"id\": 7}], \"next\": \"old\", \"more\": false}";
            case "/begin" -> "{\"token\": \"t1\"}";
            case "/changes?token=t1" -> "{\"data\": [{\"id\": 7}], \"next\": \"t2\", \"more\": true}";
            case "/changes?token=t2" -> "{\"data\": [{\"id\": 8}], \"next\": \"old\", \"more\": false}";
            case "/changes?token=old", "/whole?token=old" -> "";
            case "/audit?after=0" -> "{\"data\": [{\"id\": 17}, {\"id\": 18}]}";
            case "/audit?after=18" -> "{\"data\": []}";
            default -> ORDERS;
        };
    }

    private static void polls(String stream) {
        files.flow(stream, """
                - route:
                    id: poll-%1$s
                    routeConfigurationId: poll
                    from:
                      uri: quartz:poll-%1$s?cron=0/1+*+*+*+*+?
                      steps:
                        - to: { id: changed-%1$s, uri: "connector:shop/%1$s" }
                        - filter:
                            simple: "${body[skipped]}"
                            steps:
                              - setBody: { id: left-%1$s, simple: '{"stream":"%1$s"}' }
                              - to: { id: tell-%1$s, uri: "event:poll.left" }
                """.formatted(stream));
    }

    @Test
    void recordsThatCantBeReadAreKeptAsideAndToldAndTheOthersComeIn() {
        polls("orders");

        eventually(() -> types().equals(List.of("order.made", "record.unreadable", "record.unreadable", "order.paid")));
        assertThat(hub.column("SELECT convert_from(payload, 'UTF8')::json ->> 'problem' FROM event"
                        + " WHERE type = 'record.unreadable' ORDER BY id"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("\"id\" has no value"),
                        second -> assertThat(second).startsWith("its type begins with \"serai.\""));
        eventually(() -> hub.column("SELECT body::json ->> 'reason' FROM alert WHERE state = 'open'"
                        + " AND signal = 'records_unreadable'")
                .equals(List.of("2 records of streams of shop could not be read within 24h")));
        eventually(() -> Integer.parseInt(hub.column("SELECT max(calls) FROM poll WHERE operation = 'orders'")
                        .get(0))
                > 1);
        assertThat(types()).as("read again, and recognised").hasSize(4);
        assertThat(hub.column("SELECT value FROM cursor WHERE stream = 'orders'"))
                .containsExactly("2026-02-01T00:00:03Z");
    }

    private static List<String> types() {
        return hub.column("SELECT type FROM event WHERE source = 'shop' AND type ~ 'order|record' ORDER BY id");
    }

    @Test
    void aPollThatFindsTheOneBeforeUnderWayLeavesAtOnce() {
        polls("slow");

        // however many leave: told alike, they are one event
        eventually(() -> !hub.column("SELECT 1 FROM event WHERE type = 'poll.left'"
                        + " AND convert_from(payload, 'UTF8') LIKE '%slow%'")
                .isEmpty());
        assertThat(asked("/slow")).as("the vendor is asked once").hasSize(1);
        SLOW.countDown();
        eventually(() -> asked("/slow").size() > 1);
    }

    @Test
    void aStreamBeginsAtThePlaceThatAReadGivesAlsoWhenItsOwnIsForgotten() {
        polls("changes");

        eventually(() -> asked("/begin", "/changes").size() > 5);
        assertThat(asked("/begin", "/changes").subList(0, 6))
                .containsExactly(
                        "/begin",
                        "/changes?token=t1",
                        "/changes?token=t2",
                        "/changes?token=old",
                        "/begin",
                        "/changes?token=t1");
        assertThat(hub.column("SELECT record FROM event WHERE type = 'lead.changed' ORDER BY id"))
                .containsExactly("lead:7", "lead:8");
        assertThat(hub.column("SELECT DISTINCT endpoint FROM poll WHERE operation = 'begin'"))
                .containsExactly("GET /begin");
        eventually(() -> !gaps("changes").isEmpty());
        assertThat(gaps("changes"))
                .as("what changed between the two places was not listed, and people are told")
                .singleElement()
                .asString()
                .matches(
                        "the place of shop/changes is forgotten \\(shop answered 410.*\\); it goes on from now, and what"
                                + " changed since 20\\d\\d-.* was not listed");
    }

    @Test
    void aForgottenPlaceLeavesNoGapWhereTheListBeginsAtAFixedTime() {
        polls("whole");

        eventually(() -> asked("/whole?token=old").size() > 1);
        assertThat(asked("/fixed"))
                .as("asked anew, when its place was forgotten")
                .hasSizeGreaterThan(1);
        assertThat(gaps("whole")).isEmpty();
    }

    private static List<String> gaps(String stream) {
        return hub.column("SELECT body::json ->> 'reason' FROM alert WHERE signal = 'stream_gap'"
                + " AND body::json ->> 'operation' = '" + stream + "'");
    }

    @Test
    void anEventOfAStreamByNumberTellsNoTimeThatNobodyTold() {
        polls("audit");

        eventually(() ->
                hub.column("SELECT value FROM cursor WHERE stream = 'audit'").equals(List.of("18")));
        assertThat(hub.column("SELECT record || ' ' || (occurred_at IS NULL) FROM event WHERE type = 'audit.added'"
                        + " ORDER BY id"))
                .containsExactly("audit:17 true", "audit:18 true");
    }

    private static List<String> asked(String... beginnings) {
        synchronized (ASKED) {
            return ASKED.stream()
                    .filter(asked -> List.of(beginnings).stream().anyMatch(asked::startsWith))
                    .toList();
        }
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(condition);
    }
}
