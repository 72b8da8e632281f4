package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What came in, what was refused and why; and that people are told when a source gets nothing through. */
class SourcesCommandTest {
    private static final byte[] FORGED =
            "[{\"eventId\":1,\"subscriptionType\":\"contact.creation\",\"objectId\":1}]".getBytes();

    @Test
    void aSourceWhoseWebhooksAreAllRefusedIsSeenWithTheReasonAndToldUntilOneIsAccepted(@TempDir Path folder) {
        var files = new TestFolders(folder).flow("keep", """
                - route:
                    id: keep
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?source=crm
                      steps:
                        - log: { id: seen, message: "${header.SeraiReceipt}" }
                """);
        files.rules("rules: { requests-refused: { for: 0s, quiet: 0s } }");
        try (var hub = TestHub.with(files.settings("serai.alerts.every", "200ms"))) {
            String event = "{\"id\":1,\"type\":\"contact.updated\",\"updated_at\":\"2026-11-01T00:00:00Z\"}";
            assertThat(List.of(hub.crm(event).status(), hub.crm(event).status()))
                    .containsOnly(202);
            for (int i = 0; i < 6; i++) {
                assertThat(hub.hubspot(FORGED, "another-secret").status()).isEqualTo(401);
            }
            assertThat(hub.post("/webhooks/a-stranger-chose-this", new byte[0], Map.of())
                            .status())
                    .isEqualTo(404);
            assertThat(hub.post("/v1/events/customer.converted", new byte[0], Map.of())
                            .status())
                    .isEqualTo(401);

            eventually(() -> assertThat(openAlerts(hub)).containsExactly("hubspot"));
            eventually(() -> assertThat(hub.column(
                            "SELECT DISTINCT name FROM tally WHERE kind IN ('request', 'repeat') ORDER BY 1"))
                    .containsExactly("", "api", "crm", "hubspot"));
            Called seen = serai(hub.settings(), "sources");
            assertThat(seen.code()).as("a person must see to it").isEqualTo(1);
            assertThat(seen.out())
                    .containsPattern("crm +webhook +fine +[0-9a-z ]+ ago +1 +1 +1 +1 +0")
                    .containsPattern("api +api +new +never +0 +0 +0 +0 +1")
                    .containsPattern("hubspot +webhook +refused +never +0 +0 +0 +0 +6")
                    .contains("6 refused: signature_mismatch, it is not signed with a secret of ours")
                    .contains("see serai alerts show a_")
                    .contains("1 refused: key, it brought no key, or a wrong one")
                    .doesNotContain("a-stranger-chose-this");
            assertThat(serai(hub.settings(), "alerts", "list").out())
                    .containsPattern(
                            "[56] of [56] requests of hubspot within 15m were refused, most of them because it is not"
                                    + " signed with a secret of ours .signature_mismatch");
            assertThat(hub.metrics())
                    .contains("serai_door_refused_total{connection=\"hubspot\",reason=\"signature_mismatch\"} 6.0");

            hub.hubspotTells("contact.creation", "7");
            eventually(() -> assertThat(openAlerts(hub)).isEmpty());
            assertThat(serai(hub.settings(), "sources").code()).isZero();
            assertThat(serai(hub.settings(), "sources", "--json").out()).contains("\"source\" : \"hubspot\"");
        }
    }

    private static List<String> openAlerts(TestHub hub) {
        return hub.column(
                "SELECT body::json ->> 'connection' FROM alert WHERE state = 'open' AND signal = 'requests_refused'");
    }

    private static void eventually(ThrowingRunnable that) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(that);
    }
}
