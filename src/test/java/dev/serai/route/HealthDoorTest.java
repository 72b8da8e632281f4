package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code /health}: what supervisors ask. */
class HealthDoorTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer " + TestHub.API_KEY);

    private static final CountDownLatch ANSWERS = new CountDownLatch(1);

    @TempDir
    private static Path folder;

    private static RawServer silent;
    private static TestHub hub;

    @BeforeAll
    static void start() {
        silent = new RawServer(out -> {
            ANSWERS.await();
            throw new IOException("it never answers");
        });
        var files = new TestFolders(folder);
        hub = TestHub.with(files.settings("mailchimp.base-url", silent.url("127.0.0.1")));
    }

    @AfterAll
    static void stop() throws IOException {
        ANSWERS.countDown();
        hub.close();
        silent.close();
    }

    private static String token(String name, String role) throws SQLException {
        return new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system())
                .create(name, role, Optional.empty(), new ByHand("ada", "a test"))
                .orElseThrow();
    }

    /** Its status; an answer that does not come within a minute fails. */
    private static CompletableFuture<Integer> ask(String method, String path, String token) {
        var request = HttpRequest.newBuilder(URI.create(hub.url(path)))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", "Bearer " + token);
        return CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private static int answered(String path, String token) {
        return ask("GET", path, token).orTimeout(1, TimeUnit.MINUTES).join();
    }

    @Test
    void whileAVendorHangsThatIsTriedEverybodyElseIsAnswered() throws SQLException {
        String operator = token("tries", "operator");
        String check = "/api/v1/connections/mailchimp/check";
        List<CompletableFuture<Integer>> checks = List.of(ask("POST", check, operator), ask("POST", check, operator));
        await().atMost(Duration.ofSeconds(60)).until(() -> silent.asked.size() == 2);

        for (String path : List.of("/api/v1/overview", "/health", "/metrics")) {
            assertThat(answered(path, operator)).as(path).isEqualTo(200);
        }
        assertThat(ask("POST", check, operator).orTimeout(1, TimeUnit.MINUTES).join())
                .as("a third one is not begun")
                .isEqualTo(503);

        assertThat(checks).noneMatch(CompletableFuture::isDone);
        ANSWERS.countDown();
        assertThat(checks).allMatch(each -> each.join() == 200);
        assertThat(hub.column("SELECT who FROM audit WHERE what = 'check connection mailchimp'"))
                .containsExactly("tries", "tries");
    }

    @Test
    void supervisorsAreAnsweredThoughNobodyElseCanBe() throws SQLException {
        String viewer = token("looks", "viewer");
        try (var slow = hub.wiring().database().dataSource().getConnection();
                var statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute("LOCK TABLE cursor IN ACCESS EXCLUSIVE MODE");
            List<CompletableFuture<Integer>> looks = Stream.of(1, 2, 3)
                    .map(i -> ask("GET", "/api/v1/streams", viewer))
                    .toList();
            await().atMost(Duration.ofSeconds(60)).until(() -> hub.column(
                            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation =" + " 'cursor'::regclass")
                    .equals(List.of("3")));

            assertThat(answered("/health", viewer)).isEqualTo(200);
            assertThat(answered("/metrics", viewer)).isEqualTo(200);

            assertThat(looks).noneMatch(CompletableFuture::isDone);
            slow.rollback();
            assertThat(looks).allMatch(each -> each.join() == 200);
        }
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
        String token = token("watch", "viewer");
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
