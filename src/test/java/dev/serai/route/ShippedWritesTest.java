package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.file.Yaml;
import dev.serai.run.Correction;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.store.ByHand;
import dev.serai.store.Doubts;
import dev.serai.store.RunFilter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writes of shipped connectors whose systems have ways of their own with repeats and with many records. */
class ShippedWritesTest {
    private static final RunFilter DEAD = RunFilter.ALL.states(List.of("dead"));

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var files = new TestFolders(folder);
        files.mapping(
                        "sendgrid/connector.yaml",
                        files.read("sendgrid/connector.yaml").replace("first: 5s", "first: 300ms"))
                .mapping("sendgrid/letter.yaml", """
                        mapping: sendgrid/letter
                        from: any
                        fields: { email: { from: email, required: true } }
                        """)
                .mapping("crm/connector.yaml", """
                        connector: crm
                        webhooks:
                          signature: { scheme: hmac, secret: "{{crm.webhook-secret}}", header: X-Signature }
                          event: { split: ".", id: "{id}", type: "{type}", record: "contact:{id}" }
                        """)
                .flow("bill", flow("bill", "contact.created", """
                        - setBody: { id: customer, simple: '{"email":"${body[email]}"}' }
                        - to: { id: create, uri: "connector:stripe/create_customer" }
                        """))
                .flow("customers", flow("customers", "customer.seen", """
                        - setBody: { id: seen, simple: '{"email":"${body[email]}"}' }
                        - to: { id: save, uri: "connector:stripe/upsert_customer" }
                        """))
                // a key that is forgotten a second after the last moment at which a call could still reach it
                .mapping(
                        "zendesk/connector.yaml",
                        files.read("zendesk/connector.yaml").replace("key_kept: 2h", "key_kept: 15s")
                                + "breaker: { failures: 1000 }\n")
                .flow("tickets", flow("tickets", "ticket.asked", """
                        - setBody: { id: ticket, simple: '{"subject":"Help","comment":{"body":"${body[email]}"}}' }
                        - to: { id: open, uri: "connector:zendesk/create_ticket" }
                        """))
                .flow("letters", flow("letters", "contact.updated?batchSize=100&batchWait=1s", """
                        - to: { id: shape, uri: "mapping:sendgrid/letter" }
                        - to: { id: import, uri: "connector:sendgrid/upsert_contacts" }
                        """));
        hub = TestHub.with(files.settings("serai.retry.first", "300ms", "serai.retry.attempts", "50"));
    }

    private static String flow(String id, String from, String steps) {
        return """
                - route:
                    id: %1$s
                    routeConfigurationId: write
                    from:
                      uri: event:%2$s
                      steps:
                %3$s
                """.formatted(id, from, steps.indent(8).stripTrailing());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void forget() throws SQLException {
        hub.simulator().reset();
        try (var connection = hub.wiring().database().dataSource().getConnection()) {
            connection.createStatement().execute("DELETE FROM open_run; DELETE FROM done_run; DELETE FROM step");
        }
    }

    /** Stripe knows a key with what came under it, also when it refused that: with other data it refuses the key. */
    @Test
    void aPaymentThatWasRefusedGoesThroughOnceItsDataAreCorrected() {
        tell("contact.created", 1, "ada");
        eventually(() -> hub.runs("dead").size() == 1);
        assertThat(hub.runs("dead").get(0).reason()).contains("Invalid email address");

        hub.resume(
                DEAD,
                Optional.of(
                        Correction.patch("[{\"op\":\"replace\",\"path\":\"/email\",\"value\":\"ada@example.com\"}]")));

        eventually(() -> hub.runs("waiting", "claimed", "dead").isEmpty());
        assertThat(hub.simulator().records("stripe", "customers")).hasSize(1);
        assertThat(hub.simulator().ledger().calls("stripe"))
                .extracting(Call::status)
                .containsExactly(400, 200);
        assertThat(hub.column("SELECT idempotency_key FROM step WHERE step = 'create' AND state = 'succeeded'"))
                .singleElement()
                .asString()
                .endsWith(":create:again-1");
    }

    /** Stripe refuses a key that it knows of another address. */
    @Test
    void aCustomerThatWasMadeAnewElsewhereIsUpdatedUnderAKeyOfItsOwn() {
        tell("customer.seen", 11, "anew@example.com");
        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
        hub.simulator().reset();
        hub.simulator()
                .seed(
                        "stripe",
                        "customers",
                        Yaml.read("test", "{ id: cus_other, object: customer, created: 1, email: anew@example.com }")
                                .json());

        tell("customer.seen", 12, "anew@example.com");

        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
        List<Call> updates = hub.simulator().ledger().calls("stripe", "PostCustomersCustomer");
        assertThat(updates).extracting(Call::status).containsExactly(404, 200);
        assertThat(updates)
                .extracting(
                        call -> call.asked().headers().get("Idempotency-Key").replaceAll("^r_[0-9]+:", ""))
                .satisfiesExactly(
                        first -> assertThat(first).matches("save:update_customer:cus_[0-9]+"),
                        second -> assertThat(second).isEqualTo("save:update_customer:cus_other"));
    }

    @Test
    void aTicketOfUnknownOutcomeIsSentAgainWhileItsKeyIsKnownAndLeftToAPersonAfterThat() throws SQLException {
        hub.simulator().keepKeys("zendesk", Duration.ofSeconds(11));
        hub.simulator()
                .fault("zendesk", "CreateTicket", Fault.reset().afterTheWork().times(1_000));

        tell("ticket.asked", 301, "ada");

        eventually(() -> hub.runs("in_doubt").size() == 1);
        assertThat(hub.runs("in_doubt").get(0).reason())
                .isEqualTo(
                        "zendesk/create_ticket: sent, but its outcome was never stored, and zendesk knows its key for"
                                + " 15s only; look in zendesk whether it was done, then settle the run");
        assertThat(hub.simulator().ledger().calls("zendesk", "CreateTicket")).hasSizeGreaterThan(1);
        assertThat(hub.simulator().records("zendesk", "tickets")).hasSize(1);

        int sent = hub.simulator().ledger().calls("zendesk", "CreateTicket").size();
        hub.simulator().clearFaults("zendesk");
        Doubts.Doubt doubt = hub.doubts().find(hub.runs("in_doubt").get(0).id()).orElseThrow();
        assertThat(hub.doubts().notDone(doubt, new ByHand("ada", "Zendesk does not show it")))
                .isTrue();
        eventually(() -> hub.runs("waiting", "claimed", "in_doubt").isEmpty());
        assertThat(hub.simulator().ledger().calls("zendesk", "CreateTicket")).hasSize(sent + 1);
    }

    @Test
    void manyContactsAreOneImportOfSendgridAndOneQuestion() {
        // in one request, so that it depends on no machine's speed how many an import holds
        tell(IntStream.rangeClosed(201, 220)
                .mapToObj(id -> event("contact.updated", id, "c" + id + "@example.com"))
                .toList());

        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
        assertThat(hub.simulator().records("sendgrid", "contacts")).hasSize(20);
        assertThat(calls("UpdateContact")).isEqualTo(1);
        assertThat(calls("GetImportContact")).isBetween(1L, 2L);
    }

    @Test
    void anImportThatSendgridRefusesIsTheFailureOfAllThatWentWithIt() {
        tell("contact.updated", 101, "nobody");

        eventually(() -> hub.runs("dead").size() == 1);
        assertThat(hub.runs("dead").get(0).reason()).startsWith("sendgrid accepted it, and then: errored");
        hub.resume(
                DEAD,
                Optional.of(
                        Correction.patch("[{\"op\":\"replace\",\"path\":\"/email\",\"value\":\"z@example.com\"}]")));
        eventually(() -> hub.runs("waiting", "claimed", "dead").isEmpty());
        assertThat(hub.simulator().records("sendgrid", "contacts")).hasSize(1);
    }

    private static long calls(String operation) {
        return hub.simulator().ledger().calls("sendgrid").stream()
                .filter(call -> call.operation().equals(operation))
                .count();
    }

    private static void tell(String type, int id, String email) {
        tell(List.of(event(type, id, email)));
    }

    private static void tell(List<String> events) {
        assertThat(hub.crm("[" + String.join(",", events) + "]").status()).isEqualTo(202);
    }

    private static String event(String type, int id, String email) {
        return "{\"id\":" + id + ",\"type\":\"" + type + "\",\"email\":\"" + email + "\"}";
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
