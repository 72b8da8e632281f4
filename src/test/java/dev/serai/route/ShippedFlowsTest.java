package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.TestHub;
import dev.serai.run.Owner;
import dev.serai.simulator.Fault;
import dev.serai.store.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The flows of routes/ from the webhook at the door to what the vendors hold afterwards. */
class ShippedFlowsTest {
    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.start();
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
    void aNewLeadIsEnrolledStoredGivenAnOwnerAndWrittenBack() {
        hub.hubspotHas("123", contact("jenny@example.com", "Germany", "enterprise"));

        TestHub.Reply reply = hub.hubspotTells("contact.creation", "123");

        assertThat(reply.status()).isEqualTo(202);
        eventually(() -> run(reply).state().equals("done"));
        assertThat(hub.simulator().ledger().violations()).isEmpty();
        JsonNode member = hub.simulator().records("mailchimp", "members").get(0);
        assertThat(member.path("email_address").asText()).isEqualTo("jenny@example.com");
        assertThat(member.path("list_id").asText()).isEqualTo("leads-dach");
        assertThat(hub.column("SELECT owner_email FROM customers WHERE email = 'jenny@example.com'"))
                .containsExactly("dach@example.com");
        JsonNode inCrm = hub.simulator().records("hubspot", "contacts").get(0).path("properties");
        assertThat(inCrm.path("serai_run_id").asText()).isEqualTo(run(reply).name());
        assertThat(inCrm.path("mailchimp_id").asText())
                .isEqualTo(member.path("id").asText());
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(1);
    }

    @Test
    void theSameWebhookAgainIsADuplicateAndMakesNoSecondRun() {
        hub.hubspotHas("124", contact("again@example.com", "US", ""));
        TestHub.Reply first = hub.hubspotTells("contact.creation", "124");
        eventually(() -> run(first).state().equals("done"));
        int calls = hub.simulator().ledger().calls().size();

        TestHub.Reply second = hub.hubspotTells("contact.creation", "124");

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body().path("status").asText()).isEqualTo("duplicate");
        assertThat(second.body().path("receipt")).isEqualTo(first.body().path("receipt"));
        assertThat(runs(second)).hasSize(1);
        assertThat(hub.simulator().ledger().calls()).hasSize(calls);
    }

    @Test
    void aLeadWithoutAnAddressIsADeadLetterWithFieldAndReasonAndNothingIsWrittenAnywhere() {
        hub.hubspotHas("125", Map.of("firstname", "Nobody"));

        TestHub.Reply reply = hub.hubspotTells("contact.creation", "125");

        eventually(() -> run(reply).state().equals("dead"));
        History.Run dead = run(reply);
        assertThat(dead.step()).isEqualTo("to-contact");
        assertThat(dead.reason()).contains("email: properties.email is missing");
        assertThat(dead.owner()).isEqualTo(Owner.CONFIG);
        assertThat(hub.simulator().ledger().calls())
                .allSatisfy(call -> assertThat(call.asked().method()).isEqualTo("GET"));
    }

    @Test
    void aCorrectedRecordGoesOnFromItsDeadLetter() throws Exception {
        hub.hubspotHas("126", Map.of("firstname", "Late"));
        TestHub.Reply reply = hub.hubspotTells("contact.creation", "126");
        eventually(() -> run(reply).state().equals("dead"));

        hub.simulator().reset();
        hub.hubspotHas("126", contact("late@example.com", "FR", ""));
        assertThat(hub.resume(run(reply).id())).isTrue();

        eventually(() -> run(reply).state().equals("done"));
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(1);
    }

    @Test
    void aVendorThatAsksForPatienceIsAskedAgainWhenItSaid() throws Exception {
        hub.hubspotHas("127", contact("patience@example.com", "US", ""));
        hub.simulator()
                .fault(
                        "mailchimp",
                        Fault.status(429).retryAfter(Duration.ofSeconds(1)).times(1));

        TestHub.Reply reply = hub.hubspotTells("contact.creation", "127");

        eventually(() -> run(reply).state().equals("done"));
        var attempts = hub.history().attempts(run(reply).id()).stream()
                .filter(a -> a.step().equals("enrol"))
                .map(History.StepAttempt::attempt)
                .toList();
        assertThat(attempts).extracting(a -> a.status()).containsExactly(429, 200);
        assertThat(Duration.between(attempts.get(0).at(), attempts.get(1).at()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aVendorThatIsDownForAWhileGetsItsDataWhenItIsBackAndNothingIsSentTwice() throws Exception {
        hub.hubspotHas("128", contact("down@example.com", "US", ""));
        hub.simulator().fault("mailchimp", Fault.reset().times(2));
        hub.simulator().fault("mailchimp", Fault.status(503).times(1));

        TestHub.Reply reply = hub.hubspotTells("contact.creation", "128");

        eventually(() -> run(reply).state().equals("done"));
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(1);
        assertThat(hub.simulator().ledger().calls("hubspot").stream()
                        .filter(c -> c.asked().method().equals("GET")))
                .hasSize(1);
    }

    @Test
    void aFailedPaymentIsSeenInTheCrmInSupportAndByTheCustomer() throws IOException {
        hub.hubspotHas("200", contact("jenny.rosen@example.com", "US", ""));

        TestHub.Reply reply = hub.stripe(sample("stripe-invoice.payment_failed.json"));

        assertThat(reply.status()).isEqualTo(202);
        eventually(() -> run(reply).state().equals("done"));
        assertThat(hub.simulator().ledger().violations()).isEmpty();
        JsonNode crm = hub.simulator().records("hubspot", "contacts").get(0).path("properties");
        assertThat(crm.path("billing_health").asText()).isEqualTo("payment_failed");
        assertThat(hub.simulator().records("zendesk", "tickets")).hasSize(1);
        assertThat(hub.simulator().ledger().calls("sendgrid")).hasSize(1);
    }

    @Test
    void aBatchOfAHundredEventsIsAHundredRuns() {
        String[] ids = new String[100];
        for (int i = 0; i < 100; i++) {
            ids[i] = Integer.toString(5000 + i);
            hub.hubspotHas(ids[i], contact("batch" + i + "@example.com", "US", ""));
        }
        hub.simulator().noLimits("hubspot");

        TestHub.Reply reply = hub.hubspotTells("contact.creation", ids);

        assertThat(reply.body().path("events")).hasSize(100);
        eventually(() -> hub.simulator().records("mailchimp", "members").size() == 100);
        // no run of these is left that the next test would meet
        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
    }

    private static Map<String, String> contact(String email, String country, String plan) {
        return Map.of("email", email, "firstname", "Jenny", "lastname", "Rosen", "country", country, "plan", plan);
    }

    private static List<History.Run> runs(TestHub.Reply reply) {
        long event = Long.parseLong(reply.body().path("receipt").asText().substring(2));
        try {
            return hub.history().runsOf(event);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static History.Run run(TestHub.Reply reply) {
        return runs(reply).get(0);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(Path.of("mappings", name.split("-", 2)[0], "samples", name.split("-", 2)[1]));
    }
}
