package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
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

    @Test
    void aConnectionThatFailsItsProofsIsOneAlertThatNamesItsFlowsAndEndsWhenItWorksAgain() throws SQLException {
        var files = new TestFolders(folder).flow("told", """
                - route:
                    id: told
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - to: { id: put, uri: "connector:mailchimp/upsert_member?list=all" }
                """);
        try (var hub = TestHub.with(files.settings("serai.alerts.every", "100ms"))) {
            String token = new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system())
                    .create("ada", "operator", Optional.empty(), new ByHand("ada", "a test"))
                    .orElseThrow();
            hub.simulator().fault("mailchimp", Fault.status(404));
            check(hub, token, false);
            check(hub, token, false);
            hub.column("UPDATE connection_proof SET failing_since = now() - interval '11 min' RETURNING connection");

            String alerts = "SELECT body FROM alert WHERE signal = 'connection_failing' AND state = 'open'";
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(hub.column(alerts)).hasSize(1));
            JsonNode alert = read(hub.column(alerts).get(0));
            assertThat(alert.path("reason").asText())
                    .contains("mailchimp has failed since 20", "mailchimp answered 404");
            assertThat(alert.path("flows").toString()).isEqualTo("[\"told\"]");
            assertThat(alert.path("owner").asText()).isEqualTo("config");
            assertThat(alert.path("what_to_do").asText()).contains("serai connections check mailchimp");
            assertThat(alert.path("runbook").asText()).endsWith("/runbooks/connection-failing");

            hub.simulator().clearFaults("mailchimp");
            check(hub, token, true);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                // a minute of quiet is put behind it
                hub.column("UPDATE alert SET clear_since = clear_since - interval '1 hour' RETURNING name");
                assertThat(hub.column(alerts)).isEmpty();
            });
            assertThat(hub.column("SELECT convert_from(payload, 'UTF8')::json ->> 'state' FROM event"
                            + " WHERE type = 'serai.alert' ORDER BY id"))
                    .containsExactly("open", "resolved");
        }
    }

    private static void check(TestHub hub, String token, boolean works) {
        TestHub.Reply checked = hub.post(
                "/api/v1/connections/mailchimp/check", new byte[0], Map.of("Authorization", "Bearer " + token));
        assertThat(checked.status()).as(checked.body().toString()).isEqualTo(200);
        assertThat(checked.body().path("fine").asBoolean())
                .as(checked.body().toString())
                .isEqualTo(works);
    }
}
