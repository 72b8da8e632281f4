package dev.serai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.config.Settings;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start prints, and what it refuses to start with. */
class StartUpTest {
    private static final String CANARY = "canary-5f1c9a-";

    @TempDir
    private Path folder;

    @Test
    void aStartPrintsNoSecret() {
        var settings = new HashMap<String, String>();
        for (String name : new String[] {
            "serai.api.key", "hubspot.access-token", "hubspot.client-secret", "mailchimp.api-key", "stripe.api-key",
            "stripe.webhook-secret", "slack.bot-token", "slack.signing-secret", "zendesk.api-token", "sendgrid.api-key",
            "crm.webhook-secret", "github.webhook-secret", "shopify.webhook-secret", "some.jdbcUrl", "camel.bearer"
        }) {
            settings.put(name, CANARY + name);
        }
        var out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try (var log = new LogCapture()) {
            log.everything();
            TestHub.with(settings).close();
            assertThat(log.lines()).hasSizeGreaterThan(10).noneMatch(line -> line.contains(CANARY));
        } finally {
            System.setOut(before);
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain(CANARY);
    }

    @Test
    void aDatabaseThatCannotBeOpenedIsNamedWithoutItsPassword() {
        for (String url : new String[] {
            "jdbc:postgresql://127.0.0.1:1/serai?password=" + CANARY,
            "jdbc:postgresql://bad host:x/serai?password=" + CANARY,
            "jdbc:nonsense://x?password=" + CANARY
        }) {
            var settings = Settings.read(
                    Path.of("none"), Map.of(), Map.of("serai.database.url", url, "serai.database.password", CANARY));
            assertThatThrownBy(() -> Database.open(settings))
                    .isInstanceOf(Database.DatabaseUnreachable.class)
                    .hasMessageContaining("serai.database.url")
                    .hasMessageNotContaining(CANARY);
        }
    }

    @Test
    void anEmptyRoutesFolderIsRefused() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("routes"));

        assertThatThrownBy(() -> start(Map.of("serai.routes", empty.toString())))
                .isInstanceOf(Wiring.FilesRefused.class)
                .hasMessageContaining("no flow");
    }

    @Test
    void whatCamelWouldLetThroughInSilenceIsRefusedWithItsPlace() {
        var files = new TestFolders(folder).flow("wrong", """
                - route:
                    id: wrong
                    routeConfigurationId: wriet
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: call, uri: "http://127.0.0.1:1/x?httpMetod=POST" }
                        - circuitBreaker:
                            id: breaker
                            steps:
                              - to: { id: enrol, uri: "connector:mailchimp/upsert_membr" }
                        - split: { id: parts, simple: "${body[items]}", parallelProcessing: true, steps: [ { log: { id: part, message: x } } ] }
                        - idempotentConsumer: { id: once, idempotentRepository: "#seenBefore", simple: "body[id]", steps: [ { log: { id: o, message: x } } ] }
                - route:
                    id: unhandled
                    routeConfigurationId: poll
                    from: { id: unhandled-from, uri: "event:contact.deleted", steps: [ { log: { id: l, message: x } } ] }
                - routeConfiguration:
                    id: own
                    errorHandler: { deadLetterChannel: { deadLetterUri: "direct:dead-letter" } }
                    onException:
                      - onException: { exception: [ java.lang.Exception ], onWhen: { simple: "${body.x} == 1" } }
                """);

        assertThatThrownBy(() -> start(files.settings()))
                .isInstanceOf(Wiring.FilesRefused.class)
                .hasMessageContaining(
                        "wrong.camel.yaml:3:27: \"wriet\" is not an error configuration; did you mean \"write\"?")
                .hasMessageContaining(
                        "wrong.camel.yaml:7:15: \"httpMetod\" is not an option of http:; did you mean \"httpMethod\"?")
                .hasMessageContaining("wrong.camel.yaml:9:13: an open breaker lets the message pass as delivered")
                .hasMessageContaining("did you mean \"upsert_member\"?")
                .hasMessageContaining("wrong.camel.yaml:16:27: \"poll\" keeps no dead letters")
                .hasMessageContaining("deadLetterHandleNewException: false")
                .hasMessageContaining("parallel branches of one run would mix up their steps")
                .hasMessageContaining(
                        "\"body[id]\" is the same key for every event, so that only the first would go on")
                .hasMessageContaining("10 problems")
                .hasMessageContaining("onWhen");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var files = new TestFolders(folder).flow("keep", """
                    - route:
                        id: keep
                        routeConfigurationId: write
                        from: { id: k, uri: "event:contact.updated", steps: [ { log: { id: l, message: x } } ] }
                    """);

            assertThatThrownBy(() -> start(files.settings("serai.http.port", Integer.toString(taken.getLocalPort()))))
                    .hasMessageContaining("Can't listen on 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("serai.http.port");
        }
    }

    private static void start(Map<String, String> more) {
        var settings = new HashMap<>(TestDatabase.fresh());
        settings.put("serai.http.port", "0");
        settings.putAll(more);
        try (var wiring = new Wiring(Settings.read(Path.of("none"), Map.of(), settings))) {
            assertThat(wiring.hub().port()).isNegative();
        }
    }
}
