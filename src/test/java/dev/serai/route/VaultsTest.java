package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.config.Settings;
import dev.serai.connector.SecretAway;
import dev.serai.facts.ConnectionFacts;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.store.Buckets;
import dev.serai.store.ParkedConnections;
import dev.serai.store.Proofs;
import dev.serai.store.Tallies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that lie in a vault, asked for by AWS' own client over HTTP. */
class VaultsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer manager;
    private Vaults vaults;
    private volatile Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private volatile String secret = "{\"token\":\"first\"}";

    @BeforeEach
    void start() throws IOException {
        System.setProperty("aws.accessKeyId", "a-key");
        System.setProperty("aws.secretAccessKey", "its-secret");
        manager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        manager.createContext("/", exchange -> {
            asked.incrementAndGet();
            String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean known = question.contains("\"crm\"") && !secret.isEmpty();
            byte[] answer = (known
                            ? "{\"Name\":\"crm\",\"SecretString\":\"" + secret.replace("\"", "\\\"") + "\"}"
                            : "{\"__type\":\"ResourceNotFoundException\",\"message\":\"no such secret\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(known ? 200 : 400, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        manager.start();
        vaults = new Vaults("eu-central-1", url(), () -> now, Duration.ofMinutes(5));
    }

    @AfterEach
    void stop() {
        manager.stop(0);
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @Test
    void aSettingMaySayWhereItsSecretLies() {
        var given = Map.of("crm.token", "{{aws:crm#token}}", "crm.name", "plain {{words}}");
        Settings settings = Settings.read(Path.of("none"), Map.of(), given).asking(vaults::secret);

        assertThat(settings.lookup("crm.token")).contains("first");
        assertThat(settings.with("more", "{{aws:crm#token}}").lookup("more")).contains("first");
        assertThat(settings.lookup("crm.name")).contains("plain {{words}}");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aSecretThatWasChangedIsSeenAndWhatWasGotStaysWhileTheVaultIsAway() {
        assertThat(vaults.secret("{{aws:crm#token}}")).isEqualTo("first");

        secret = "{\"token\":\"second\"}";
        assertThat(vaults.secret("{{aws:crm#token}}")).isEqualTo("first");
        now = now.plus(Duration.ofMinutes(6));
        assertThat(vaults.secret("{{aws:crm#token}}")).isEqualTo("second");

        secret = "";
        now = now.plus(Duration.ofMinutes(6));
        assertThat(vaults.secret("{{aws:crm#token}}")).isEqualTo("second");
    }

    @Test
    void aSecretThatIsNotThereIsSaidWithWhatToLookAt() {
        assertThatThrownBy(() -> vaults.secret("{{aws:unknown}}"))
                .isInstanceOf(SecretAway.class)
                .hasMessageContaining("{{aws:unknown}}: AWS Secrets Manager did not give it")
                .hasMessageContaining("serai.vault.aws.region");
    }

    @Test
    void aVaultWhoseLibraryIsNotThereSaysHowToGetIt() {
        assertThatThrownBy(() -> vaults.secret("{{azure:crm}}"))
                .isInstanceOf(SecretAway.class)
                .hasMessageContaining(
                        "{{azure:crm}}: its library is not beside the hub; build it in: ./mvnw package -DskipTests -P"
                                + " vault-azure");
        assertThat(vaults.secret("{{words:like these}}")).isEqualTo("{{words:like these}}");
    }

    /** A hub that has just started, and a vault that is not there yet: nothing was ever got from it. */
    @Test
    void runsWaitWhileAVaultThatWasNeverAskedIsAway(@TempDir Path folder) throws SQLException {
        secret = "";
        now = Instant.now();
        String shop = """
                connector: shop
                base_url: "{{mailchimp.base-url}}"
                auth: { type: basic, user: serai, password: "{{shop.api-key}}" }
                reads: { ping: { path: /ping } }
                webhooks:
                  signature: { scheme: token, header: X-Key, secret: "{{shop.api-key}}" }
                  event: { id: "{id}", type: asked }
                """;
        String asks = """
                - route:
                    id: ask
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?source=crm
                      steps:
                        - to: { id: see, uri: "connector:shop/ping" }
                """;
        var files = new TestFolders(folder).mapping("shop/connector.yaml", shop).flow("ask", asks);
        try (var hub = TestHub.asking(files.settings("shop.api-key", "{{aws:crm#token}}"), vaults::secret)) {
            assertThat(hub.crm("{\"id\":1,\"updated_at\":\"2026-11-01T00:00:00Z\"}")
                            .status())
                    .isEqualTo(202);
            assertThat(hub.post("/webhooks/shop", "{}".getBytes(StandardCharsets.UTF_8), Map.of())
                            .status())
                    .isEqualTo(503);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> hub.column("SELECT state || ' ' || retries || ' ' || waits_for FROM open_run")
                            .equals(List.of("waiting 0 a secret in a vault")));
            assertThat(hub.column("SELECT reason FROM open_run").get(0))
                    .startsWith("not sent: {{aws:crm#token}}: AWS Secrets Manager did not give it");
            var all = told(hub);
            assertThat(all.findValuesAsText("connection")).contains("shop", "mailchimp", "hubspot");
            assertThat(all.findValuesAsText("reason")).anyMatch(why -> why.contains("{{aws:crm#token}}"));

            secret = "{\"token\":\"" + hub.simulator().secret("mailchimp") + "\"}";
            now = now.plusSeconds(16);
            try (var connection = hub.wiring().database().dataSource().getConnection();
                    var due = connection.createStatement()) {
                due.execute("UPDATE open_run SET due_at = now()"); // its time has come
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> hub.runs("done").size() == 1);
            assertThat(told(hub).findValuesAsText("reason")).allMatch(String::isEmpty);
        }
    }

    /** Variables such as CAMEL_VAULT_AZURE_CLIENT_ID are for the client of the vault; properties stand in for them here. */
    @Test
    void aHubStartsThoughCamelCanNotTakeTheVariablesOfAVaultItself() {
        System.setProperty("camel.vault.azure.client.id", "an-app");
        try (var hub = TestHub.start()) {
            assertThat(hub.get("/health/ready").status()).isEqualTo(200);
        } finally {
            System.clearProperty("camel.vault.azure.client.id");
        }
    }

    @Test
    void aVaultThatHangsHoldsUpNoOther() {
        var patient = new Vaults("eu-central-1", url(), () -> now, Duration.ofMinutes(10));
        PlayedVault.hang();
        try {
            var waits = CompletableFuture.supplyAsync(() -> patient.secret("{{gcp:crm}}"));
            await().atMost(Duration.ofSeconds(60)).until(() -> PlayedVault.asked() == 1);

            assertThat(patient.secret("{{aws:crm#token}}")).isEqualTo("first");

            assertThat(waits).isNotDone();
            PlayedVault.answer();
            assertThat(waits).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("value of crm");
        } finally {
            PlayedVault.answer();
        }
    }

    /** However many secrets there are, and however long it lasts. */
    @Test
    void aVaultThatHangsIsWaitedForOnceAndAskedOneQuestionUntilItAnswersAgain() {
        var brief = new Vaults("", "", () -> now, Duration.ofMillis(200));
        PlayedVault.hang();
        try {
            for (int i = 0; i < 30; i++) {
                String value = "{{gcp:secret-" + i + "}}";
                assertThatThrownBy(() -> brief.secret(value))
                        .isInstanceOf(SecretAway.class)
                        .hasMessageContaining(value + ": Google Secret Manager did not give it: ");
                now = now.plus(Duration.ofMinutes(5));
            }
            await().untilAsserted(() -> assertThat(PlayedVault.asked()).isEqualTo(1));

            PlayedVault.answer();
            for (int i = 29; i < 31; i++) {
                String value = "{{gcp:secret-" + i + "}}";
                await().ignoreException(SecretAway.class).until(() -> {
                    now = now.plusSeconds(16);
                    return !brief.secret(value).isEmpty();
                });
            }

            PlayedVault.hang();
            for (int i = 0; i < 30; i++) {
                now = now.plus(Duration.ofMinutes(6));
                assertThat(brief.secret("{{gcp:secret-29}}")).isEqualTo("value of secret-29");
                assertThat(brief.secret("{{gcp:secret-30}}")).isEqualTo("value of secret-30");
            }
            await().untilAsserted(() -> assertThat(PlayedVault.asked()).isEqualTo(1));
        } finally {
            PlayedVault.answer();
        }
    }

    @Test
    void aHubStartsThoughAVaultHangs() {
        var brief = new Vaults("", "", () -> now, Duration.ofMillis(200));
        PlayedVault.hang();
        var hidden = Map.of("slack.bot-token", "{{gcp:chat}}", "stripe.webhook-secret", "{{gcp:pay}}");
        try (var hub = TestHub.asking(hidden, brief::secret)) {
            assertThat(hub.get("/health/ready").status()).isEqualTo(200);
            await().untilAsserted(() ->
                    assertThat(PlayedVault.asked()).as("by two threads at most").isBetween(1, 2));
        } finally {
            PlayedVault.answer();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + manager.getAddress().getPort();
    }

    /** What the list of connections says. */
    private static JsonNode told(TestHub hub) throws SQLException {
        var data = hub.wiring().database().dataSource();
        var facts = new ConnectionFacts(new ConnectionFacts.Sources(
                new ParkedConnections(data), new Proofs(data), new Tallies(data), new Buckets(data, Thresholds.USUAL)));
        return facts.list(hub.wiring().library(), List.of(), Instant.now());
    }
}
