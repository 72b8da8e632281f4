package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.serai.config.Settings;
import dev.serai.connector.SecretAway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Secrets of a cluster, asked for over HTTP by Kubernetes' client, whose library a build with a profile adds. */
class KubernetesSecretsTest {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer cluster;
    private Vaults vaults;
    private Map<String, String> own;

    @BeforeEach
    void start() throws IOException {
        cluster = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cluster.createContext("/", exchange -> {
            asked.add(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
            boolean known = exchange.getRequestURI().getPath().endsWith("/secrets/crm");
            String token = Base64.getEncoder().encodeToString("first".getBytes(StandardCharsets.UTF_8));
            byte[] answer = (known
                            ? "{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"crm\"},\"data\":{\"token\":\""
                                    + token + "\"}}"
                            : "{\"apiVersion\":\"v1\",\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? 200 : 404, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        cluster.start();
        own = Map.of(
                "kubernetes.master", "http://127.0.0.1:" + cluster.getAddress().getPort(),
                "kubernetes.auth.tryKubeConfig", "false",
                "kubernetes.auth.tryServiceAccount", "false",
                "kubernetes.namespace", "integration");
        own.forEach(System::setProperty);
        vaults = new Vaults("", "", () -> Instant.parse("2026-11-01T00:00:00Z"), Duration.ofMinutes(5));
    }

    @AfterEach
    void stop() {
        own.keySet().forEach(System::clearProperty);
        cluster.stop(0);
    }

    @Test
    void aSettingMayNameAKeyOfASecretOfItsNamespace() {
        var given = Map.of("crm.token", "{{secret:crm/token}}");
        Settings settings = Settings.read(Path.of("none"), Map.of(), given).asking(vaults::secret);

        assertThat(settings.lookup("crm.token")).contains("first");
        assertThat(settings.lookup("crm.token")).contains("first");
        assertThat(asked).as("and it is kept").containsExactly("GET /api/v1/namespaces/integration/secrets/crm");
    }

    @Test
    void aSecretThatIsNotThereIsSaidWithWhatToLookAt() {
        assertThatThrownBy(() -> vaults.secret("{{secret:shop/token}}"))
                .isInstanceOf(SecretAway.class)
                .hasMessageContaining("{{secret:shop/token}}: Kubernetes did not give it: ")
                .hasMessageEndingWith("; is the name right, is it in this namespace, and may this hub read it?");
    }
}
