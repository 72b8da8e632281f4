package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailchimpTest {
    /** MD5 of ada@example.com. */
    private static final String ADA = "/lists/abc/members/3e3417d7ef77d5932a6734b916515ed5";

    private static final String NEW = "{\"email_address\":\"Ada@Example.com\",\"status_if_new\":\"subscribed\","
            + "\"merge_fields\":{\"FNAME\":\"Ada\"}}";

    private static Simulator simulator;
    private static Caller mailchimp;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(0);
        mailchimp = Caller.basic(simulator, "mailchimp", "serai");
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
    }

    @Test
    void aMemberIsCreatedAndCanBeReadBack() throws Exception {
        var put = mailchimp.json("PUT", ADA, NEW);
        var read = mailchimp.get(ADA);

        assertThat(put.status()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(put.json());
        assertThat(read.json().path("id").asText()).isEqualTo("3e3417d7ef77d5932a6734b916515ed5");
        assertThat(read.json().path("status").asText()).isEqualTo("subscribed");
        assertThat(simulator.ledger().calls("mailchimp", "putListsIdMembersId"))
                .singleElement()
                .satisfies(call -> assertThat(call.effect()).isEqualTo("created"))
                .satisfies(call ->
                        assertThat(call.asked().headers().get("Authorization")).isEqualTo("***"));
    }

    @Test
    void statusIfNewDoesNotSubscribeSomeoneWhoLeft() throws Exception {
        mailchimp.json("PUT", ADA, NEW);
        mailchimp.json("PATCH", ADA, "{\"status\":\"unsubscribed\"}");

        var put = mailchimp.json("PUT", ADA, NEW.replace("\"Ada\"", "\"Countess\""));

        assertThat(put.json().path("status").asText()).isEqualTo("unsubscribed");
        assertThat(put.json().at("/merge_fields/FNAME").asText()).isEqualTo("Countess");
        assertThat(simulator.records("mailchimp", "members")).hasSize(1);
    }

    @Test
    void theSameWriteAgainChangesNothing() throws Exception {
        var first = mailchimp.json("PUT", ADA, NEW);
        var second = mailchimp.json("PUT", ADA, NEW);

        assertThat(second.json()).isEqualTo(first.json());
        assertThat(simulator.ledger().calls("mailchimp"))
                .extracting(Call::effect)
                .containsExactly("created", "unchanged");
    }

    @Test
    void aMissingRequiredFieldIsRefusedAsMailchimpWould() throws Exception {
        var answer = mailchimp.json("PUT", ADA, "{\"email_address\":\"ada@example.com\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("title").asText()).isEqualTo("Invalid Resource");
        assertThat(answer.json().at("/errors/0/field").asText()).isEqualTo("status_if_new");
        assertThat(simulator.ledger().violations())
                .singleElement()
                .extracting(Call::violation)
                .isEqualTo("status_if_new: \"status_if_new\" is missing");
    }

    @Test
    void aMisspeltFieldIsRefusedWithTheRightName() throws Exception {
        mailchimp.json("PUT", ADA, NEW.replace("merge_fields", "merge_feilds"));

        assertThat(simulator.ledger().violations().get(0).violation())
                .isEqualTo("merge_feilds: \"merge_feilds\" is not in the contract; did you mean \"merge_fields\"?");
    }

    @Test
    void aHashOfTheAddressAsWrittenIsRefused() throws Exception {
        var answer = mailchimp.json("PUT", "/lists/abc/members/00000000000000000000000000000000", NEW);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(simulator.ledger().violations()).hasSize(1);
    }

    @Test
    void anUnknownQueryParameterAndAWrongTypeAreRefused() throws Exception {
        assertThat(mailchimp.get("/lists/abc/members?coumt=5").status()).isEqualTo(400);
        assertThat(mailchimp.get("/lists/abc/members?count=many").status()).isEqualTo(400);
        assertThat(mailchimp.get("/lists/abc/members?count=1001").status()).isEqualTo(400);
        assertThat(mailchimp
                        .get("/lists/abc/members?count=1000&fields=members.id,total_items")
                        .status())
                .isEqualTo(200);
        assertThat(simulator.ledger().violations())
                .extracting(Call::violation)
                .containsExactly(
                        "coumt: query parameter \"coumt\" is not in the contract; did you mean \"count\"?",
                        "count: query parameter must be a whole number, not text",
                        "count: query parameter must be at most 1000");
    }

    @Test
    void aWrongKeyAndNoKeyAreTurnedAway() throws Exception {
        var none = Caller.nobody(simulator, "mailchimp").get("/ping");
        simulator.rotate("mailchimp", "new-key");
        var old = mailchimp.get("/ping");

        assertThat(none.status()).isEqualTo(401);
        assertThat(none.json().path("title").asText()).isEqualTo("API Key Missing");
        assertThat(old.status()).isEqualTo(401);
        assertThat(old.json().path("title").asText()).isEqualTo("API Key Invalid");
        assertThat(simulator.ledger().violations()).isEmpty();
    }

    @Test
    void anUnknownPathIs404AndAnUnknownMethod405() throws Exception {
        assertThat(mailchimp.get("/audiences").status()).isEqualTo(404);
        assertThat(mailchimp.delete("/ping").status()).isEqualTo(405);
        assertThat(mailchimp.get("/lists/abc/members/unknown").status()).isEqualTo(404);
        assertThat(simulator.ledger().violations()).hasSize(2);
    }

    @Test
    void aMediaTypeAndABodyThatIsNotJsonAreRefused() throws Exception {
        assertThat(mailchimp.send("PUT", ADA, "text/plain", NEW).status()).isEqualTo(415);
        assertThat(mailchimp.json("PUT", ADA, "{\"a\":").status()).isEqualTo(400);
        assertThat(mailchimp.json("PUT", ADA, "{\"vip\":true,\"vip\":false}").status())
                .isEqualTo(400);
    }

    @Test
    void theBasePathMayStandInTheAddress() throws Exception {
        assertThat(mailchimp.get("/3.0/ping").status()).isEqualTo(200);
    }

    @Test
    void tagsComeAndGo() throws Exception {
        mailchimp.json("PUT", ADA, NEW);

        var answer = mailchimp.json(
                "POST",
                ADA + "/tags",
                "{\"tags\":[{\"name\":\"vip\",\"status\":\"active\"},{\"name\":\"de\",\"status\":\"active\"}]}");
        mailchimp.json("POST", ADA + "/tags", "{\"tags\":[{\"name\":\"de\",\"status\":\"inactive\"}]}");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(mailchimp.get(ADA + "/tags").json().findValuesAsText("name")).containsExactly("vip");
    }

    @Test
    void aBatchReportsWhatFailedInside200() throws Exception {
        mailchimp.json("PUT", ADA, NEW);

        var answer = mailchimp.json(
                "POST",
                "/lists/abc",
                "{\"members\":[{\"email_address\":\"ada@example.com\",\"status\":\"subscribed\"},"
                        + "{\"email_address\":\"alan@example.com\",\"status\":\"subscribed\"}]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("total_created").asInt()).isEqualTo(1);
        assertThat(answer.json().at("/errors/0/error_code").asText()).isEqualTo("ERROR_CONTACT_EXISTS");
    }
}
