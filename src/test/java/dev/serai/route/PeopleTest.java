package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.api.ApiParts;
import dev.serai.facts.People;
import dev.serai.facts.PersonFacts;
import dev.serai.facts.WhyFacts;
import dev.serai.store.History;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A person, followed through the shipped flows. */
class PeopleTest {
    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static People people() {
        return ApiParts.people(hub.wiring().database().dataSource(), InstantSource.system());
    }

    private static PersonFacts find(String what) throws SQLException {
        return people().find(what, Long.MAX_VALUE, 20);
    }

    private static WhyFacts why(InstantSource clock) {
        return new WhyFacts(people(), name -> hub.wiring().library().mapping(name), clock);
    }

    @Test
    void theWriteIsFoundBehindManyEventsOrItIsSaidHowManyWereLookedAt() throws SQLException {
        hub.hubspotHas("4712", Map.of("email", "grace@example.com", "firstname", "Grace"));
        hub.hubspotTells("contact.creation", "4712");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.runs("done").stream().map(History.Run::event).anyMatch(event -> event.record()
                        .equals("contact:4712")));
        assertThat(why(InstantSource.system()).ask("contact:4712", "email_address"))
                .satisfies(told -> assertThat(told.all()).isTrue())
                .satisfies(told -> assertThat(told.because()).isNotEmpty());
        hub.column(
                "INSERT INTO event (source, type, key, record, payload)"
                        + " SELECT 'hubspot', 'note', 'note' || n, 'contact:4712', '{}' FROM generate_series(1, 120) n RETURNING 1");

        WhyFacts.Told told = why(() -> Instant.EPOCH).ask("contact:4712", "email_address");
        assertThat(told.because()).isNotEmpty();
        assertThat(told.events()).isEqualTo(121);
        var now = new AtomicReference<>(Instant.EPOCH);
        WhyFacts.Told cut = why(() -> now.getAndUpdate(at -> at.plusSeconds(2))).ask("contact:4712", "email_address");
        assertThat(cut.because()).as("nobody waits so long").isEmpty();
        assertThat(cut.events()).isEqualTo(100);
        assertThat(cut.all()).isFalse();
    }

    @Test
    void aFieldTellsWhichRuleOfWhichFileGaveItItsValue() throws SQLException {
        hub.stripe(
                ("{\"id\":\"evt_why\",\"object\":\"event\",\"type\":\"invoice.payment_failed\",\"created\":1755810000,"
                                + "\"data\":{\"object\":{\"id\":\"in_why\",\"object\":\"invoice\",\"customer\":\"cus_1\","
                                + "\"customer_email\":\"why@example.com\",\"amount_due\":1200,\"currency\":\"eur\",\"attempt_count\":1}}}")
                        .getBytes());
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(why(InstantSource.system())
                        .ask("why@example.com", "email")
                        .because())
                .anySatisfy(because -> {
                    assertThat(because.explained()
                                    .orElseThrow()
                                    .after()
                                    .orElseThrow()
                                    .asText())
                            .isEqualTo("why@example.com");
                    assertThat(because.unsure()).isEmpty();
                }));
    }

    @Test
    void aPersonIsFoundByAnAddressThatOnlyTheVendorKnew() throws SQLException {
        hub.hubspotHas("4711", Map.of("email", "Ada@Example.com", "firstname", "Ada", "phone", "+49 30 901820"));
        hub.hubspotTells("contact.creation", "4711");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.runs("done").stream().map(History.Run::event).anyMatch(event -> event.record()
                        .equals("contact:4711")));

        PersonFacts found = find("ada@example.com");

        assertThat(found.events()).extracting(History.EventLine::record).containsExactly("contact:4711");
        assertThat(found.lines())
                .extracting(PersonFacts.Line::kind)
                .startsWith("arrived")
                .endsWith("ended");
        assertThat(found.lines()).anySatisfy(line -> assertThat(line.words()).contains("enrol", "answered 200"));
        var why = why(InstantSource.system()).ask("ada@example.com", "phone").because();
        assertThat(why).anySatisfy(because -> {
            assertThat(because.mapping().name()).isEqualTo("mailchimp/contact-to-member");
            assertThat(because.mapping().place(because.target()).toString())
                    .matches("mappings/mailchimp/contact-to-member.yaml:\\d+:\\d+");
            assertThat(because.changed()).isFalse();
            assertThat(because.unsure()).contains("what the run fetched");
        });
        assertThat(find("+49 30 901820").events()).hasSize(1);
        assertThat(find("contact:4711").events()).hasSize(1);
        assertThat(find("r_" + found.runs().get(0).id()).lines()).isEqualTo(found.lines());
    }
}
