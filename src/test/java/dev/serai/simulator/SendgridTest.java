package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SendgridTest {
    private static final String MAIL = "{\"personalizations\":[{\"to\":[{\"email\":\"ada@example.com\"}]}],"
            + "\"from\":{\"email\":\"hub@example.com\"},\"subject\":\"Hello\","
            + "\"content\":[{\"type\":\"text/plain\",\"value\":\"Hello\"}]%s}";

    private static Simulator simulator;
    private static Caller sendgrid;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(0);
        sendgrid = Caller.bearer(simulator, "sendgrid");
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
    void aMailIsAcceptedWithoutABody() throws Exception {
        var answer = sendgrid.json("POST", "/v3/mail/send", MAIL.formatted(""));

        assertThat(answer.status()).as(answer.http().body()).isEqualTo(202);
        assertThat(answer.http().body()).isEmpty();
        assertThat(simulator.records("sendgrid", "mails"))
                .singleElement()
                .satisfies(mail -> assertThat(mail.path("id").asText()).isEqualTo(answer.header("X-Message-Id")));
    }

    @Test
    void aMailInTheSandboxIsOnlyChecked() throws Exception {
        var answer = sendgrid.json(
                "POST", "/v3/mail/send", MAIL.formatted(",\"mail_settings\":{\"sandbox_mode\":{\"enable\":true}}"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(simulator.records("sendgrid", "mails")).isEmpty();
    }

    @Test
    void aMailWithoutASenderOrWithABadAddressIsRefusedAsSendgridWould() throws Exception {
        var sender = sendgrid.json("POST", "/v3/mail/send", "{\"personalizations\":[]}");
        var address = sendgrid.json("POST", "/v3/mail/send", MAIL.formatted("").replace("ada@example.com", "ada"));

        assertThat(sender.status()).isEqualTo(400);
        assertThat(sender.json().at("/errors/0/field").asText()).isEqualTo("from");
        assertThat(address.json().at("/errors/0/field").asText()).isEqualTo("personalizations[0].to[0].email");
        assertThat(simulator.ledger().violations()).hasSize(2);
    }

    @Test
    void contactsAreUpsertedByAJob() throws Exception {
        String contacts = "{\"contacts\":[{\"email\":\"Ada@Example.com\",\"first_name\":\"Ada\"},"
                + "{\"email\":\"alan@example.com\"},{\"first_name\":\"Nobody\"}]}";

        var answer = sendgrid.json("PUT", "/v3/marketing/contacts", contacts);
        var job = sendgrid.get("/v3/marketing/contacts/imports/"
                        + answer.json().path("job_id").asText())
                .json();
        var found = sendgrid.json("POST", "/v3/marketing/contacts/search/emails", "{\"emails\":[\"ada@example.com\"]}")
                .json();

        assertThat(answer.status()).as(answer.http().body()).isEqualTo(202);
        assertThat(job.at("/results/created_count").asInt()).isEqualTo(2);
        assertThat(job.at("/results/errored_count").asInt()).isEqualTo(1);
        assertThat(found.at("/result/ada@example.com/contact/first_name").asText())
                .isEqualTo("Ada");
        assertThat(sendgrid.json("PUT", "/v3/marketing/contacts", contacts).status())
                .isEqualTo(202);
        assertThat(simulator.records("sendgrid", "contacts")).hasSize(2);
    }

    @Test
    void anUnknownContactFieldIsRefused() throws Exception {
        var answer = sendgrid.json(
                "PUT", "/v3/marketing/contacts", "{\"contacts\":[{\"email\":\"a@example.com\",\"fname\":\"A\"}]}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(simulator.ledger().violations().get(0).violation())
                .startsWith("contacts[0].fname: \"fname\" is not in the contract");
    }

    @Test
    void aSearchForAnUnknownAddressIs404() throws Exception {
        assertThat(sendgrid.json("POST", "/v3/marketing/contacts/search/emails", "{\"emails\":[\"x@example.com\"]}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aWrongKeyIsTurnedAway() throws Exception {
        var answer = Caller.nobody(simulator, "sendgrid")
                .with("Authorization", "Bearer SG.wrong")
                .json("POST", "/v3/mail/send", MAIL.formatted(""));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().at("/errors/0/message").asText()).contains("authorization grant");
    }
}
