package dev.serai.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.cli.suite.Suite;
import dev.serai.file.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A suite that finds nothing proves nothing: each mistake put into a shipped folder is found, and said where. */
class SuiteNoticesTest {
    @TempDir
    private Path mappings;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "zendesk | connector.yaml | path: /tickets                 | path: /tikets  | create_ticket, contract: no path of the contract is like",
                "zendesk | connector.yaml | wrap: ticket                   | wrap: tiket    | create_ticket, contract: CreateTicket: ",
                "zendesk | connector.yaml | /token                         | ''             | create_ticket, call: zendesk answered 401",
                "zendesk | connector.yaml | returns: ticket                | returns: tiket | create_ticket, call: the answer has no \"tiket\"",
                "stripe  | connector.yaml | body: form                     | body: json     | update_customer, contract: PostCustomersCustomer: Content-Type application/json is not taken",
                "stripe  | connector.yaml | `type: \"{type}\", id`         | `type: \"{kind}\", id` | events, pages: stripe/events: none of the 100 records",
                "stripe  | examples.yaml  | `\"type\": \"customer.updated\"` | `\"type\": \"{type}\"` | events, pages: page 1: \"{type}\" is no type of an event",
                "slack   | connector.yaml | equals: invalid_auth           | equals: other  | post_message, auth: a refused credential was judged fail",
                "slack   | connector.yaml | `equals: false, verdict: fail` | `equals: true, verdict: fail` | post_message, call: slack answered 200",
                "slack   | connector.yaml | class: once                    | class: idempotent | post_message, repeat: sent twice it made records twice",
                "hubspot | connector.yaml | `class: lookup\n    lookup: contact_by_email\n    lag: 0s` | class: idempotent | create_contact, repeat: sent again it was refused",
                "hubspot | connector.yaml | ids }                          | no }           | upsert_contacts, batch: record 2 of",
                "pipedrive | connector.yaml | into: cursor, page           | into: behind, page | persons, pages: page 2",
                "pipedrive | simulator.yaml | `\"data\": $records, \"additional_data\"` | `\"data\": flatten([for ($records) [., .]]), \"additional_data\"` | persons, pages: 1100 times a record came again",
                "zendesk | connector.yaml | `{ next: after_cursor, into: cursor, first: { start_time: 1767225600 } }` | `{ next: after_cursor, into: cursor }` | tickets, call: zendesk answered 422",
                "hubspot | examples.yaml  | count: 430                     | count: 330     | contacts, pages: 330 records came in 2 pages",
                "zendesk | connector.yaml | done: [completed]              | done: [complete] | upsert_users, batch: \"job\" does not say that what was accepted is done",
                "zendesk | connector.yaml | `field: status, equals: Failed` | `field: status, equals: No` | upsert_users, batch: record 2 of",
                "sendgrid | connector.yaml | job: job_id                   | job: job_no    | upsert_contact, call: sendgrid accepted it and named no job",
                "brevo   | connector.yaml | all_or_none: true              | `results: { list: c, id: email }` | update_contacts, batch: one refused record failed the whole call",
                "salesforce | connector.yaml | token.instance_url         | token.instance | sign-in, call: salesforce: the vendor gave no \"instance\" with its token",
                "salesforce | connector.yaml | `  expires_in: 2h `           | `  # `          | sign-in, auth: nobody says how long a token is good for",
                "salesforce | connector.yaml | https://login.salesforce.com}}/services/oauth2/authorize | https://login.salesforce.com}}/services/oauth/authorize | sign-in, call: it got no token: the vendor did not send the person back",
                "zoho    | connector.yaml | prefix: Zoho-oauthtoken        | prefix: Bearer | contact, call: zoho answered 401",
                "zoho    | connector.yaml | /oauth/v2/token                | /oauth/token   | sign-in, call: it got no token",
                "github  | connector.yaml | remaining: X-RateLimit-Remaining | remaining: X-Left | limits, limits: answer 1 of examples.yaml: it was heard as limit 15000, remaining ?, restore ?, reset 61 s",
                "github  | connector.yaml | reset_as: epoch_seconds       | reset_as: seconds | limits, limits: answer 1 of examples.yaml: it was heard as",
                "sendgrid | connector.yaml | unit: epoch_s                | unit: seconds    | limits, limits: answer 2 of examples.yaml: it was judged rate_limited with a wait of",
                "shopify | connector.yaml | cost.actualQueryCost         | cost.queryCost   | limits, limits: answer 1 of examples.yaml: its cost was heard as",
                "brevo   | examples.yaml  | `heard: { limit: 20, remaining: 17, reset: 2s }` | status: 200 | limits, limits: examples.yaml has no answer",
                "sendgrid | examples.yaml | limit: marketing              | window: all    | limits, limits: answer 1 of examples.yaml: it was heard as limit ?, remaining ?",
                "sendgrid | examples.yaml | `heard: { limit: 500, remaining: 499, reset: 31s }` | status: 200 | limits, limits: examples.yaml has no answer under limits that tells of the window \"all\" of \"marketing\"",
                "shopify | examples.yaml  | `\"currencyCode\": \"EUR\"` | `\"currency\": \"EUR\"` | orders, pages: page 1: shopify/order-to-order does not read it: ",
                "intercom | samples/contact.user.updated.json | `\"email\": ` | `\"mail\": ` | contact.user.updated.json, webhook: intercom/contact-to-contact does not read it: ",
                "github  | examples.yaml  | read_by: github/issue-to-ticket | read_by: github/issue | issues, pages: page 1: examples.yaml has read_by",
                "salesforce | contact-to-contact.yaml | required: true, one_way: true | required: true | upsert_contact, call: salesforce answered 400",
                "salesforce | connector.yaml | CreatedDate}} FROM Opportunity | CurrencyIsoCode}} FROM Opportunity | opportunities, call: salesforce answered 400",
                "stripe  | connector.yaml | key_kept: 24h                 | key_kept: 48h  | create_customer, repeat: sent again just before its \"key_kept\" of 48h it made records twice",
                "stripe  | connector.yaml | `    key_kept: 24h\n`         | ``             | create_customer, repeat: sent again after a year, as a hub may without \"key_kept\", it made records twice",
                "stripe  | connector.yaml | `search: find_customer, same` | `search: search_customers, lag: 5s, same` | upsert_customer, repeat: \"search_customers\" finds [] once cus_",
                "pipedrive | connector.yaml | lag: 1m                     | lag: 1s        | create_person, repeat: \"person_of_body\" does not find what was written when its \"lag\" of 1s is over",
                "sendgrid | connector.yaml | most: 10000                  | most: 30001    | upsert_contacts, contract: a call would take up to 30001 records, and UpdateContact allows 30000",
                "stripe  | connector.yaml | https://api.stripe.com/v1     | https://api.stripe.com/v2 | address, contract: \"ping\" calls /v2/customers, and the contract has GetCustomers at /v1/customers",
                "stripe  | examples.yaml  | collection: events            | collection: evnts | events, pages: \"records\" of examples.yaml: \"evnts\" is no collection of stripe; did you mean \"events\"?",
                "intercom | examples.yaml | sample: contact.user.updated.json | sample: gone.json | gone.json, webhook: examples.yaml names the sample gone.json, which can't be read",
                "brevo   | examples.yaml  | wait: 31s                     | wait: 31x      | limits, limits: answer 2 of examples.yaml: \"31x\" is not a duration; write",
                "email   | connector.yaml | class: once                   | class: idempotent | send, repeat: a letter that is sent twice is two letters",
                "email   | connector.yaml | returns: message_id           | returns: id      | send, call: the answer does not name the letter",
                "email   | connector.yaml | timeout: 30s                  | errors: [ { status: [401], verdict: retry } ] | send, auth: a refused credential was judged retry",
                "email   | connector.yaml | timeout: 30s                  | errors: [ { status: [422], verdict: retry } ] | send, errors: at RCPT \"550 5.1.1 <somebody@example.com> is unknown\" was judged retry",
                "email   | examples.yaml  | mapping: email/invoice-to-mail | body: { from: a@b.example, subject: s, text: t } | send, call: email: the letter has 0 recipients",
                "zoho    | samples/deals.json | `\"Deal_Name\"`           | `\"Name\"`         | deals.json, call: zoho/potential-to-deal does not read it: ",
                "pipedrive | samples/persons.json | `\"id\": 42,`          | `\"id\": \"42\",`   | persons.json, contract: getPersons: data[0].id: must be a number, not text",
                "salesforce | samples/contacts.json | `\"records\"`        | `\"rows\"`         | contacts.json, contract: queryAll: records: \"records\" is missing",
                "sendgrid | connector.yaml | result.*.contact             | result.*.person  | contacts.by-email.json, call: what \"returns\" of \"contact_by_email\" names is not in it",
                "hubspot | examples.yaml  | update_contact:                | update_contakt: | update_contact, contract: examples.yaml has no example of it",
            })
    void aMistakeIsFound(String system, String file, String right, String wrong, String message) throws IOException {
        copy(system);
        Path changed = mappings.resolve(system).resolve(file);
        String text = Files.readString(changed);
        assertThat(text).contains(right.replace("\\n", "\n"));
        Files.writeString(changed, text.replace(right.replace("\\n", "\n"), wrong));

        List<Problem> failures = failures(system);

        assertThat(failures).extracting(Problem::text).anySatisfy(said -> assertThat(said)
                .startsWith(message));
        assertThat(failures)
                .allSatisfy(failure -> assertThat(failure.toString()).contains(system + "/connector.yaml:"));
    }

    @Test
    void whatASystemSendsNeedsASample() throws IOException {
        copy("pagerduty");
        Path examples = mappings.resolve("pagerduty").resolve("examples.yaml");
        Files.writeString(examples, Files.readString(examples).replaceFirst("(?s)webhooks:.*", ""));

        assertThat(failures("pagerduty"))
                .extracting(Problem::text)
                .containsExactly(
                        "webhooks, webhook: examples.yaml has no sample of what it sends; put one into the folder"
                                + " samples and name it under webhooks, with ours: true where you wrote it yourself");
    }

    @Test
    void aMailServerWhoseSettingNobodyAsksForIsNotTried() throws IOException {
        copy("email");
        replace("email", "examples.yaml", "email.server", "email.host");

        assertThat(failures("email"))
                .extracting(Problem::toString)
                .singleElement()
                .satisfies(said -> assertThat(said)
                        .contains(
                                "email/examples.yaml:1:1",
                                "under mail_server: \"email.host\" is no setting of connector.yaml"));
    }

    @Test
    void anOperationOutsideTheContractIsNeverCalledFine() throws IOException {
        copy("zendesk");
        replace("zendesk", "connector.yaml", "    path: /tickets", "    path: /macros");
        replace("zendesk", "examples.yaml", "create_ticket: {", "create_ticket: { not_covered: macros are not in it,");

        try (var suite = new Suite(mappings)) {
            var report = suite.test("zendesk");

            assertThat(report.passed()).isTrue();
            var row = report.rows().stream().map(one -> one.name()).toList().indexOf("create_ticket");
            assertThat(report.json()
                            .at("/operations/" + row + "/checks/contract/state")
                            .asText())
                    .isEqualTo("unverified");
            assertThat(report.json()
                            .at("/operations/" + row + "/checks/contract/why")
                            .asText())
                    .isEqualTo("contract.json does not have it: macros are not in it");
            assertThat(report.json().at("/operations/" + row + "/checks").properties().stream()
                            .map(check -> check.getValue().path("state").asText())
                            .collect(Collectors.toSet()))
                    .doesNotContain("ok");
        }
    }

    private List<Problem> failures(String system) {
        try (var suite = new Suite(mappings)) {
            return suite.test(system).failures();
        }
    }

    private void replace(String system, String file, String right, String wrong) throws IOException {
        Path changed = mappings.resolve(system).resolve(file);
        Files.writeString(changed, Files.readString(changed).replace(right, wrong));
    }

    private void copy(String system) throws IOException {
        Path from = Path.of("mappings", system);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = mappings.resolve(system).resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to);
                }
            }
        }
    }
}
