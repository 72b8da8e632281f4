package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.metric.Metrics;
import dev.serai.metric.Tally.Counted;
import dev.serai.metric.Tally.Key;
import dev.serai.store.CredentialLog;
import dev.serai.store.Tallies;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class TallyKeeperTest {
    private static final String COUNTED = "SELECT name || ' ' || sum(count) FROM tally"
            + " WHERE span = 'minute' AND kind = '%s' GROUP BY name ORDER BY name";

    @Test
    void anEventIsCountedOnceWhetherItCameByADoorOrFromAFlow(@TempDir Path folder) {
        var files = new TestFolders(folder).flow("passes", """
                - route:
                    id: passes
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - to: { id: on, uri: "event:customer.passed" }
                """);
        try (var hub = TestHub.with(files.settings())) {
            for (String id : List.of("1", "2", "2")) {
                String body =
                        "{\"event_id\":\"" + id + "\",\"occurred_at\":\"2026-11-21T09:00:00Z\",\"source\":\"shop\","
                                + "\"customer\":{\"email\":\"ada@example.com\"}}";
                hub.post("/v1/events/customer.converted", body.getBytes(), Map.of("X-API-Key", TestHub.API_KEY));
            }

            // the repeat at the door is no event; each of the two runs published one
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(hub.column(COUNTED.formatted("event"))).containsExactly("api 2", "route 2");
                assertThat(hub.column(COUNTED.formatted("flow"))).containsExactly("passes 2");
                assertThat(hub.column(COUNTED.formatted("door"))).containsExactly(" 3");
            });
        }
    }

    @Test
    void whileTheDatabaseIsAwayNothingThatWasCountedIsLost() {
        var nowhere = new PGSimpleDataSource();
        nowhere.setPortNumbers(new int[] {1});
        try (var metrics = new Metrics()) {
            metrics.settled("orders", "done");
            metrics.delivered("orders", Duration.ofMillis(40));
            var uses = new Uses(new CredentialLog(nowhere));
            new TallyKeeper(metrics.tally(), uses, new Tallies(nowhere), InstantSource.system()).close();

            assertThat(metrics.tally().take())
                    .containsExactlyInAnyOrder(
                            new Counted(new Key("flow", "orders", "", "done"), 1),
                            new Counted(new Key("delivery_ms", "orders", "", ""), 40));
            assertThat(metrics.tally().take()).isEmpty();
        }
    }
}
