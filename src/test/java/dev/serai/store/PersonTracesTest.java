package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.facts.PersonExport;
import dev.serai.record.Identified;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is handed over of a person: all that an erasure knows of, and nothing of others. */
class PersonTracesTest {
    private TestStore store;
    private Identifiers identifiers;

    @BeforeEach
    void open() {
        store = TestStore.fresh();
        var data = store.database.dataSource();
        identifiers = new Identifiers(data, new IdentifierKey(data), Identified::in);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private JsonNode export(String typed) throws SQLException {
        IdentifiersTest.catchUp(identifiers);
        var data = store.database.dataSource();
        return new PersonExport(identifiers, new Trails(data), new History(data)).page(typed, Long.MAX_VALUE, 10);
    }

    @Test
    void theEventOfSomebodyElseWhoseSearchListedThePersonIsCountedAndNotHandedOver() throws SQLException {
        store.store(IdentifiersTest.about("his", "bob@example.com"));
        ClaimedRun run = store.claim("f").get(0);
        var journal =
                new Journal(store.database.engine(), store.hub("hub"), new IdentifierKey(store.database.dataSource()));
        TestStore.joined(journal.carries(run, Set.of("email:ada@example.com"), true));
        store.store(IdentifiersTest.about("hers", "ada@example.com"));

        JsonNode ada = export("ada@example.com");

        assertThat(ada.path("events").findValuesAsText("record")).containsExactly("contact:hers");
        assertThat(ada.path("fetched_events").asInt()).isEqualTo(1);
        assertThat(ada.toString()).doesNotContain("bob@");
    }

    @Test
    void whatPeopleWroteAndWhatWasToldOfThePersonIsHandedOver() throws SQLException {
        long event =
                store.store(IdentifiersTest.about("hers", "ada@example.com")).eventId();
        ClaimedRun run = store.claim("f").get(0);
        store.done(run);
        store.execute("INSERT INTO audit (who, what, run_id, why, patch) VALUES ('bob', 'resume', " + run.id()
                + ", 'a typo', '[{\"op\":\"add\",\"path\":\"/phone\",\"value\":\"+4930901820\"}]')");
        store.execute(
                "INSERT INTO audit (who, what, why) VALUES ('bob', 'resume connection crm', 'Ada@example.com called'),"
                        + " ('bob', 'resume connection crm', 'mada@example.com called')");
        store.execute(
                "INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, count, body) VALUES"
                        + " ('a_1', 'k', 'r', 'lag', 'open', 'info', now(), now(), 1, '{\"text\":\"ada@example.com is held up\"}')");
        store.execute("INSERT INTO drift (source, type, kind, path, example, event_id, since, found_at)"
                + " VALUES ('crm', 't', 'new', 'email', 'a***', " + event + ", now(), now())");

        JsonNode ada = export("ada@example.com");

        assertThat(ada.at("/events/0/runs/0/by_hand/0/patch/json/0/value").asText())
                .isEqualTo("+4930901820");
        assertThat(ada.at("/events/0/drift/0/example").asText()).isEqualTo("a***");
        assertThat(ada.path("mentions").findValuesAsText("where")).containsExactly("alert.body", "audit.why");
        assertThat(ada.path("mentions").findValuesAsText("text"))
                .containsExactly("{\"text\":\"ada@example.com is held up\"}", "Ada@example.com called");
    }

    @Test
    void theIdOfAnotherKindIsNotThePersons() throws SQLException {
        store.execute(
                "INSERT INTO remote_id (connection, object, key, id)"
                        + " SELECT 'crm', o, encode(sha256('250000'), 'hex'), 'id of the ' || o FROM unnest(ARRAY['contact', 'order']) o");
        store.execute("INSERT INTO remote_id (connection, object, key, id) VALUES"
                + " ('crm', 'person', encode(sha256('ada@example.com'), 'hex'), '9')");

        assertThat(export("contact:250000").path("remote_ids").toString())
                .isEqualTo("[\"crm contact id of the contact\"]");
        assertThat(export("Ada@example.com").path("remote_ids").toString()).isEqualTo("[\"crm person 9\"]");
    }
}
