package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.TestFolders;
import dev.serai.config.Settings;
import dev.serai.run.Allowance;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Bucket;
import dev.serai.run.Share.Asking;
import dev.serai.run.Units;
import dev.serai.run.Window;
import dev.serai.run.Window.Counting;
import dev.serai.store.Buckets;
import dev.serai.store.Buckets.Limited;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastCommandTest {
    @Test
    void aBackfillIsReckonedBeforeItIsBegun() {
        Called called = serai("forecast", "--records", "100000", "--write", "hubspot/upsert_contacts");

        assertThat(called.code()).isZero();
        assertThat(called.out())
                .containsPattern("hubspot +1,000 +190 in 10 s +- +50 s")
                .containsPattern("hubspot +1,000 +650,000 a day +0.2 % +0 s");
        assertThat(serai("forecast", "--records", "2000000", "--write", "hubspot/update_contact")
                        .out())
                .containsPattern("2,000,000 +650,000 a day +307.7 % +3 d");
        assertThat(serai("forecast", "--records", "1000", "--flow", "lead-created")
                        .out())
                .containsPattern("hubspot +2,000 ")
                .containsPattern("mailchimp +1,000 +none stated")
                .containsPattern("slack +1,000 +60 in 1 min");
    }

    @Test
    void aBackfillTakesOfWhatOperationsShareAndWhatIsAskedForLaterToo() {
        assertThat(serai("forecast", "--records", "1000", "--write", "sendgrid/upsert_contact")
                        .out())
                .as("each is accepted first, and asked for once at least")
                .containsPattern("sendgrid +2,000 +none stated")
                .containsPattern("sendgrid/marketing +2,000 +600 in 1 min +- +3 min");
        assertThat(serai("forecast", "--records", "1000", "--write", "sendgrid/send_mail")
                        .out())
                .as("what a group does not name takes nothing of it")
                .doesNotContain("sendgrid/marketing");
    }

    @Test
    void whatIsUsedAndWhatPollsCostIsShown() throws SQLException {
        Map<String, String> settings = TestDatabase.fresh();
        assertThat(serai(settings, "forecast").out())
                .contains("Nothing has been called yet that has a limit.")
                .contains("hubspot-poll", "hubspot/new_contacts", "144", "0.0 % of daily");

        use(settings, 500_000);

        assertThat(serai(settings, "forecast").out())
                .containsPattern("hubspot +650,000 a day +500,000 +76 % +\\d+,\\d+/h");
        assertThat(serai(settings, "connections", "list").out())
                .containsPattern("hubspot +650,000 a day +500,000 +76 %");
    }

    @Test
    void thePointWhenABudgetIsUsedUpIsForetold() {
        Instant now = Instant.parse("2026-11-20T10:00:00Z");
        var day = new Window("daily", 1000, Counting.DAY, Duration.ofDays(1), ZoneOffset.UTC, false, 0);
        var bucket = Bucket.of(new Allowance(List.of(day), 0), Thresholds.USUAL, JsonNodeFactory.instance.objectNode());
        var used = new Bucket.News(List.of(new Bucket.Used(Duration.ZERO, new Units(600, 0))), List.of(), List.of());
        bucket.exchange("hub", new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(9)), used, now);

        assertThat(bucket.levels(now).get(0).exhausted(now)).contains(Instant.parse("2026-11-20T10:40:00Z"));
        Instant later = now.plus(Duration.ofHours(8));
        assertThat(bucket.levels(later).get(0).exhausted(later))
                .as("hardly anything is used any more")
                .isEmpty();
    }

    @Test
    void aPollThatBreaksItsQuotaOrAsksAllTheTimeIsFoundByTheLint(@TempDir Path folder) {
        var files = new TestFolders(folder).flow("eager", """
                - route:
                    id: eager
                    routeConfigurationId: poll
                    from:
                      uri: quartz:eager
                      parameters: { cron: "0/10 * * * * ?" }
                      steps:
                        - to: { id: ask, uri: "connector:hubspot/new_contacts" }
                """);
        Called called = serai(
                "lint",
                "--routes",
                files.routes().toString(),
                "--mappings",
                files.mappings().toString());

        assertThat(called.out())
                .contains("eager asks hubspot every 10 s, 8640 calls a day; take a webhook, or ask every 5 minutes or"
                        + " less often");
    }

    private static void use(Map<String, String> settings, long calls) throws SQLException {
        try (var database = Database.open(Settings.read(Path.of("none"), Map.of(), settings))) {
            var day = new Window("daily", 650_000, Counting.DAY, Duration.ofDays(1), ZoneOffset.UTC, false, 0);
            var report = new Bucket.Report(Units.NONE, 0, 0, List.of(), Duration.ofSeconds(9));
            var used = List.of(new Bucket.Used(Duration.ZERO, new Units(calls, calls)));
            new Buckets(database.dataSource(), new Thresholds(100, 100, 100, 0))
                    .exchange(
                            new Limited("hubspot", ""),
                            new Allowance(List.of(day), 0),
                            "a hub",
                            new Asking(report, new Bucket.News(used, List.of(), List.of()), Instant.now()),
                            level -> null);
        }
    }
}
