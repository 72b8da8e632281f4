package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.facts.PersonFacts;
import dev.serai.record.Identified;
import dev.serai.store.History;
import dev.serai.store.IdentifierKey;
import dev.serai.store.Identifiers;
import dev.serai.store.Trails;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
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

    private static PersonFacts find(String what) throws SQLException {
        var data = hub.wiring().database().dataSource();
        var identifiers = new Identifiers(data, new IdentifierKey(data), Identified::in);
        return PersonFacts.find(identifiers, new Trails(data), PersonFacts.Sought.of(what), Long.MAX_VALUE, 20);
    }

    @Test
    void aPersonIsFoundByAnAddressThatOnlyTheVendorKnew() throws SQLException {
        hub.hubspotHas("4711", Map.of("email", "Ada@Example.com", "firstname", "Ada", "phone", "+49 30 901820"));
        hub.hubspotTells("contact.creation", "4711");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> hub.runs("done").stream().map(History.Run::event).anyMatch(event -> event.record()
                        .equals("contact:4711")));

        PersonFacts found = find("ada@example.com");

        assertThat(found.events()).extracting(History.EventLine::record).containsExactly("contact:4711");
        assertThat(found.lines())
                .extracting(PersonFacts.Line::kind)
                .startsWith("arrived")
                .endsWith("ended");
        assertThat(found.lines()).anySatisfy(line -> assertThat(line.words()).contains("enrol", "answered 200"));
        assertThat(find("+49 30 901820").events()).hasSize(1);
        assertThat(find("contact:4711").events()).hasSize(1);
        assertThat(find("r_" + found.runs().get(0).id()).lines()).isEqualTo(found.lines());
    }
}
