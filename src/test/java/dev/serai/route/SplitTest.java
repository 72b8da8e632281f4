package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow that writes each item of a list, and one of them fails. */
class SplitTest {
    private static final String FLOWS = """
            - route:
                id: each
                routeConfigurationId: write
                from:
                  uri: event:each.asked
                  steps:
                    - split:
                        id: items
                        simple: "${body[items]}"
                        steps:
                          - setBody: { id: item, simple: '{"text":"${body[name]}"}' }
                          - to: { id: note-item, uri: "connector:desk/note" }
                    - setBody: { id: end, simple: '{"text":"behind"}' }
                    - to: { id: note-end, uri: "connector:desk/note" }
            - route:
                id: both
                routeConfigurationId: write
                from:
                  uri: event:both.asked
                  steps:
                    - multicast:
                        id: ways
                        steps:
                          - pipeline:
                              id: one-way
                              steps:
                                - setBody: { id: one, simple: '{"text":"bad way"}' }
                                - to: { id: note-one, uri: "connector:desk/note" }
                          - pipeline:
                              id: other-way
                              steps:
                                - setBody: { id: other, simple: '{"text":"other way"}' }
                                - to: { id: note-other, uri: "connector:desk/note" }
                    - setBody: { id: after, simple: '{"text":"behind"}' }
                    - to: { id: note-after, uri: "connector:desk/note" }
            - route:
                id: gather
                routeConfigurationId: write
                from:
                  uri: event:gather.asked
                  steps:
                    # 2 and 3, and at the second claim of the run 1, 2 and 3
                    - to: { id: read, uri: "sql:SELECT 'item ' || n AS name FROM open_run o, generate_series(3 - o.claims, 3) n WHERE o.flow = 'gather' ORDER BY n?dataSource=#dataSource" }
                    - split:
                        id: gathered
                        simple: "${body}"
                        aggregationStrategy: "#class:org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy"
                        steps:
                          - setBody: { id: part, simple: '{"text":"${body[name]}"}' }
                          - to: { id: note-part, uri: "connector:desk/note" }
                    - setBody: { id: all, simple: '{"text":"behind"}' }
                    - to: { id: note-all, uri: "connector:desk/note" }
                    - setBody: { id: last, simple: '{"text":"away"}' }
                    - to: { id: note-last, uri: "connector:desk/note" }
            """;

    private static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static HttpServer desk;
    private static TestHub hub;
    private static volatile boolean mended;
    private static int ids;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        desk = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        desk.createContext("/", SplitTest::answer);
        desk.start();
        var files = new TestFolders(folder)
                .mapping("desk/connector.yaml", """
                        connector: desk
                        base_url: http://127.0.0.1:%d
                        writes: { note: { method: POST, path: /notes, class: idempotent } }
                        """.formatted(desk.getAddress().getPort()))
                .mapping("crm/connector.yaml", """
                        connector: crm
                        webhooks:
                          signature: { scheme: hmac, secret: "{{crm.webhook-secret}}", header: X-Signature }
                          event: { id: "{id}", type: "{type}", record: "list:{id}" }
                        """)
                .flow("split", FLOWS);
        hub = TestHub.with(files.settings("serai.retry.quick-attempts", "1", "serai.retry.first", "300ms"));
    }

    @AfterAll
    static void stop() {
        hub.close();
        desk.stop(0);
    }

    @BeforeEach
    void forget() {
        ASKED.clear();
        mended = false;
    }

    /** It refuses what is bad, and for three times does not take what is away. */
    private static void answer(HttpExchange exchange) throws IOException {
        String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                .replaceAll(".*:\"(.*)\".*", "$1");
        ASKED.add(text);
        boolean away = text.contains("away") && Collections.frequency(ASKED, text) <= 3;
        byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(away ? 503 : text.contains("bad") && !mended ? 422 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private static String tell(String type, String items) {
        String id = type + ++ids;
        assertThat(hub.crm("{\"id\":\"%s\",\"type\":\"%s\",\"items\":[%s]}".formatted(id, type, items))
                        .status())
                .isEqualTo(202);
        return id;
    }

    private static void comesTo(String state, String id) {
        await().atMost(Duration.ofSeconds(60)).until(() -> hub.column(
                        "SELECT state FROM run JOIN event e ON e.id = event_id WHERE e.record = 'list:" + id + "'")
                .equals(List.of(state)));
    }

    @Test
    void aSplitEndsWithTheItemThatFailsAndGoesOnThereWhenItsRunIsResumed() {
        String id;
        try (var log = new LogCapture()) {
            id = tell(
                    "each.asked", "{\"name\":\"first\"},{\"name\":\"bad\"},{\"name\":\"bad too\"},{\"name\":\"last\"}");
            comesTo("dead", id);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> hub.runs("claimed").isEmpty());
            assertThat(log.lines()).noneMatch(line -> line.contains("run.claim_lost"));
        }
        assertThat(ASKED).containsExactly("first", "bad");
        assertThat(hub.runs("dead").get(0).reason()).startsWith("desk answered 422");

        mended = true;
        assertThat(hub.resume(hub.runs("dead").get(0).id())).isTrue();

        comesTo("done", id);
        assertThat(ASKED).containsExactly("first", "bad", "bad", "bad too", "last", "behind");
    }

    /** Behind its retry the run may be at work already, on any hub. */
    @Test
    void aSplitWhoseItemIsTriedAgainLaterSendsNoneBehindItMeanwhile() {
        String id = tell("each.asked", "{\"name\":\"first\"},{\"name\":\"away now\"},{\"name\":\"last\"}");

        comesTo("done", id);
        assertThat(ASKED).containsExactly("first", "away now", "away now", "away now", "away now", "last", "behind");
    }

    @Test
    void aMulticastEndsWithTheWayThatFails() {
        String id = tell("both.asked", "");
        comesTo("dead", id);
        assertThat(ASKED).containsExactly("bad way");

        mended = true;
        assertThat(hub.resume(hub.runs("dead").get(0).id())).isTrue();

        comesTo("done", id);
        assertThat(ASKED).containsExactly("bad way", "bad way", "other way", "behind");
    }

    @Test
    void aStepBehindASplitThatAggregatesIsAboutNoItemAndIsDoneOnce() {
        comesTo("done", tell("gather.asked", ""));

        assertThat(ASKED).containsExactly("item 2", "item 3", "behind", "away", "away", "item 1", "away", "away");
        assertThat(hub.column("SELECT DISTINCT step FROM step WHERE step LIKE 'note-all%'"))
                .containsExactly("note-all");
    }
}
