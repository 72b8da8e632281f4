package dev.serai.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.webhook.Incoming;
import dev.serai.connector.webhook.RawRequest;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What systems really send goes through the shipped files. */
class SamplesTest {
    private static final Path MAPPINGS = Path.of("mappings");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SETTINGS =
            Map.of("slack.channel", "sales", "sendgrid.sender", "billing@example.com");

    private static Library library;

    @BeforeAll
    static void read() {
        var folder = new LibraryFolder(MAPPINGS, name -> Optional.ofNullable(SETTINGS.get(name)));
        assertThat(folder.reload().problems()).isEmpty();
        library = folder.current();
    }

    @ParameterizedTest
    @CsvSource({
        "stripe,  invoice.payment_failed.json, '',                       invoice.payment_failed, 1",
        "hubspot, contact.batch.json,          '',                       contact.created,        3",
        "github,  issues.opened.json,          X-GitHub-Event=issues,    issues.opened,          1",
        "github,  push.json,                   X-GitHub-Event=push,      push,                   1",
        "shopify, orders.create.json,          X-Shopify-Topic=orders/create, order.created,     1",
        "slack,   event_callback.message.json, '',                       slack.message,          1",
        "shopify, customers.update.json,       X-Shopify-Topic=customers/update, contact.changed, 1",
        "woocommerce, order.created.json, X-WC-Webhook-Topic=order.created;X-WC-Webhook-Resource=order, order.created, 1",
        "intercom, contact.user.updated.json,  '',                       contact.changed,        1",
        "crm,     contact.json,                '',                       contact.updated,        1",
    })
    void aWebhookBodyBecomesItsEvents(String system, String file, String header, String type, int events)
            throws Exception {
        var headers = new HashMap<String, String>();
        if (!header.isEmpty()) {
            headers.put("X-GitHub-Delivery", "d-1");
            Stream.of(header.split(";")).forEach(each -> headers.put(each.split("=")[0], each.split("=")[1]));
        }
        var request = new RawRequest(
                "POST", "https://hub.example/webhooks/" + system, headers, Files.readAllBytes(sample(system, file)));

        List<Incoming> found = library.door(system).orElseThrow().events(request);

        assertThat(found).hasSize(events);
        assertThat(found.get(0).type()).isEqualTo(type);
        assertThat(found).allSatisfy(event -> assertThat(event.record()).isPresent());
    }

    @Test
    void aHubspotContactIsServedToEverySystemOfTheFirstFlow() throws IOException {
        JsonNode contact = map("hubspot/contact-to-contact", sample("hubspot", "contact.json"));

        assertThat(contact.path("email").asText()).isEqualTo("jenny.rosen@example.com");
        assertThat(contact.path("phone").asText()).isEqualTo("+4930123456");
        assertThat(map("mailchimp/contact-to-member", contact)
                        .at("/merge_fields/COUNTRY")
                        .asText())
                .isEqualTo("DE");
        assertThat(map("customers/contact-to-row", contact).path("company").asText())
                .isEqualTo("Rosen & Daughters");
        assertThat(map("slack/contact-to-message", contact).path("text").asText())
                .contains("Jenny Rosen of Rosen &amp; Daughters");
    }

    @Test
    void aFailedPaymentIsServedToEverySystemOfTheSecondFlow() throws IOException {
        JsonNode invoice = map("stripe/invoice-to-payment-failure", sample("stripe", "invoice.payment_failed.json"));

        assertThat(map("hubspot/invoice-to-health", invoice)
                        .at("/properties/billing_health")
                        .asText())
                .isEqualTo("payment_failed");
        assertThat(map("zendesk/invoice-to-ticket", invoice).path("subject").asText())
                .contains(invoice.path("number").asText());
        assertThat(map("sendgrid/invoice-to-mail", invoice).path("subject").asText())
                .contains(invoice.path("number").asText());
    }

