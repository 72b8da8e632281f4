package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StripeTest {
    private static Simulator simulator;
    private static Caller stripe;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(0);
        stripe = Caller.bearer(simulator, "stripe");
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
    void aFormWithBracketsMakesACustomer() throws Exception {
        var made = stripe.form(
                "/v1/customers",
                "email=ada%40example.com&balance=-250&metadata[crm_id]=42&address[city]=London"
                        + "&preferred_locales[]=en&preferred_locales[]=de");

        assertThat(made.status()).as(made.http().body()).isEqualTo(200);
        assertThat(made.json().at("/metadata/crm_id").asText()).isEqualTo("42");
        assertThat(made.json().path("balance").isInt()).isTrue();
        assertThat(made.json().at("/preferred_locales/1").asText()).isEqualTo("de");
        assertThat(stripe.get("/v1/customers/" + made.json().path("id").asText())
                        .json())
                .isEqualTo(made.json());
        assertThat(stripe.get("/customers?email=ada@example.com")
                        .json()
                        .path("data")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void anUpdateMergesMetadataAndAnEmptyValueClears() throws Exception {
        String id = stripe.form("/v1/customers", "name=Ada&phone=1&metadata[a]=1&metadata[b]=2")
                .json()
                .path("id")
                .asText();

        var updated = stripe.form("/v1/customers/" + id, "phone=&metadata[b]=&metadata[c]=3")
                .json();

        assertThat(updated.path("metadata").toString()).isEqualTo("{\"a\":\"1\",\"c\":\"3\"}");
        assertThat(updated.has("phone")).isFalse();
        assertThat(updated.path("name").asText()).isEqualTo("Ada");
    }

    @Test
    void anUnknownFormFieldIsRefusedAsStripeWould() throws Exception {
        var answer = stripe.form("/v1/customers", "emal=ada%40example.com");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.json().at("/error/code").asText()).isEqualTo("parameter_unknown");
        assertThat(answer.json().at("/error/param").asText()).isEqualTo("emal");
        assertThat(simulator.ledger().violations().get(0).violation()).endsWith("did you mean \"email\"?");
    }

    @Test
    void anUnknownNestedFieldAWrongTypeAndAJsonBodyAreRefused() throws Exception {
        assertThat(stripe.form("/v1/customers", "address[town]=London").status())
                .isEqualTo(400);
        assertThat(stripe.form("/v1/customers", "balance=lots").status()).isEqualTo(400);
        assertThat(stripe.json("POST", "/v1/customers", "{\"email\":\"ada@example.com\"}")
                        .status())
                .isEqualTo(400);
        assertThat(simulator.ledger().violations())
                .extracting(Call::violation)
                .containsExactly(
                        "address.town: \"town\" is not in the contract; known: city, country, line1, line2, postal_code, state",
                        "balance: must be a whole number, not text",
                        "Content-Type application/json is not taken; PostCustomers takes"
                                + " application/x-www-form-urlencoded");
    }

    @Test
    void theSameKeyIsDoneOnceAndWithAnotherBodyRefused() throws Exception {
        var keyed = stripe.with("Idempotency-Key", "run-1");

        var first = keyed.form("/v1/customers", "email=a%40example.com");
        var again = keyed.form("/v1/customers", "email=a%40example.com");
        var other = keyed.form("/v1/customers", "email=b%40example.com");

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(other.json().at("/error/type").asText()).isEqualTo("idempotency_error");
        assertThat(simulator.records("stripe", "customers")).hasSize(1);
        assertThat(simulator.ledger().calls("stripe"))
                .extracting(Call::effect)
                .containsExactly("created", "replayed", "");
    }

    @Test
    void aListComesNewestFirstAndPageByPage() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            stripe.form("/v1/customers", "name=" + name);
        }

        var first = stripe.get("/v1/customers?limit=2&created[gte]=1").json();
        String last = first.at("/data/1/id").asText();
        var second = stripe.get("/v1/customers?limit=2&starting_after=" + last).json();

        assertThat(first.findValuesAsText("name")).containsExactly("c", "b");
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(second.findValuesAsText("name")).containsExactly("a");
        assertThat(second.path("has_more").asBoolean()).isFalse();
    }

    @Test
    void whatChangedIsToldByEvents() throws Exception {
        String id = stripe.form("/v1/customers", "name=Ada").json().path("id").asText();
        stripe.form("/v1/customers/" + id, "name=Ada");
        stripe.form("/v1/customers/" + id, "name=Augusta");

        var events = stripe.get("/v1/events?types[]=customer.created&types[]=customer.updated")
                .json();

        assertThat(events.findValuesAsText("type")).containsExactly("customer.updated", "customer.created");
        assertThat(events.at("/data/0/data/object/name").asText()).isEqualTo("Augusta");
    }

    @Test
    void anInvoiceNeedsACustomerAndIsFinalizedOnce() throws Exception {
        String customer =
                stripe.form("/v1/customers", "name=Ada").json().path("id").asText();

        var invoice = stripe.form("/v1/invoices", "customer=" + customer + "&auto_advance=true");
        String path = "/v1/invoices/" + invoice.json().path("id").asText();
        var open = stripe.send("POST", path + "/finalize", null, null);

        assertThat(invoice.status()).as(invoice.http().body()).isEqualTo(200);
        assertThat(open.json().path("status").asText()).isEqualTo("open");
        assertThat(stripe.send("POST", path + "/finalize", null, null).status()).isEqualTo(400);
        assertThat(stripe.form("/v1/invoices", "customer=cus_unknown").status()).isEqualTo(404);
        assertThat(stripe.form("/v1/invoices", "").status()).isEqualTo(400);
    }

    @Test
    void theKeyMayAlsoComeAsBasicUserAndAWrongOneIsTurnedAway() throws Exception {
        String basic = java.util.Base64.getEncoder().encodeToString("sk_test_simulated:".getBytes());

        assertThat(Caller.nobody(simulator, "stripe")
                        .with("Authorization", "Basic " + basic)
                        .get("/v1/events")
                        .status())
                .isEqualTo(200);
        assertThat(Caller.nobody(simulator, "stripe")
                        .with("Authorization", "Bearer sk_live_wrong")
                        .get("/v1/events")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aMissingCustomerIs404() throws Exception {
        var answer = stripe.get("/v1/customers/cus_unknown");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().at("/error/code").asText()).isEqualTo("resource_missing");
    }
}
