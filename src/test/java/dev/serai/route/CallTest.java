package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow that reads a list and sends each item; when its run is resumed the list is read anew. */
class CallTest {
    /** Reads a list that grows at its beginning with each claim of the run: 2 and 3, then 1, 2 and 3. */
    private static final String FLOW = """
            - route:
                id: %1$s
                routeConfigurationId: write
                from:
                  uri: event:%2$s
                  steps:
                    - to: { id: read-%1$s, uri: "sql:SELECT 'item ' || n AS name FROM open_run o, generate_series(3 - o.claims, 3) n WHERE o.flow = '%1$s' ORDER BY n?dataSource=#dataSource" }
                    - split:
                        id: each-%1$s
                        simple: "${body}"
                        steps:
            %3$s        - setBody: { id: member-%1$s, simple: '{"email_address":"ada@example.com","status_if_new":"subscribed"}' }
                    - to: { id: enrol-%1$s, uri: "connector:mailchimp/upsert_member?list=split" }
            """;

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.with(new TestFolders(folder)
                .flow("tell-each", FLOW.formatted("tell-each", "customer.converted", """
                                - setBody: { id: words, simple: '{"channel":"sales","text":"${body[name]} in ${exchangeId}"}' }
                                - to: { id: tell, uri: "connector:slack/post_message" }
                                """.indent(14)))
                .flow("publish-each", FLOW.formatted("publish-each", "contact.updated", """
                                - setBody: { id: part, simple: '{"name":"${body[name]}"}' }
                                - to: { id: publish, uri: "event:part", parameters: { record: "part:1" } }
                                """.indent(14)))
                .settings("serai.retry.quick-attempts", "2", "serai.retry.first", "300ms"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aResumedSplitWhoseListHasGrownWritesEachItemOnce() {
        hub.simulator().noLimits("slack");
        hub.simulator().fault("mailchimp", Fault.status(503).times(4));

        hub.post("/v1/events/customer.converted", DoorsTest.converted("split"), Map.of("X-API-Key", TestHub.API_KEY));

        done("tell-each");
        assertThat(hub.simulator().ledger().calls("slack"))
                .extracting(call -> call.asked().body().replaceAll(".*(item \\d).*", "$1"))
                .containsExactly("item 2", "item 3", "item 1");
        assertThat(hub.column("SELECT count(DISTINCT step) FROM step WHERE step LIKE 'tell#%' AND state = 'succeeded'"))
                .containsExactly("3");
    }

    @Test
    void aResumedSplitWhoseListHasGrownPublishesEachItemOnce() {
        hub.simulator().fault("mailchimp", Fault.status(503).times(4));

        hub.crm("{\"id\":\"1\",\"email\":\"a@example.com\",\"updated_at\":\"2026-11-21T10:00:00Z\"}");

        done("publish-each");
        assertThat(hub.column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'part' ORDER BY id"))
                .isEqualTo(List.of("{\"name\":\"item 2\"}", "{\"name\":\"item 3\"}", "{\"name\":\"item 1\"}"));
    }

    /** In its second claim. */
    private static void done(String flow) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.column("SELECT claims FROM run WHERE state = 'done' AND flow = '" + flow + "'")
                        .equals(List.of("2")));
    }
}
