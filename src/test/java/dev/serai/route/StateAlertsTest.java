package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alert of a state says who it touches, by now, and whether going on can do harm. */
class StateAlertsTest {
    @TempDir
    private Path folder;

    private static JsonNode read(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anOpenBreakerTellsHowManyRunsWaitOfWhichFlowsAndThatNothingIsLost() {
        var files = new TestFolders(folder);
        for (String flow : new String[] {"told", "told-too"}) {
            files.flow(flow, """
                - route:
                    id: FLOW
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setBody: { id: FLOW-words, simple: '{"email_address":"${body[event_id]}@example.com","status_if_new":"subscribed"}' }
                        - to: { id: FLOW-put, uri: "connector:mailchimp/upsert_member?list=all" }
                """.replace("FLOW", flow));
        }
        try (var hub = TestHub.with(files.settings(
                "serai.retry.attempts", "0", "serai.retry.quick-attempts", "0", "serai.alerts.every", "100ms"))) {
            hub.simulator().noLimits("mailchimp");
            hub.simulator().fault("mailchimp", Fault.status(503).times(1000));
            for (int i = 0; i < 10; i++) {
                String event = "{\"event_id\":\"s-" + i
                        + "\",\"occurred_at\":\"2026-11-21T09:00:00Z\",\"source\":\"shop\",\"customer\":{\"email\":\"a@example.com\"}}";
                TestHub.Reply reply = hub.post(
                        "/v1/events/customer.converted",
                        event.getBytes(),
                        Map.of("X-API-Key", TestHub.API_KEY, "Content-Type", "application/json"));
                assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
            }
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(hub.runs("waiting")).hasSizeGreaterThan(5));

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                var rows = hub.column("SELECT body FROM alert WHERE signal = 'breaker_open'");
                assertThat(rows).hasSize(1);
                JsonNode alert = read(rows.get(0));
                assertThat(alert.path("waiting_runs").asInt())
                        .isEqualTo(hub.runs("waiting").size());
                assertThat(alert.path("flows").toString()).isEqualTo("[\"told\",\"told-too\"]");
                assertThat(alert.path("oldest").asText()).startsWith("r_");
                assertThat(alert.path("owner").asText()).isEqualTo("transient");
                assertThat(alert.path("cause").asText()).isNotEmpty();
                assertThat(alert.path("replay").asText()).contains("goes on by itself");
                assertThat(alert.path("text").asText()).contains("runs wait, the oldest since", "flows told, told-too");
            });
            JsonNode told = read(hub.column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert'"
                            + " AND key LIKE 'breaker.opened %'")
                    .get(0));
            assertThat(told.path("flows")).hasSize(2);
            assertThat(told.path("replay").asText()).contains("goes on by itself");
        }
    }
}
