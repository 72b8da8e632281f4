package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.ByHand;
import dev.serai.store.ParkedConnections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Breakers and parked connections of whole hubs, with their database and vendors that fail. */
class GateTest {
    private static final String PARKED = "SELECT id FROM run WHERE state = 'waiting' AND waits_for IS NOT NULL";
    private static final String ALERTS =
            "SELECT convert_from(payload, 'UTF8')::json ->> 'kind' FROM event WHERE type = 'serai.alert' ORDER BY id";

    @TempDir
    private Path folder;

    private TestFolders files;
    private TestHub hub;

    @BeforeEach
    void start() throws IOException {
        String mailchimp = Files.readString(Path.of("mappings/mailchimp/connector.yaml"));
        files = new TestFolders(folder)
                .mapping("mailchimp/connector.yaml", mailchimp + "breaker: { failures: 5, open: 10m }\n")
                .flow("enrol", """
                        - route:
                            id: enrol
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated?source=crm
                              steps:
                                - setBody: { id: member, simple: '{"email_address":"${body[email]}","status_if_new":"subscribed","merge_fields":{"FNAME":"${body[name]}"}}' }
                                - to: { id: put, uri: "connector:mailchimp/upsert_member?list=all" }
                        - route:
                            id: tell
                            routeConfigurationId: write
                            from:
                              uri: event:customer.converted
                              steps:
                                - setBody: { id: words, simple: '{"channel":"sales","text":"a customer"}' }
                                - to: { id: post, uri: "connector:slack/post_message" }
                        """);
        hub = TestHub.with(files.settings("serai.hub.name", "first"));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void anEndpointThatFailsIsLeftAloneByAllHubsUntilOneProbeGetsThrough() {
        hub.simulator().fault("mailchimp", Fault.status(503));
        IntStream.rangeClosed(1, 8).forEach(id -> tell(id, "one"));
        tell(8, "two");

        eventually(() -> hub.column(PARKED).size() == 8);
        int calls = calls();
        assertThat(calls).isBetween(5, 20);
        assertThat(hub.column("SELECT count(*) FROM attempt")).containsExactly("" + calls);
        assertThat(hub.column("SELECT DISTINCT state || retries FROM run WHERE flow = 'enrol'"))
                .containsExactly("waiting0");
        assertThat(hub.column("SELECT reason FROM run ORDER BY id LIMIT 1").get(0))
                .startsWith("not sent: mailchimp/upsert_member is left alone until ")
                .contains("failures in a row; the last: mailchimp answered 503");

        hub.wiring().close();
        try (var second = hub.another(Map.of("serai.hub.name", "second"));
                var third = hub.another(Map.of("serai.hub.name", "third"))) {
            assertThat(second.column("SELECT state FROM breaker")).containsExactly("open");
            theTimeOfTheBreakerIsOver(second);
            eventually(() -> second.column("SELECT state || probe FROM breaker").equals(List.of("open1")));
            assertThat(calls()).isEqualTo(calls + 1);
            assertThat(third.column("SELECT max(retries) FROM run")).containsExactly("0");

            hub.simulator().clearFaults("mailchimp");
            theTimeOfTheBreakerIsOver(second);
            eventually(() -> second.runs("waiting", "claimed").isEmpty());

            assertThat(third.column("SELECT state || failures FROM breaker")).containsExactly("closed0");
            var after = hub.simulator().ledger().calls("mailchimp").subList(calls + 1, calls + 10);
            assertThat(calls()).isEqualTo(calls + 10);
            assertThat(after).allSatisfy(call -> assertThat(call.status()).isEqualTo(200));
            assertThat(after.stream()
                            .map(call -> call.body())
                            .filter(text -> text.contains("c8@"))
                            .map(text -> text.contains("one") ? "one" : "two"))
                    .containsExactly("one", "two");
            assertThat(third.column(ALERTS)).containsExactly("breaker.opened", "breaker.closed");
        }
    }

    @Test
    void aWriteThatIsRefusedWasNeverIntended() {
        hub.simulator().noLimits("slack");
        hub.simulator().fault("slack", Fault.status(503).times(5));
        for (int i = 1; i <= 5; i++) {
            convert("once-" + i);
        }
        eventually(() -> hub.runs("in_doubt").size() == 5);

        convert("once-6");

        eventually(() -> hub.column(PARKED).size() == 1);
        assertThat(hub.column("SELECT count(DISTINCT run_id) FROM step")).containsExactly("5");
        assertThat(hub.column("SELECT count(*) FROM attempt")).containsExactly("5");
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(5);
        assertThat(hub.column("SELECT until - since FROM breaker")).containsExactly("00:15:00");
    }

    @Test
    void aRefusedCredentialParksTheConnectionUntilThereIsAnotherOne() {
        String before = hub.simulator().secret("mailchimp");
        hub.simulator().rotate("mailchimp", "a-new-key");
        IntStream.rangeClosed(1, 3).forEach(id -> tell(id, "one"));

        eventually(() -> hub.column(PARKED).size() == 3);
        int calls = calls();
        assertThat(hub.column("SELECT count(*) FROM attempt WHERE status = 401"))
                .containsExactly("" + calls);
        assertThat(hub.column("SELECT max(retries) FROM run")).containsExactly("0");
        assertThat(hub.column("SELECT p::text FROM parked_connection p").get(0))
                .contains("mailchimp answered 401")
                .doesNotContain(before);

        hub.wiring().close();
        try (var old = hub.another(Map.of("serai.hub.name", "old"));
                var renewed = hub.another(Map.of("serai.hub.name", "new", "mailchimp.api-key", "a-new-key"))) {
            eventually(() -> renewed.runs("waiting", "claimed").isEmpty());

            assertThat(old.runs("dead", "in_doubt")).isEmpty();
            assertThat(calls())
                    .as("the hub with the old key does not try it again")
                    .isEqualTo(calls + 3);
            assertThat(old.column(ALERTS)).containsExactly("connection.parked", "connection.resumed");
        }
    }

    @Test
    void aRefusedKeyAndItsSuccessorAreInTheHistoryOfTheConnection() {
        hub.simulator().rotate("mailchimp", "a-new-key");
        tell(1, "one");
        eventually(() -> hub.column(PARKED).size() == 1);
        hub.wiring().close();

        try (var renewed = hub.another(Map.of("serai.hub.name", "new", "mailchimp.api-key", "a-new-key"))) {
            eventually(() -> renewed.runs("waiting", "claimed").isEmpty());

            assertThat(renewed.column("SELECT who || ': ' || what || ': ' || why FROM audit"
                            + " WHERE connection = 'mailchimp' ORDER BY at"))
                    .satisfiesExactly(
                            refused -> assertThat(refused)
                                    .startsWith("hub first: credential refused: mailchimp answered 401"),
                            changed -> assertThat(changed)
                                    .isEqualTo("hub new: credential changed: it has another credential, and its"
                                            + " runs go on"));
        }
    }

    @Test
    void anAlertGoesWhereAFlowTakesIt() {
        files.flow("alerts", """
                - route:
                    id: alerts
                    routeConfigurationId: write
                    from:
                      uri: event:serai.alert
                      steps:
                        - setBody:
                            id: alert-words
                            simple: '{"channel":"sales","text":"${body[kind]}: ${body[connection]} since ${body[since]}. ${body[what_to_do]}"}'
                        - to: { id: tell-them, uri: "connector:slack/post_message" }
                """);
        eventually(() -> hub.wiring().hub().flows().contains("alerts"));
        hub.simulator().rotate("mailchimp", "another-key");

        tell(1, "one");

        eventually(() -> hub.simulator().records("slack", "messages").size() == 1);
        assertThat(hub.simulator()
                        .records("slack", "messages")
                        .get(0)
                        .path("text")
                        .asText())
                .startsWith("connection.parked: mailchimp since 20")
                .contains("(setting mailchimp.api-key)", "serai connections resume mailchimp");
    }

    @Test
    void aPersonLetsAParkedConnectionGoOn() throws SQLException {
        String valid = hub.simulator().secret("mailchimp");
        hub.simulator().rotate("mailchimp", "another-key");
        tell(1, "one");
        eventually(() -> hub.column(PARKED).size() == 1);
        hub.simulator().rotate("mailchimp", valid);
        int calls = calls();

        var connections = new ParkedConnections(hub.wiring().database().dataSource());
        assertThat(connections.troubles()).singleElement().satisfies(trouble -> {
            assertThat(trouble.connection()).isEqualTo("mailchimp");
            assertThat(trouble.state()).isEqualTo("parked");
            assertThat(trouble.waiting()).isEqualTo(1);
        });
        assertThat(connections.resume("mailchimp", Instant.now(), new ByHand("ada", "key enabled again")))
                .isEqualTo(1);

        eventually(() -> hub.runs("done").size() == 1);
        assertThat(calls()).isEqualTo(calls + 1);
        assertThat(hub.column("SELECT who || ' ' || what || ': ' || why FROM audit WHERE who = 'ada'"))
                .containsExactly("ada resume connection mailchimp: key enabled again");
        assertThat(connections.troubles()).isEmpty();
        assertThat(connections.resume("mailchimp", Instant.now(), new ByHand("ada", "again")))
                .isZero();
    }

    private static void theTimeOfTheBreakerIsOver(TestHub hub) {
        hub.column("UPDATE breaker SET until = now() RETURNING operation");
    }

    private int calls() {
        return hub.simulator().ledger().calls("mailchimp").size();
    }

    private void tell(int id, String name) {
        String at = name.equals("one") ? "2026-11-01T00:00:00Z" : "2026-11-02T00:00:00Z";
        assertThat(hub.crm("{\"id\":" + id + ",\"updated_at\":\"" + at + "\",\"name\":\"" + name + "\",\"email\":\"c"
                                + id + "@example.com\"}")
                        .status())
                .isEqualTo(202);
    }

    private void convert(String id) {
        assertThat(hub.post(
                                "/v1/events/customer.converted",
                                DoorsTest.converted(id),
                                Map.of("X-API-Key", TestHub.API_KEY))
                        .status())
                .isEqualTo(202);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
