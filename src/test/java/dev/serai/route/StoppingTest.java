package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.config.Settings;
import dev.serai.simulator.Fault;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that stops turns nobody away while it is there. */
class StoppingTest {
    @TempDir
    private Path folder;

    @Test
    void untilItsSocketIsClosedItStoresWhatComesInAndEndsWhatItBegan() {
        Map<String, String> database = TestDatabase.fresh();
        var files = new TestFolders(folder).flow("enrol", """
                - route:
                    id: enrol
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: enrol-member, uri: "mapping:mailchimp/contact-to-member" }
                        - to: { id: enrol-it, uri: "connector:mailchimp/upsert_member?list=stopping" }
                """);
        var settings = files.settings();
        settings.putAll(database);
        var hub = TestHub.with(settings);
        hub.simulator().fault("mailchimp", Fault.delay(Duration.ofSeconds(50)).times(1));
        assertThat(tell(hub, 1).headers().firstValue("connection")).isEmpty();
        eventually(() -> !hub.simulator().ledger().calls("mailchimp").isEmpty());

        var stopped = CompletableFuture.runAsync(hub::close);
        eventually(() -> hub.get("/health/ready").status() == 503);
        TestHub.Reply late = tell(hub, 2);
        hub.simulator().answerNow();
        stopped.join();

        assertThat(late.status()).isEqualTo(202);
        assertThat(late.headers().firstValue("connection")).contains("close");
        assertThatThrownBy(() -> tell(hub, 3)).hasCauseInstanceOf(ConnectException.class);
        try (var opened = Database.open(Settings.read(Path.of("none"), Map.of(), database))) {
            assertThat(TestDatabase.column(opened.dataSource(), "SELECT state FROM run ORDER BY id"))
                    .containsExactly("done", "waiting");
        }
    }

    private static TestHub.Reply tell(TestHub hub, int id) {
        return hub.crm("{\"id\":" + id + ",\"updated_at\":\"2026-11-01T00:00:00Z\",\"email\":\"stopping" + id
                + "@example.com\"}");
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
