package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.Wiring;
import dev.serai.config.Settings;
import dev.serai.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose retry policy counts: the flow's, then the connector's, then that of the settings. */
class RetriesTest {
    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() throws IOException {
        String mailchimp = Files.readString(Path.of("mappings/mailchimp/connector.yaml"));
        var files = new TestFolders(folder)
                .mapping("mailchimp/connector.yaml", mailchimp + """
                        breaker: { failures: 1000 }
                        retry:
                          quick: { attempts: 1, first: 10ms }
                          durable: { attempts: 9, first: 2s, longest: 2s, jitter: 0 }
                          max_age: 5s
                        """)
                .flow("connectors", flow("of-connector", "contact.updated"))
                .flow("flows", flow("of-flow", "customer.converted?retry=overload-only"));
        hub = TestHub.with(files.settings());
    }

    private static String flow(String id, String from) {
        return """
                - route:
                    id: %s
                    routeConfigurationId: write
                    from:
                      uri: event:%s
                      steps:
                        - setBody: { id: %s-member, simple: '{"email_address":"ada@example.com","status_if_new":"subscribed"}' }
                        - to: { id: %s-put, uri: "connector:mailchimp/upsert_member?list=all" }
                """.formatted(id, from, id, id);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void forget() {
        hub.simulator().reset();
    }

    @Test
    void theConnectorsPolicyHoldsUntilTheEventIsTooOld() {
        hub.simulator().fault("mailchimp", Fault.status(503));

        hub.crm("{\"id\":1,\"updated_at\":\"2026-11-01T00:00:00Z\",\"email\":\"a@example.com\"}");

        eventually(() -> state("of-connector").equals("dead"));
        assertThat(hub.simulator().ledger().calls("mailchimp"))
                .as("at most two durable retries have room in five seconds; each claim has one quick retry")
                .hasSizeBetween(1, 6);
        assertThat(hub.column("SELECT r.finished_at > e.received_at + interval '2900 ms' FROM run r"
                        + " JOIN event e ON e.id = r.event_id WHERE r.flow = 'of-connector'"))
                .as("when there was no room for another")
                .containsExactly("t");
        assertThat(hub.runs("dead").get(0).reason())
                .contains("answered 503")
                .endsWith("; not tried again: by then its event would be older than max_age, 5s");
    }

    @Test
    void theFlowsPolicyComesBeforeTheConnectors() {
        hub.simulator().fault("mailchimp", Fault.status(500));

        hub.post("/v1/events/customer.converted", DoorsTest.converted("retries"), Map.of("X-API-Key", TestHub.API_KEY));

        eventually(() -> state("of-flow").equals("dead"));
        assertThat(hub.simulator().ledger().calls("mailchimp")).hasSize(1);
        assertThat(hub.runs("dead").get(0).reason())
                .endsWith("; not tried again: its retry policy tries again after [429, 503] only");
    }

    @Test
    void aMisspeltPolicyIsRefusedWithTheNearest(@TempDir Path other) {
        var files = new TestFolders(other)
                .mapping("mailchimp/connector.yaml", "connector: mailchimp\nretry: pacient\n")
                .flow("wrong", flow("wrong", "contact.updated?retry=stedy"));

        var problems = Wiring.check(Settings.read(Path.of("none"), Map.of(), files.settings()));

        assertThat(problems.toString())
                .contains("mailchimp/connector.yaml:2:8: \"retry\" is \"pacient\"; did you mean \"patient\"?")
                .contains("\"stedy\" is not a retry policy; did you mean \"steady\"?");
    }

    private static String state(String flow) {
        var states = hub.column("SELECT state FROM run WHERE flow = '" + flow + "'");
        return states.isEmpty() ? "none" : states.get(0);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
