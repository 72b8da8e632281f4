package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.serai.api.Api;
import dev.serai.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to a hub elsewhere, over wires that lie. */
class OverHttpTest {
    private static final char[] PASSWORD = "only-for-tests".toCharArray();

    @TempDir
    private Path folder;

    private static Settings settings(String url, String... more) {
        var settings = new HashMap<>(Map.of("serai.hub", url, "serai.hub.token", "serai_a-token"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return Settings.read(Path.of("none"), Map.of(), settings);
    }

    private static Api.Request request(String method) {
        return new Api.Request(method, "/runs", Map.of(), MissingNode.getInstance());
    }

    private static HubProblem problem(HubWire wire, String method) {
        return catchThrowableOfType(HubProblem.class, () -> wire.call(request(method)));
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Test
    void aCertificateNobodyVouchesForIsRefusedBeforeTheTokenIsTold() throws Exception {
        var asked = new AtomicInteger();
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate()));
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes());
            exchange.close();
        });
        server.start();
        try {
            String url = "https://localhost:" + server.getAddress().getPort();

            HubProblem refused = problem(OverHttp.of(settings(url)), "GET");
            assertThat(refused).hasMessageStartingWith(url + " is not trusted, and was told nothing");
            assertThat(refused.exit()).isEqualTo(3);
            HubProblem another = problem(
                    OverHttp.of(settings(url.replace("localhost", "127.0.0.1"), "serai.calls.trust", pem())), "GET");
            assertThat(another).hasMessageContaining("is not trusted");
            assertThat(asked).hasValue(0);

            assertThat(OverHttp.of(settings(url, "serai.calls.trust", pem())).call(request("GET")))
                    .isEmpty();
            assertThat(asked).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForAndWhetherItWasDoneIsNotKnown() throws IOException {
        var over = new CountDownLatch(1);
        HttpServer server = HttpServer.create(anyPort(), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            var settings = settings("http://127.0.0.1:" + server.getAddress().getPort());
            HubProblem read = problem(OverHttp.of(settings, Duration.ofMillis(300)), "GET");
            assertThat(read).hasMessageContaining("did not answer within");
            assertThat(read.isUnknown()).isFalse();
            assertThat(problem(OverHttp.of(settings, Duration.ofMillis(300)), "POST")
                            .isUnknown())
                    .isTrue();
            over.countDown();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAnswerThatDoesNotEndIsCutOff() throws IOException {
        HttpServer server = HttpServer.create(anyPort(), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] more = new byte[1 << 20];
            try (var out = exchange.getResponseBody()) {
                for (int i = 0; i < 1000; i++) {
                    out.write(more);
                }
            } catch (IOException e) {
                // the other side has heard enough
            }
        });
        server.start();
        try {
            HubProblem cut = problem(
                    OverHttp.of(
                            settings("http://127.0.0.1:" + server.getAddress().getPort())),
                    "POST");
            assertThat(cut).hasMessageContaining("longer than 64 MiB");
            assertThat(cut.isUnknown()).isTrue();
        } finally {
            server.stop(0);
        }
    }

    private Path store() {
        return folder.resolve("it.p12");
    }

    private SSLContext certificate() throws Exception {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "it",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store().toString());
        assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor())
                .isZero();
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(opened(), PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore opened() throws Exception {
        try (InputStream in = Files.newInputStream(store())) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            return store;
        }
    }

    private String pem() throws Exception {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(opened().getCertificate("it").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
        return Files.writeString(folder.resolve("it.pem"), pem).toString();
    }
}
