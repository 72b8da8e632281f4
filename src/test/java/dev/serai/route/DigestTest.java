package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.facts.Digest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigestTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "mon 07:00, 2026-11-21T12:00:00Z, 2026-11-16T07:00:00Z",
        "sat 11:59, 2026-11-21T12:00:00Z, 2026-11-21T11:59:00Z",
        "sat 12:01, 2026-11-21T12:00:00Z, 2026-11-14T12:01:00Z"
    })
    void aWeekEndsAtItsDayAndHour(String text, Instant now, Instant due) {
        assertThat(Weekly.of(text).before(now)).contains(due);
        assertThat(Weekly.of("off").before(now)).isEmpty();
    }

    @Test
    void theWeekIsSentOnceAndSaysWhatRanWhatBrokeAndWhoLooked() throws SQLException {
        var files = new TestFolders(folder).flow("week", """
                - route:
                    id: week
                    routeConfigurationId: write
                    from:
                      uri: event:serai.digest
                      steps:
                        - log: { id: say, message: "${body[title]}" }
                """);
        try (var hub = TestHub.with(files.settings("serai.alerts.every", "100ms", "serai.digest.at", "mon 07:00"))) {
            hub.column(
                    "INSERT INTO tally VALUES ('hour', 'flow', date_trunc('hour', now()), 'orders', '', 'done', 990),"
                            + " ('hour', 'flow', date_trunc('hour', now()), 'orders', '', 'dead', 10),"
                            + " ('hour', 'delivery_ms', date_trunc('hour', now()), 'orders', '', '', 1980000),"
                            + " ('hour', 'flow', now() - interval '9 days', 'orders', '', 'done', 5000) RETURNING name");
            hub.column("INSERT INTO audit (who, what, why) VALUES ('ada', 'resume', 'mended') RETURNING who");
            hub.column(
                    "INSERT INTO api_token VALUES ('grafana', 'viewer', '\\x00', now(), 'ada', NULL, now()) RETURNING name");
            var week = Digest.read(Digest.Sources.of(hub.wiring().database().dataSource()), Instant.now());
            var digest = week.withTokens();

            assertThat(digest.path("title").asText()).contains("1000 runs, 99.0 % of them well");
            assertThat(digest.path("text").asText())
                    .contains("Runs: 1000, 99.0 % well, 10 dead letters", "- orders 2.0 s (1000 runs, 99.0 % well)")
                    .contains("- grafana (viewer), last ", "- ada: 1");
            assertThat(week.json().toString())
                    .as("tokens are for admins")
                    .contains("\"tokens_used\":1", "Tokens that were used, for the API or the console: 1")
                    .doesNotContain("grafana");
            // the hub was there a week ago, as far as it knows
            hub.column("UPDATE alert_watch SET digest_at = now() - interval '9 days' RETURNING one");
            String sent = "SELECT count(*) FROM event WHERE type = 'serai.digest'";
            await().atMost(Duration.ofSeconds(60)).until(() -> hub.column(sent).equals(List.of("1")));
            await().atMost(Duration.ofSeconds(60)).until(() -> hub.column("SELECT state FROM run WHERE flow = 'week'")
                    .equals(List.of("done")));
            assertThat(hub.column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.digest'"))
                    .singleElement()
                    .asString()
                    .contains("\"tokens_used\":1")
                    .doesNotContain("grafana");
        }
    }
}
