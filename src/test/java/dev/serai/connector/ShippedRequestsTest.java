package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is special about the requests of shipped connector files; that all keep to their contracts is the suite's to show. */
class ShippedRequestsTest {
    @Test
    void aFormNestsItsNamesInBrackets() throws IOException {
        Request request = shipped("stripe")
                .build(
                        "update_customer",
                        json("{'metadata':{'crm_id':42,'a&b':'c d'},'preferred_locales':['de','en'],'name':null}"),
                        Map.of("id", "cus_1"),
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
            case "access-token", "api-key", "bot-token", "api-token" -> Optional.of("secret-" + name + "-us6");
            case "subdomain" -> Optional.of("acme");
            case "email" -> Optional.of("agent@acme.example");
            default -> Optional.empty();
        };
    }

    static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text.replace('\'', '"'));
    }
}
