package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.serai.TestHub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Follows the README from top to bottom: saves its files where it says, and sends what it sends. */
class ReadmeTest {
    private static final String BILLING_SECRET = "a-made-up-billing-secret";

    @TempDir
    private Path project;

    private final List<String> billingWasAsked = new CopyOnWriteArrayList<>();
    private HttpServer billing;
    private TestHub hub;

    @BeforeEach
    void start() throws IOException {
        billing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        billing.createContext("/", exchange -> {
            billingWasAsked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = "{\"id\":\"a-7\",\"state\":\"off\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        billing.start();
        copy(Path.of("routes"));
        copy(Path.of("mappings"));
        hub = TestHub.with(Map.of(
                "serai.routes",
                project.resolve("routes").toString(),
                "serai.mappings",
                project.resolve("mappings").toString(),
                "billing.base-url",
                "http://127.0.0.1:" + billing.getAddress().getPort(),
                "billing.token",
                "any-token",
                "billing.webhook-secret",
                BILLING_SECRET));
        Files.writeString(
                Files.createDirectories(project.resolve("data/demo")).resolve("serai.properties"),
                "serai.http.port=" + hub.wiring().hub().port() + "\nserai.api.key=" + TestHub.API_KEY
                        + "\nbilling.webhook-secret=" + BILLING_SECRET + "\n");
    }

    @AfterEach
    void stop() {
        if (hub != null) {
            hub.close();
        }
        billing.stop(0);
    }

    @Test
    void whoFollowsItHasAFlowAndAConnectorThatWork() throws Exception {
        Bash.Result last = null;
        for (Page.Block block : Page.read("README.md").blocks()) {
            switch (block.marker()) {
                case "file" -> save(block);
                case "run" -> {
                    last = Bash.run(project, block.text());
                    assertThat(last.exit())
                            .as("%s: %s", block.place(), last.out())
                            .isZero();
                }
                case "answer" ->
                    assertThat(numbersAside(last.out()))
                            .as("%s: what the block above printed", block.place())
                            .isEqualTo(numbersAside(block.text()));
                default -> {}
            }
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(hub.runs("done")).hasSize(2));
        assertThat(hub.simulator().records("slack", "messages"))
                .extracting(message -> message.path("text").asText())
                .containsExactly("New customer: Analytical Engines, plan enterprise");
        assertThat(billingWasAsked).hasSize(2).first().asString().startsWith("GET /accounts/a-7 ");
        assertThat(billingWasAsked.get(1))
                .startsWith("PUT /accounts/a-7/state ")
                .contains("active");
    }

    /** Saves a file; a flow is awaited, as the page says that it is live in a moment. */
    private void save(Page.Block block) throws IOException {
        Path file = project.resolve(block.argument());
        assertThat(Files.exists(file))
                .as("%s is shipped already", block.argument())
                .isFalse();
        Files.createDirectories(file.getParent());
        Files.writeString(file, block.text());
        String name = file.getFileName().toString();
        if (name.endsWith(".camel.yaml")) {
            String flow = name.substring(0, name.length() - ".camel.yaml".length());
            await(block.place())
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> hub.wiring().hub().flows().contains(flow));
        }
    }

    private static String numbersAside(String answer) {
        return answer.strip().replaceAll("e_\\d+", "e_…");
    }

    private void copy(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Path target = project.resolve(file.toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
