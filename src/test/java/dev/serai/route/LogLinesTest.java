package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of the log tell of which payload they are, and nothing of what is in it. */
class LogLinesTest {
    @TempDir
    private Path folder;

    @Test
    void eachLineOfAnEventCarriesItsHashAndNoneItsPayload() {
        var files = new TestFolders(folder).flow("told", """
                - route:
                    id: told
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setBody: { id: words, simple: '{"channel":"sales","text":"${body[event_id]}"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                """);
        byte[] payload =
                "{\"event_id\":\"log-1\",\"occurred_at\":\"2026-11-21T09:00:00Z\",\"source\":\"shop\",\"customer\":{\"email\":\"canary@example.org\",\"company\":\"Goldcrest\"}}"
                        .getBytes(StandardCharsets.UTF_8);
        String hash = "payload_sha256=\"" + PayloadHash.of(payload) + "\"";
        try (var log = new LogCapture();
                var hub = TestHub.with(files.settings("serai.retry.attempts", "0"))) {
            log.everything();
            hub.simulator().fault("slack", Fault.status(400).times(1));
            TestHub.Reply reply = hub.post(
                    "/v1/events/customer.converted",
                    payload,
                    Map.of("X-API-Key", TestHub.API_KEY, "Content-Type", "application/json"));
            assertThat(reply.status()).as(reply.body().toString()).isEqualTo(202);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(hub.runs("dead")).hasSize(1));

            List<String> lines = log.lines();
            for (String word : List.of("event.stored", "step.attempted", "run.dead")) {
                assertThat(lines.stream().filter(line -> line.contains(word)))
                        .as(word)
                        .isNotEmpty()
                        .allSatisfy(line -> assertThat(line).contains(hash, "receipt=\"e_1\"", "record="));
            }
            assertThat(lines).noneMatch(line -> line.contains("Goldcrest") || line.contains("canary@example.org"));
        }
    }
}
