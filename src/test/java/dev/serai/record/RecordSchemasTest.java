package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.RecordSchema.Misfit;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordSchemasTest {

    static Set<String> names() {
        return RecordSchemas.names();
    }

    @Test
    void thereAreTheRecordsThatSystemsMeetIn() {
        assertThat(RecordSchemas.names())
                .containsExactly(
                        "contact",
                        "company",
                        "lead",
                        "deal",
                        "subscription",
                        "order",
                        "product",
                        "ticket",
                        "invoice",
                        "marketing_event",
                        "customer_converted");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyFieldIsDescribedAndEveryAddressAndNameOfAPersonIsTagged(String name) {
        RecordSchema schema = RecordSchemas.of(name).orElseThrow();

        assertThat(schema.description()).endsWith(".");
        assertThat(schema.version()).isEqualTo(1);
        assertThat(schema.source().has("x-version")).isTrue();
        assertThat(schema.fields()).isNotEmpty();
        schema.fields().forEach((path, field) -> {
            assertThat(field.description()).as("%s.%s", name, path).endsWith(".");
            if (path.matches(".*(email|first_name|last_name|phone|street)$")) {
                assertThat(field.personal()).as("%s.%s", name, path).isTrue();
            }
        });
    }

    @Test
    void everyPatternHasWords() throws Exception {
        for (String name : RecordSchemas.names()) {
            String resource = "/schema/records/" + name + ".schema.json";
            JsonNode schema = new ObjectMapper().readTree(RecordSchemas.class.getResourceAsStream(resource));
            for (String pattern : schema.findValuesAsText("pattern")) {
                assertThat(Forms.of(pattern).orElseThrow().words()).contains("; add do: [");
            }
        }
    }

    @Test
    void customFieldsAreOpenAndOthersAreNot() {
        RecordSchema contact = RecordSchemas.of("contact").orElseThrow();

        assertThat(contact.has("email")).isTrue();
        assertThat(contact.has("custom_fields.shoe_size")).isTrue();
        assertThat(contact.has("external_ids.hubspot")).isTrue();
        assertThat(contact.has("tags.0")).isTrue();
        assertThat(contact.has("tags.first")).isFalse();
        assertThat(RecordSchemas.of("order").orElseThrow().has("lines.7.sku")).isTrue();
        assertThat(RecordSchemas.of("order").orElseThrow().has("lines.7.sk")).isFalse();
        assertThat(contact.has("emial")).isFalse();
        assertThat(contact.has("email.local")).isFalse();
    }

    @Test
    void everyMisfitOfARecordIsNamedAndNoValueQuoted() throws Exception {
        JsonNode contact = new ObjectMapper()
                .readTree("{\"phone\":\"030 1\",\"vip\":\"yes\",\"lifecycle_stage\":\"hot\",\"shoe\":1,"
                        + "\"created_at\":\"today\"}");

        assertThat(RecordSchemas.of("contact").orElseThrow().check(contact))
                .containsExactlyInAnyOrder(
                        new Misfit("email", "is missing; every contact has it"),
                        new Misfit("phone", "must be a phone number such as +14155552671; add do: [e164]"),
                        new Misfit("vip", "must be true or false"),
                        new Misfit(
                                "lifecycle_stage",
                                "must be one of subscriber, lead, marketing_qualified, sales_qualified, opportunity,"
                                        + " customer, evangelist, other"),
                        new Misfit("shoe", "is not a field of contact; put it under custom_fields"),
                        new Misfit("created_at", "must be a time such as 2026-01-31T12:00:00Z; add do: [timestamp]"));
    }

    @Test
    void aConvertedCustomerIsTheEventTheGuideAsksFor() {
        assertThat(RecordSchemas.of("customer_converted").orElseThrow().fieldNames())
                .containsExactly(
                        "event_id",
                        "occurred_at",
                        "source",
                        "customer",
                        "customer.crm_contact_id",
                        "customer.email",
                        "customer.first_name",
                        "customer.last_name",
                        "customer.company",
                        "customer.lifecycle_stage",
                        "customer.plan",
                        "customer.owner_email",
                        "context",
                        "context.deal_id",
                        "context.utm_source",
                        "context.utm_campaign");
    }

    @Test
    void aPersonalValueIsHiddenButForItsFirstLetters() {
        assertThat(Masks.personal(TextNode.valueOf("ada@example.com"))).isEqualTo("a***@e***");
        assertThat(Masks.personal(TextNode.valueOf("Lovelace"))).isEqualTo("L***");
        assertThat(Masks.personal(TextNode.valueOf("Al"))).isEqualTo("***");
        assertThat(Masks.plain(TextNode.valueOf("a\nb" + "c".repeat(99)))).isEqualTo("a b" + "c".repeat(37) + "…");
    }

    @ParameterizedTest
    @MethodSource("names")
    void theQuickCheckNeverTakesWhatTheSchemaRefuses(String name) {
        RecordSchema schema = RecordSchemas.of(name).orElseThrow();
        Shape quick = Shape.of(schema.source()).orElseThrow();
        var random = new Random(3);
        int taken = 0;
        for (int i = 0; i < 4_000; i++) {
            JsonNode record = Samples.record(random, schema);
            if (quick.surely(record)) {
                taken++;
                assertThat(schema.checkThoroughly(record)).as("%s", record).isEmpty();
            }
        }
        assertThat(taken).as("records taken").isBetween(50, 3_950);
    }
}
