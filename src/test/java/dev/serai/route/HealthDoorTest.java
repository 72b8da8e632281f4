package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /health}: what supervisors ask. */
class HealthDoorTest {
    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer " + TestHub.API_KEY);

    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.with(Map.of());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void whetherItLivesAndLetsAnybodyInIsForAll() {
        assertThat(hub.get("/health/live").body().toString()).isEqualTo("{\"status\":\"up\"}");
        assertThat(hub.get("/health/ready").status()).isEqualTo(200);
    }

    /** Nobody has refused what the hub has now: when it looks at it, within a moment, it lets the connection go. */
    private static void park() {
        hub.column("INSERT INTO parked_connection (connection, state, since, reason, salt, refused) VALUES"
                + " ('slack', 'parked', now(), 'it refused the token', '', '{}')"
                + " ON CONFLICT (connection) DO UPDATE SET state = 'parked', since = now() RETURNING connection");
    }

    @Test
    void aParkedConnectionDegradesTheHubAndIsDownItself() {
        await().untilAsserted(() -> {
            park();
            var all = hub.get("/health", KEY);
            assertThat(all.status()).isEqualTo(200);
            assertThat(all.body().toString())
                    .contains("\"status\":\"degraded\"", "\"store\":\"up\"", "\"connection\":\"slack\"");
        });

        await().untilAsserted(() -> {
            park();
            var its = hub.get("/health/connections/slack", KEY);
            assertThat(its.status()).isEqualTo(503);
            assertThat(its.body().toString()).contains("\"status\":\"down\"", "it refused the token");
        });
    }

    @Test
    void aConnectionThatNothingKeepsBackIsUp() {
        assertThat(hub.get("/health/connections/hubspot", KEY).status()).isEqualTo(200);
        assertThat(hub.get("/health/connections/nobody", KEY).status()).isEqualTo(404);
    }

    @Test
    void aTokenOfTheApiOpensItAndTheMetricsAndAWrongOneDoesNot() throws SQLException {
        String token = new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system())
                .create("watch", "viewer", Optional.empty(), new ByHand("ada", "a test"))
                .orElseThrow();
        for (String path : List.of("/health", "/metrics", "/health/connections/hubspot")) {
            assertThat(hub.get(path, Map.of("Authorization", "Bearer " + token)).status())
                    .as(path)
                    .isEqualTo(200);
            assertThat(hub.get(path, Map.of("Authorization", "Bearer serai_wrong"))
                            .status())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(hub.get("/v1/receipts/e_1", Map.of("Authorization", "Bearer " + token))
                        .status())
                .as("that is told at /api/v1/receipts")
                .isEqualTo(401);
    }

    @Test
    void whatConnectionsThereAreIsNotForEverybody() {
        assertThat(hub.get("/health").status()).isEqualTo(401);
        assertThat(hub.get("/health/connections/slack").status()).isEqualTo(401);
    }
}
