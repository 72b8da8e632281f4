package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HubspotTest {
    private static final String CONTACTS = "/crm/v3/objects/contacts";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-02T12:00:00Z"));
    private Simulator simulator;
    private Caller hubspot;

    @BeforeEach
    void start() {
        simulator = Simulator.start(0, now::get);
        hubspot = Caller.bearer(simulator, "hubspot");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private String create(String email) throws Exception {
        var answer = hubspot.json("POST", CONTACTS, "{\"properties\":{\"email\":\"" + email + "\"}}");
        assertThat(answer.status()).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    @Test
    void aPatchMergesProperties() throws Exception {
        String id = create("ada@example.com");
        later(Duration.ofMinutes(1));

        hubspot.json("PATCH", CONTACTS + "/" + id, "{\"properties\":{\"phone\":\"+49301234\"}}");

        var contact =
                hubspot.get(CONTACTS + "/" + id + "?properties=email,phone").json();
        assertThat(contact.at("/properties/email").asText()).isEqualTo("ada@example.com");
        assertThat(contact.at("/properties/phone").asText()).isEqualTo("+49301234");
        assertThat(contact.at("/properties/lastmodifieddate").asText()).isEqualTo("2026-11-02T12:01:00.000Z");
        assertThat(contact.path("createdAt").asText()).isEqualTo("2026-11-02T12:00:00.000Z");
    }

    @Test
    void aContactIsFoundByItsAddress() throws Exception {
        create("ada@example.com");

        assertThat(hubspot.get(CONTACTS + "/ada@example.com?idProperty=email").status())
                .isEqualTo(200);
    }

    @Test
    void anAddressBelongsToOneContact() throws Exception {
        create("ada@example.com");

        var answer = hubspot.json("POST", CONTACTS, "{\"properties\":{\"email\":\"ADA@example.com\"}}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.json().path("category").asText()).isEqualTo("CONFLICT");
    }

    @Test
    void aSearchByChangeGivesPageAfterPage() throws Exception {
        create("old@example.com");
        later(Duration.ofHours(1));
        String since = String.valueOf(now.get().toEpochMilli());
        for (String name : new String[] {"a", "b", "c"}) {
            create(name + "@example.com");
            later(Duration.ofSeconds(1));
        }
        String search = "{\"filterGroups\":[{\"filters\":[{\"propertyName\":\"lastmodifieddate\",\"operator\":\"GTE\","
                + "\"value\":\"" + since + "\"}]}],\"sorts\":[\"lastmodifieddate\"],\"limit\":2%s}";

        var first =
                hubspot.json("POST", CONTACTS + "/search", search.formatted("")).json();
        String after = first.at("/paging/next/after").asText();
        var second = hubspot.json("POST", CONTACTS + "/search", search.formatted(",\"after\":\"" + after + "\""))
                .json();

        assertThat(first.path("total").asInt()).isEqualTo(3);
        assertThat(first.findValuesAsText("email")).containsExactly("a@example.com", "b@example.com");
        assertThat(second.findValuesAsText("email")).containsExactly("c@example.com");
        assertThat(second.has("paging")).isFalse();
    }

    @Test
    void aSearchTakesSixFiltersInAGroup() throws Exception {
        String filter = "{\"propertyName\":\"email\",\"operator\":\"HAS_PROPERTY\"}";
        String group = "{\"filterGroups\":[{\"filters\":[" + filter + ("," + filter).repeat(5) + "%s]}]}";

        assertThat(hubspot.json("POST", CONTACTS + "/search", group.formatted(""))
                        .status())
                .isEqualTo(200);
        assertThat(hubspot.json("POST", CONTACTS + "/search", group.formatted("," + filter))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aBatchThatPartlyFailsIs207() throws Exception {
        create("ada@example.com");

        var answer = hubspot.json(
                "POST",
                CONTACTS + "/batch/upsert",
                "{\"inputs\":["
                        + "{\"id\":\"ada@example.com\",\"idProperty\":\"email\",\"properties\":{\"city\":\"London\"}},"
                        + "{\"id\":\"new@example.com\",\"idProperty\":\"email\",\"properties\":{}},"
                        + "{\"id\":\"no address\",\"idProperty\":\"email\",\"properties\":{}}]}");

        assertThat(answer.status()).isEqualTo(207);
        assertThat(answer.json().path("results").findValuesAsText("_new")).containsExactly("false", "true");
        assertThat(answer.json().path("numErrors").asInt()).isEqualTo(1);
        assertThat(simulator.records("hubspot", "contacts")).hasSize(2);
    }

    @Test
    void dealsAreKeptApartAndHaveTheirOwnDate() throws Exception {
        var deal = hubspot.json(
                "POST",
                "/crm/v3/objects/deals",
                "{\"properties\":{\"dealname\":\"Engine\"},\"associations\":[{\"to\":{\"id\":\"1\"},\"types\":"
                        + "[{\"associationCategory\":\"HUBSPOT_DEFINED\",\"associationTypeId\":3}]}]}");

        assertThat(deal.status()).as(deal.http().body()).isEqualTo(201);
        assertThat(deal.json().path("properties").has("hs_lastmodifieddate")).isTrue();
        assertThat(simulator.records("hubspot", "contacts")).isEmpty();
        assertThat(hubspot.get("/crm/v3/objects/deals/" + deal.json().path("id").asText())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPropertyThatIsNotTextIsRefusedAsHubspotWould() throws Exception {
        var answer = hubspot.json("POST", CONTACTS, "{\"properties\":{\"email\":\"a@example.com\",\"age\":36}}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("status").asText()).isEqualTo("error");
        assertThat(answer.json().path("category").asText()).isEqualTo("VALIDATION_ERROR");
        assertThat(answer.json().path("correlationId").asText()).isNotEmpty();
        assertThat(simulator.ledger().violations().get(0).violation())
                .isEqualTo("properties.age: must be text, not a whole number");
    }

    @Test
    void aWrongTokenIsTurnedAway() throws Exception {
        var answer = Caller.nobody(simulator, "hubspot")
                .with("Authorization", "Bearer wrong")
                .get(CONTACTS);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("category").asText()).isEqualTo("INVALID_AUTHENTICATION");
    }

    @Test
    void theVendorsOwnQuotaHoldsOnceSwitchedOn() throws Exception {
        simulator.limits("hubspot");

        for (int i = 0; i < 190; i++) {
            assertThat(hubspot.get(CONTACTS).status()).isEqualTo(200);
        }
        var over = hubspot.get(CONTACTS);
        later(Duration.ofSeconds(10));

        assertThat(over.status()).isEqualTo(429);
        assertThat(over.json().path("policyName").asText()).isEqualTo("TEN_SECONDLY_ROLLING");
        assertThat(over.header("Retry-After")).isEqualTo("10");
        assertThat(over.header("X-HubSpot-RateLimit-Remaining")).isEqualTo("0");
        assertThat(hubspot.get(CONTACTS).header("X-HubSpot-RateLimit-Remaining"))
                .isEqualTo("189");
    }

    private void later(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }
}
