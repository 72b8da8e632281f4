package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /metrics}: what an operator's charts and alerts are made of. */
class MetricsDoorTest {
    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer " + TestHub.API_KEY);

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var files = new TestFolders(folder).flow("told", """
                - route:
                    id: told
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setBody: { id: words, simple: '{"channel":"sales","text":"a customer"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                """);
        var settings = files.settings();
        settings.put("serai.retry.attempts", "0");
        hub = TestHub.with(settings);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void withoutAKeyNobodyReadsThem() {
        assertThat(hub.get("/metrics").status()).isEqualTo(401);
    }

    @Test
    void anEventCountsAtTheDoorAndAtItsEnd() {
        convert("counted-1");

        shows("serai_door_seconds_count{connection=\"\",door=\"events\",status=\"202\"}", n -> n >= 1);
        shows("serai_runs_settled_total{flow=\"told\",outcome=\"done\"}", n -> n >= 1);
        shows(
                "serai_attempt_seconds_count{connection=\"slack\",operation=\"post_message\",verdict=\"success\"}",
                n -> n >= 1);
        shows("serai_delivery_seconds_bucket{flow=\"told\",le=\"+Inf\"}", n -> n >= 1);
    }

    @Test
    void aSourceNobodyKnowsMakesNoLabelOfItsOwn() {
        hub.post("/webhooks/a-stranger-chose-this", new byte[0], Map.of());

        shows("serai_door_seconds_count{connection=\"\",door=\"webhooks\",status=\"404\"}", n -> n >= 1);
        assertThat(hub.metrics()).noneMatch(line -> line.contains("a-stranger-chose-this"));
    }

    @Test
    void aDeadLetterIsSeenWithItsAge() {
        hub.simulator().fault("slack", Fault.status(400).times(1));

        convert("dead-1");

        shows("serai_runs_settled_total{flow=\"told\",outcome=\"dead\"}", n -> n >= 1);
        shows("serai_runs_open{flow=\"told\",state=\"dead\"}", n -> n >= 1);
        shows("serai_runs_oldest_seconds{flow=\"told\",state=\"dead\"}", n -> n >= 0);
    }

    @Test
    void theMachineAndThePoolsAreThereToo() {
        shows("serai_store_up", n -> n == 1);
        shows("hikaricp_connections{pool=\"serai-intake\"}", n -> n >= 1);
        shows("jvm_memory_used_bytes{area=\"heap\",id=\"Tenured Gen\"}", n -> n >= 0);
    }

    private static void convert(String id) {
        String body = "{\"event_id\":\"" + id + "\",\"occurred_at\":\"2026-11-21T09:00:00Z\",\"source\":\"shop\","
                + "\"customer\":{\"email\":\"ada@example.com\"}}";
        assertThat(hub.post("/v1/events/customer.converted", body.getBytes(), KEY)
                        .status())
                .isEqualTo(202);
    }

    private static void shows(String name, DoublePredicate expected) {
        await(name).atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(hub.metrics())
                .filteredOn(line -> line.startsWith(name + " "))
                .singleElement()
                .satisfies(line -> assertThat(expected.test(Double.parseDouble(line.substring(name.length() + 1))))
                        .as(line)
                        .isTrue()));
    }
}