    /** Fuller than what the simulator lists: nothing is null there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            salesforce/contact-to-contact  | contacts.json      | /records/0 | /address/country    | US
            salesforce/contact-to-contact  | contacts.json      | /records/1 | /opted_in           | false
            salesforce/contact-to-contact  | contacts.json      | /records/2 | /custom_fields/lead_source | Trade Fair
            salesforce/opportunity-to-deal | opportunities.json | /records/0 | /stage              | won
            salesforce/opportunity-to-deal | opportunities.json | /records/1 | /probability        | 0.1
            zoho/contact-to-contact        | contacts.json      | /data/0    | /phone              | +4930123456
            zoho/contact-to-contact        | contacts.json      | /data/1    | /updated_at         | 2026-06-24T22:31:02Z
            zoho/potential-to-deal         | deals.json         | /data/0    | /amount             | 14400.5
            pipedrive/person-to-contact    | persons.json       | /data/0    | /email              | jenny.rosen@example.com
            pipedrive/deal-to-our-deal     | deals.json         | /data/2    | /lost_reason        | price
            hubspot/deal-to-deal           | deal.json          | ''         | /currency           | EUR
            brevo/subscriber-to-contact    | contacts.json      | /contacts/1 | /opted_in          | false
            mailchimp/member-to-contact    | members.json       | /members/0 | /tags/0             | press
            woocommerce/order-to-order     | order.created.json | ''         | /lines/1/product_id | 22
            woocommerce/customer-to-contact | customers.json    | /0         | /phone              | +4930123456
            shopify/customer-to-contact    | customers.json     | /data/customers/nodes/0 | /external_ids/shopify | 9007199254740993
            shopify/order-to-order         | orders.json        | /data/orders/nodes/1    | /status | canceled
            zendesk/ticket-to-ticket       | tickets.json       | /tickets/0 | /status             | pending
            intercom/contact-to-contact    | contact.json       | ''         | /crm_contact_id     | 51
            github/issue-to-ticket         | issues.json        | /0         | /tags/0             | bug
            """)
    void aRecordAsAnApiReturnsItBecomesOneOfOurs(String mapping, String file, String at, String pointer, String value)
            throws IOException {
        JsonNode answer = JSON.readTree(Files.readAllBytes(sample(mapping.replaceFirst("/.*", ""), file)));

        assertThat(map(mapping, answer.at(at)).at(pointer).asText()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "shopify/order-to-order,            orders.create.json,    /lines/0/unit_amount,       199.00",
        "shopify/order-to-order,            orders.create.json,    /billing_address/subdivision, US-KY",
        "shopify/customer-to-contact,       customers.update.json, /external_ids/shopify,      207119551",
        "pipedrive/person-to-contact,       change.person.json,    /email,                     jenny.rosen@example.com",
        "github/issue-to-ticket,            issues.opened.json,    /tags/0,                    bug",
        "stripe/customer-to-contact,        customer.created.json, /first_name,                Jenny",
        "stripe/customer-to-contact,        customer.json,         /external_ids/stripe,       cus_QXg1o8vcGmoR32",
        "sendgrid/marketing-contact-to-contact, contact.json,      /phone,                     +14155552671",
        "calendly/invitee-to-lead,          invitee.created.json,  /utm/source,                newsletter",
    })
    void whatASystemSendsBecomesARecordOfOurs(String mapping, String file, String pointer, String value)
            throws IOException {
        JsonNode record = map(mapping, sample(mapping.replaceFirst("/.*", ""), file));

        assertThat(record.at(pointer).asText()).isEqualTo(value);
    }

    @Test
    void anEventOfABatchBecomesAMarketingEvent() throws IOException {
        JsonNode batch = JSON.readTree(Files.readAllBytes(sample("sendgrid", "event.batch.json")));

        assertThat(map("sendgrid/event-to-marketing-event", batch.get(0))
                        .path("type")
                        .asText())
                .isEqualTo("delivered");
    }

    @Test
    void everySampleIsListedWithItsOrigin() throws IOException {
        String list = Files.readString(MAPPINGS.resolve("SAMPLES.md"));
        try (Stream<Path> files = Files.walk(MAPPINGS, 3)) {
            List<Path> samples =
                    files.filter(f -> f.toString().contains("/samples/")).toList();
            assertThat(samples).hasSizeGreaterThan(5);
            samples.forEach(file -> assertThat(list).contains(file.getFileName().toString()));
        }
    }

    /** {@code serai connector test} tries what an examples.yaml names, and nothing else. */
    @Test
    void everySampleOfAConnectorIsNamedInItsExamples() throws IOException {
        try (Stream<Path> files = Files.walk(MAPPINGS, 3)) {
            List<String> unnamed = files.filter(file -> file.toString().contains("/samples/"))
                    .filter(file -> !named(file))
                    .map(file -> MAPPINGS.relativize(file).toString())
                    .sorted()
                    .toList();
            assertThat(unnamed)
                    .containsExactly(
                            "bigcommerce/samples/store.order.created.json", // no connector yet
                            "slack/samples/url_verification.json"); // answered, and no event
        }
    }

    private static boolean named(Path sample) {
        Path examples = sample.getParent().resolveSibling("examples.yaml");
        try {
            return Files.exists(examples) && Files.readString(examples).contains("sample: " + sample.getFileName());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static JsonNode map(String mapping, Path sample) throws IOException {
        return map(mapping, JSON.readTree(Files.readAllBytes(sample)));
    }

    private static JsonNode map(String mapping, JsonNode record) {
        return library.mapping(mapping).orElseThrow().apply(record);
    }

    private static Path sample(String system, String file) {
        return MAPPINGS.resolve(system).resolve("samples").resolve(file);
    }
}
