package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the shipped connector files builds a request that keeps to the vendor's contract. */
class ShippedRequestsTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    static Stream<Arguments> operations() {
        return Stream.of(
                arguments("hubspot", "contact", "{}", "id=7", "https://api.hubapi.com/crm/v3/objects/contacts/7"),
                arguments(
                        "hubspot",
                        "contact_by_email",
                        "{'properties':{'email':'a@x.com'}}",
                        "",
                        "https://api.hubapi.com/crm/v3/objects/contacts/a%40x.com"),
                arguments(
                        "hubspot",
                        "create_contact",
                        "{'properties':{'email':'a@x.com'}}",
                        "",
                        "https://api.hubapi.com/crm/v3/objects/contacts"),
                arguments(
                        "hubspot",
                        "update_contact",
                        "{'properties':{'firstname':'Ada'}}",
                        "id=7",
                        "https://api.hubapi.com/crm/v3/objects/contacts/7"),
                arguments(
                        "hubspot",
                        "upsert_contacts",
                        "{'id':'a@x.com','idProperty':'email','properties':{'email':'a@x.com'}}",
                        "",
                        "https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert"),
                arguments("hubspot", "contacts", "{}", "", "https://api.hubapi.com/crm/v3/objects/contacts/search"),
                arguments("hubspot", "new_contacts", "{}", "", "https://api.hubapi.com/crm/v3/objects/contacts/search"),
                arguments(
                        "hubspot",
                        "find_contact",
                        "{}",
                        "email=a@x.com",
                        "https://api.hubapi.com/crm/v3/objects/contacts/a%40x.com"),
                arguments(
                        "mailchimp",
                        "upsert_member",
                        "{'email_address':'Ada@x.com','status_if_new':'subscribed'}",
                        "list=l1",
                        "https://us1.api.mailchimp.com/3.0/lists/l1/members/65d80dc6bd72089111f3a8605cf3388a"),
                arguments(
                        "mailchimp",
                        "member",
                        "{'email_address':'ada@x.com'}",
                        "list=l1",
                        "https://us1.api.mailchimp.com/3.0/lists/l1/members/65d80dc6bd72089111f3a8605cf3388a"),
                arguments(
                        "mailchimp", "members", "{}", "list=l1", "https://us1.api.mailchimp.com/3.0/lists/l1/members"),
                arguments("stripe", "customer", "{}", "customer=cus_1", "https://api.stripe.com/v1/customers/cus_1"),
                arguments("stripe", "invoice", "{}", "invoice=in_1", "https://api.stripe.com/v1/invoices/in_1"),
                arguments(
                        "stripe",
                        "update_customer",
                        "{'email':'a@x.com','metadata':{'crm_id':'42'}}",
                        "customer=cus_1",
                        "https://api.stripe.com/v1/customers/cus_1"),
                arguments(
                        "slack",
                        "post_message",
                        "{'channel':'C1','text':'hello'}",
                        "",
                        "https://slack.com/api/chat.postMessage"),
                arguments(
                        "zendesk",
                        "create_ticket",
                        "{'subject':'s','comment':{'body':'b'}}",
                        "",
                        "https://acme.zendesk.com/api/v2/tickets"),
                arguments(
                        "sendgrid",
                        "send_mail",
                        "{'personalizations':[{'to':[{'email':'a@x.com'}]}],'from':{'email':'b@x.com'},'subject':'s',"
                                + "'content':[{'type':'text/plain','value':'v'}]}",
                        "",
                        "https://api.sendgrid.com/v3/mail/send"));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void aRequestKeepsToTheContract(String vendor, String operation, String body, String arg, String url)
            throws IOException {
        Connector connector = shipped(vendor);
        Map<String, String> args = arg.isEmpty() ? Map.of() : Map.of(arg.split("=")[0], arg.split("=")[1]);

        Request request = request(connector, operation, json(body), args);

        assertThat(request.url().toString().split("\\?")[0]).isEqualTo(url);
        assertThat(Contract.of(vendor.equals("hubspot") ? "hubspot-contacts" : vendor)
                        .violations(request))
                .isEmpty();
    }

    private static Request request(Connector connector, String operation, JsonNode body, Map<String, String> args) {
        if (connector.operation(operation) instanceof Listing) {
            return connector.first(operation, Optional.empty(), args, NOON).request();
        }
        return connector.batchMost(operation).isPresent()
                ? connector.buildBatch(operation, List.of(body), args)
                : connector.build(operation, body, args, "r_1:s:0");
    }

    @Test
    void noShippedOperationIsLeftOut() throws IOException {
        var covered =
                operations().map(a -> a.get()[0] + "/" + a.get()[1]).collect(Collectors.toCollection(TreeSet::new));
        var shipped = new TreeSet<String>();
        for (Path file : ConnectorFilesTest.shipped().toList()) {
            String vendor = file.getParent().getFileName().toString();
            shipped(vendor).operations().keySet().forEach(operation -> shipped.add(vendor + "/" + operation));
        }
        shipped.remove("email/send"); // a mail server has no such contract; MailCallsTest sends by the shipped file
        assertThat(covered).isEqualTo(shipped);
    }

    @Test
    void aContractNoticesWhatIsWrong() throws IOException {
        Request request = shipped("zendesk").build("create_ticket", json("{'subjekt':'s'}"), Map.of(), "k");

        assertThat(Contract.of("zendesk").violations(request)).hasSize(2);
    }

    @Test
    void aFormNestsItsNamesInBrackets() throws IOException {
        Request request = shipped("stripe")
                .build(
                        "update_customer",
                        json("{'metadata':{'crm_id':42,'a&b':'c d'},'preferred_locales':['de','en'],'name':null}"),
                        Map.of("customer", "cus_1"),
                        "k");

        assertThat(new String(request.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("metadata[crm_id]=42&metadata[a%26b]=c%20d&preferred_locales[0]=de&preferred_locales[1]=en"
                        + "&name=");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/x-www-form-urlencoded")
                .containsEntry("Idempotency-Key", "k")
                .containsEntry("Stripe-Version", "2026-10-28.endive");
    }

    @Test
    void zendeskGetsItsTicketWrappedAndGivesItUnwrapped() throws IOException {
        Connector zendesk = shipped("zendesk");
        Request request = zendesk.build("create_ticket", json("{'comment':{'body':'b'}}"), Map.of(), "k");

        assertThat(new String(request.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"ticket\":{\"comment\":{\"body\":\"b\"}}}");
        assertThat(zendesk.useful("create_ticket", new Answer(201, Map.of(), "{\"ticket\":{\"id\":5}}".getBytes()))
                        .path("id")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void sendgridTellsTheIdOfAMailInAHeader() throws IOException {
        assertThat(shipped("sendgrid")
                        .useful("send_mail", new Answer(202, Map.of("x-message-id", "m1"), new byte[0]))
                        .asText())
                .isEqualTo("m1");
    }

    static Connector shipped(String vendor) throws IOException {
        Path file = Path.of("mappings", vendor, "connector.yaml");
        return Connector.read(file.toString(), vendor, Files.readString(file), ShippedRequestsTest::setting);
    }

    private static Optional<String> setting(String name) {
        return switch (name.substring(name.indexOf('.') + 1)) {
            case "access-token", "api-key", "bot-token", "api-token" -> Optional.of("secret-" + name);
            case "subdomain" -> Optional.of("acme");
            case "email" -> Optional.of("agent@acme.example");
            default -> Optional.empty();
        };
    }

    static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
