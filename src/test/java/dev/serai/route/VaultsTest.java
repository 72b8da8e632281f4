package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.serai.config.Settings;
import dev.serai.config.SettingsRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets that lie in a vault, asked for by AWS' own client over HTTP. */
class VaultsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer manager;
    private Vaults vaults;
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
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
        vaults = new Vaults(
                "eu-central-1", "http://127.0.0.1:" + manager.getAddress().getPort(), () -> now);
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
                .isInstanceOf(SettingsRefused.class)
                .hasMessageContaining("{{aws:unknown}}: AWS Secrets Manager did not give it")
                .hasMessageContaining("serai.vault.aws.region");
    }

    @Test
    void aVaultWhoseLibraryIsNotThereSaysHowToGetIt() {
        assertThatThrownBy(() -> vaults.secret("{{azure:crm}}"))
                .isInstanceOf(SettingsRefused.class)
                .hasMessageContaining(
                        "{{azure:crm}}: its library is not beside the hub; build it in: ./mvnw package -DskipTests -P"
                                + " vault-azure");
        assertThat(vaults.secret("{{words:like these}}")).isEqualTo("{{words:like these}}");
    }
}
