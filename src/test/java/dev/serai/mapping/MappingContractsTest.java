package dev.serai.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.file.Yaml;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What our mappings produce is what the vendors' own contracts ask for. */
class MappingContractsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Library SHIPPED = LibraryFolder.read(Path.of("mappings"), name -> Optional.empty());

    private static final Set<String> READ_BY_NONE = Set.of(
            // names of what has changed: a flow reads the record itself
            "hubspot/contact.batch.json",
            "hubspot/new_contacts",
            "zoho/deleted_contacts",
            "zoho/deleted_deals",
            // of any kind: a flow chooses by type
            "stripe/events",
            "rest/records",
            "cloudevents/structured.json",
            // nothing of ours is made of them yet
            "brevo/unsubscribe.json",
            "mailchimp/subscribe.txt",
            "pagerduty/incident.triggered.json",
            "zendesk/ticket.created.json",
            "github/push.json",
            "github/ping.json",
            "github/pull_request.closed.json",
            "stripe/checkout.session.completed.json",
            "slack/event_callback.message.json");

    private static final String CONTACT =
            "{\"email\":\"ada@example.com\",\"first_name\":\"Ada\",\"last_name\":\"Lovelace\","
                    + "\"phone\":\"+4930123456\",\"country\":\"DE\",\"company\":\"Engines\",\"lifecycle_stage\":\"lead\",\"tags\":[\"press\"],\"vip\":true,"
                    + "\"mailchimp_id\":7,\"run_id\":81,\"owner_id\":4711}";
    private static final String DEAL = "{\"name\":\"Engines\",\"stage\":\"won\",\"amount\":12.5,\"currency\":\"EUR\","
            + "\"closes_at\":\"2026-07-01T00:00:00Z\",\"probability\":0.4}";
    private static final String INVOICE = "{\"external_id\":\"in_1\",\"number\":\"A1\",\"amount_due\":10.50,"
            + "\"currency\":\"USD\",\"attempt_count\":3,\"customer\":{\"email\":\"j@example.com\",\"name\":\"Jenny\"}}";

    @ParameterizedTest
    @CsvSource({
        "mailchimp/contact-to-member,   mailchimp,        put,   '/lists/{list_id}/members/{subscriber_hash}', ''",
        "hubspot/ids-to-contact-update, hubspot, patch, '/crm/v3/objects/contacts/{contactId}',       ''",
        "hubspot/invoice-to-health,     hubspot, patch, '/crm/v3/objects/contacts/{contactId}',       ''",
        "slack/contact-to-message,      slack,            post,  /chat.postMessage,                            ''",
        "zendesk/invoice-to-ticket,     zendesk,          post,  /api/v2/tickets,                              ticket",
        "mailchimp/contact-to-tags,     mailchimp,        post,  '/lists/{list_id}/members/{subscriber_hash}/tags', ''",
        "zendesk/contact-to-user,       zendesk,          post,  /api/v2/users/create_or_update,               ''",
        "brevo/contact-to-subscriber,   brevo,            post,  /contacts,                                    ''",
        "pipedrive/contact-to-person,   pipedrive,        post,  /persons,                                     ''",
        "pipedrive/deal-to-deal,        pipedrive,        post,  /deals,                                       ''",
        "hubspot/deal-to-properties,    hubspot,    patch, '/crm/v3/objects/deals/{dealId}',             ''",
        "hubspot/deal-to-stage,         hubspot,    patch, '/crm/v3/objects/deals/{dealId}',             ''",
        "hubspot/deal-to-properties,    hubspot,    post,  /crm/v3/objects/deals,                         ''",
        "sendgrid/invoice-to-mail,      sendgrid,         post,  /v3/mail/send,                                ''",
    })
    void aResultIsAValidRequestBody(String name, String contract, String method, String path, String wrap)
            throws Exception {
        Mapping mapping = SHIPPED.mapping(name).orElseThrow();
        JsonNode in = JSON.readTree(Map.of("invoice", INVOICE, "deal", DEAL).getOrDefault(mapping.from(), CONTACT));
        JsonNode result = mapping.apply(in, given(mapping));
        JsonNode body =
                wrap.isEmpty() ? result : JsonNodeFactory.instance.objectNode().set(wrap, result);

        assertThat(errors(contract, method, path, body)).as("%s", body).isEmpty();
        // a check that accepts anything proves nothing
        assertThat(errors(contract, method, path, JSON.readTree("[]"))).isNotEmpty();
    }

    @Test
    void aRecordOfABatchIsAValidInputOfIt() throws Exception {
        JsonNode result =
                SHIPPED.mapping("hubspot/contact-to-upsert").orElseThrow().apply(JSON.readTree(CONTACT), Map.of());
        var body = JSON.createObjectNode();
        body.putArray("inputs").add(result);

        assertThat(errors("hubspot", "post", "/crm/v3/objects/contacts/batch/upsert", body))
                .isEmpty();

        JsonNode user =
                SHIPPED.mapping("zendesk/contact-to-one-of-many").orElseThrow().apply(JSON.readTree(CONTACT), Map.of());
        var users = JSON.createObjectNode();
        users.putArray("users").add(user);
        assertThat(errors("zendesk", "post", "/api/v2/users/create_or_update_many", users))
                .isEmpty();
    }

    private static Map<String, String> given(Mapping mapping) {
        return switch (mapping.name()) {
            case "slack/contact-to-message" -> Map.of("channel", "sales");
            case "brevo/contact-to-subscriber" -> Map.of("list", "2");
            case "pipedrive/deal-to-deal" -> Map.of("pipeline_id", "3");
            case "sendgrid/invoice-to-mail" -> Map.of("sender", "billing@example.com");
            default -> Map.of();
        };
    }

    private static Iterable<?> errors(String contract, String method, String path, JsonNode body) throws Exception {
        JsonNode document =
                JSON.readTree(Path.of("mappings", contract, "contract.json").toFile());
        JsonNode request = document.path("paths").path(path).path(method).path("requestBody");
        if (request.has("$ref")) {
            request = document.at(request.get("$ref").asText().substring(1));
        }
        var schema = JsonNodeFactory.instance.objectNode();
        schema.set("components", document.path("components"));
        schema.put("type", "object");
        schema.set("allOf", JsonNodeFactory.instance.arrayNode().add(request.at("/content/application~1json/schema")));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(body);
    }

    /**
     * That it reads them is tried by {@code serai connector test}, on the simulator's lists and on the samples; here, that each
     * names who reads it, and that one kind of record of a system has one reader, by whichever way it came.
     */
    @Test
    void whatAStreamListsAndWhatItsWebhookSendsAreReadByOneMapping() throws Exception {
        for (Path file : examples()) {
            String vendor = file.getParent().getFileName().toString();
            Yaml examples = Yaml.read(file.toString(), Files.readString(file));
            var readers = new TreeMap<String, Set<String>>();
            for (Map.Entry<String, Yaml> each : shown(vendor, examples).entrySet()) {
                String name = vendor + "/" + each.getKey();
                Optional<String> reader = each.getValue().text("read_by");
                assertThat(reader.isPresent())
                        .as(name + " of examples.yaml has read_by:, or a reason in this test")
                        .isNotEqualTo(READ_BY_NONE.contains(name));
                reader.map(mapping -> SHIPPED.mapping(mapping).orElseThrow())
                        .ifPresent(mapping -> readers.computeIfAbsent(
                                        mapping.to().orElseThrow(), record -> new TreeSet<>())
                                .add(mapping.name()));
            }
            assertThat(readers.values()).as(vendor).allSatisfy(names -> assertThat(names)
                    .hasSize(1));
        }
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("mappings"))) {
            List<Path> files = folders.map(folder -> folder.resolve("examples.yaml"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
            assertThat(files).hasSizeGreaterThanOrEqualTo(18);
            return files;
        }
    }

    /** Streams by their name, webhooks by their sample. */
    private static Map<String, Yaml> shown(String vendor, Yaml examples) throws IOException {
        String connector = "mappings/" + vendor + "/connector.yaml";
        Set<String> streams = Yaml.read(connector, Files.readString(Path.of(connector)))
                .get("streams")
                .map(at -> at.entries().keySet())
                .orElse(Set.of());
        var shown = new TreeMap<String, Yaml>();
        examples.get("operations").map(Yaml::entries).orElse(Map.of()).forEach((name, example) -> {
            if (streams.contains(name)) {
                shown.put(name, example);
            }
        });
        examples.get("webhooks")
                .map(Yaml::items)
                .orElse(List.of())
                .forEach(sample -> shown.put(sample.text("sample").orElseThrow(), sample));
        return shown;
    }

    @Test
    void stripesOwnExampleOfAFailedPaymentBecomesAnInvoiceAndThenATicketAndALetter() throws Exception {
        JsonNode event = JSON.readTree(
                Path.of("mappings/stripe/samples/invoice.payment_failed.json").toFile());
        JsonNode invoice = SHIPPED.mapping("stripe/invoice-to-payment-failure")
                .orElseThrow()
                .apply(event);

        assertThat(invoice.path("amount_due").decimalValue()).isEqualByComparingTo("10.00");
        assertThat(invoice.path("currency").asText()).isEqualTo("USD");
        assertThat(invoice.at("/customer/email").asText()).isEqualTo("jenny.rosen@example.com");
        assertThat(invoice.path("subscription_id").asText()).isEqualTo("subscription");
        assertThat(invoice.has("hosted_url")).isFalse();
        assertThat(SHIPPED.mapping("zendesk/invoice-to-ticket")
                        .orElseThrow()
                        .apply(invoice)
                        .path("subject")
                        .asText())
                .isEqualTo("Payment failed: invoice A1B2C3D4-0001");
        assertThat(SHIPPED.mapping("hubspot/invoice-to-health")
                        .orElseThrow()
                        .apply(invoice)
                        .at("/properties/last_failed_amount")
                        .asText())
                .isEqualTo("10.00 USD");
    }
}
