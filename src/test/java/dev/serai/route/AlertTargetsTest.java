package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped flows that take alerts to where people are. */
class AlertTargetsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"slack", "email", "pagerduty", "webhook"})
    void whatTellsPeopleListensToTheHubAlone(String target) throws IOException {
        assertThat(Files.readString(Path.of("routes/alerts-to-" + target + ".camel.yaml")))
                .containsPattern("uri: event:serai\\.alert\\S*\\s+parameters: \\{ source: serai, ");
    }

    @Test
    void anAlertAndItsEndReachPagerDutyAndAReceiverOfWebhooks() throws IOException {
        var files = new TestFolders(folder);
        for (String name : List.of("pagerduty", "webhook", "email")) {
            files.flow("alerts-to-" + name, Files.readString(Path.of("routes/alerts-to-" + name + ".camel.yaml")));
        }
        var settings =
                files.settings("serai.alerts.every", "100ms", "alerts.pagerduty", "true", "alerts.webhook", "true");
        settings.put("pagerduty.routing-key", "0123456789abcdef0123456789abcdef");
        settings.put("webhook-out.secret", "whsec_c2ltdWxhdGVkIHNlY3JldCBvZiAyNCBieXRlcw==");
        try (var hub = TestHub.with(settings)) {
            assertThat(hub.wiring().hub().flows())
                    .contains("alerts-to-pagerduty", "alerts-to-webhook")
                    .doesNotContain("alerts-to-email");
            hub.column("INSERT INTO open_run (event_id, flow, lane, state, holds, reason) VALUES"
                    + " (0, 'orders', 'orders 1', 'in_doubt', true, 'no answer came') RETURNING id");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(hub.simulator().records("pagerduty", "alerts"))
                        .singleElement()
                        .satisfies(alert ->
                                assertThat(alert.path("state").asText()).isEqualTo("triggered"));
                assertThat(hub.simulator().records("webhook-out", "deliveries")).hasSize(1);
            });
            hub.column("DELETE FROM open_run WHERE flow = 'orders' RETURNING id");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                // its rule asks for a minute of quiet: the minute is put behind it
                hub.column("UPDATE alert SET clear_since = clear_since - interval '1 hour' RETURNING name");
                assertThat(hub.simulator().records("pagerduty", "alerts"))
                        .singleElement()
                        .satisfies(alert ->
                                assertThat(alert.path("state").asText()).isEqualTo("resolved"));
                assertThat(hub.simulator().records("webhook-out", "deliveries")).hasSize(2);
            });
            // the other side has it a moment before the run knows
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                            hub.column("SELECT DISTINCT state FROM run WHERE flow LIKE 'alerts-to-%'"))
                    .containsExactly("done"));
        }
    }
}
