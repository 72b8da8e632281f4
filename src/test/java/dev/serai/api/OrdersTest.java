package dev.serai.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.config.Settings;
import dev.serai.facts.RunQuery;
import dev.serai.route.BesideHub;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked to be done with many at once: never more than was meant, and what was done is told. */
class OrdersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> VERBS = List.of("resume", "discard", "cancel");

    private Database database;
    private Api api;

    @BeforeEach
    void open() {
        var settings = Settings.read(Path.of("none"), Map.of(), TestDatabase.fresh());
        database = Database.open(settings);
        api = ApiParts.api(
                database.dataSource(), new BesideHub(settings, Optional.of(database)), InstantSource.system());
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }

    private void sql(String sql) {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs 1 to n, of a shipped flow, each of an event of its own. */
    private void runs(int n, String state) {
        sql(
                "INSERT INTO event (id, source, type, key, record, payload) SELECT i, 'hubspot', 'contact.created', 'k' || i,"
                        + " 'contact:' || i, '{\"n\":1}' FROM generate_series(1, " + n + ") i");
        sql("INSERT INTO open_run (id, event_id, flow, lane, state, holds) SELECT i, i, 'lead-created', 'l' || i, '"
                + state + "', false FROM generate_series(1, " + n + ") i");
    }

    private JsonNode post(String path, String body) {
        try {
            var request = new Api.Request("POST", path, Map.of(), JSON.readTree(body));
            return api.call(request, new Caller("ada", Role.ADMIN)).body();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Declined refused(String path, String body) {
        return catchThrowableOfType(Declined.class, () -> post(path, body));
    }

    private static String with(String filter) {
        return "{\"filter\":" + filter + ",\"why\":\"x\"}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"flow\":[\"lead-created\"]}",
                "{\"flow\":\"\"}",
                "{\"flow\":\" \"}",
                "{\"flow\":null}",
                "{\"state\":[\"dead\"]}",
                "{\"state\":\",\"}",
                "{\"state\":\"dead,\"}",
                "{\"since\":\"\"}",
                "{\"record\":7}",
                "{\"owner\":{}}",
                "{\"flwo\":\"x\"}",
                "{}",
                "[]",
                "\"lead-created\""
            })
    void aFilterThatDoesNotSayWhatItShouldIsRefusedAndNothingIsDone(String filter) {
        runs(4, "dead");
        sql("UPDATE open_run SET state = 'waiting' WHERE id > 2");

        for (String verb : VERBS) {
            Declined refused = refused("/runs/" + verb, with(filter));
            assertThat(refused).as(verb).isNotNull();
            assertThat(refused.status()).isEqualTo(400);
        }
        Declined replay =
                refused("/events/replay", "{\"flow\":\"lead-created\",\"why\":\"x\",\"filter\":" + filter + "}");

        assertThat(replay.status()).isEqualTo(400);
        assertThat(column("SELECT state FROM open_run ORDER BY id"))
                .containsExactly("dead", "dead", "waiting", "waiting");
        assertThat(column("SELECT count(*) FROM audit")).containsExactly("0");
    }

    @Test
    void itIsSaidWhereWhatWasFoundAndWhatWasExpected() {
        assertThat(refused("/runs/discard", with("{\"flow\":[\"lead-created\"]}")))
                .hasMessage(
                        "filter.flow is [\"lead-created\"]; a text that says something is expected here, or leave the"
                                + " word out if it does not matter");
        assertThat(refused("/runs/cancel", with("{\"flo\":\"lead-created\"}")))
                .hasMessage("filter has no word \"flo\"; did you mean \"flow\"?");
        assertThat(refused("/runs/resume", with("{}")).getMessage())
                .contains("which would mean every run", "\"all\": true");
        assertThat(refused("/runs/discard", "{\"runs\":[\"r_1\"],\"all\":true,\"why\":\"x\"}")
                        .getMessage())
                .contains("write \"runs\"", "\"filter\"");
        assertThat(refused("/runs/resume", "{\"runs\":[5],\"why\":\"x\"}"))
                .hasMessageStartingWith("runs.0 is 5; a text");
    }

    @Test
    void everyRunIsMeantOnlyWhereThatIsSaid() {
        runs(3, "dead");

        assertThat(post("/runs/resume", "{\"all\":true,\"filter\":{},\"dry_run\":true}")
                        .path("resumed"))
                .hasSize(3);
        assertThat(post("/runs/discard", "{\"all\":true,\"why\":\"x\"}")
                        .path("discarded")
                        .asInt())
                .isEqualTo(3);
    }

    @Test
    void theWordsOfAFilterAreThoseOfTheList() {
        var words = new TreeSet<String>();
        OpenApi.schemas().at("/RunFilter/properties").fieldNames().forEachRemaining(words::add);

        assertThat(words).isEqualTo(new TreeSet<>(RunQuery.WORDS.keySet()));
    }

    @Test
    void noMoreAreCancelledThanWasSaid() {
        runs(5, "waiting");
        String order = "{\"filter\":{\"flow\":\"lead-created\"},\"limit\":2,";

        JsonNode would = post("/runs/cancel", order + "\"dry_run\":true}");
        JsonNode done = post("/runs/cancel", order + "\"why\":\"x\"}");

        assertThat(would.path("cancelled").asInt()).isEqualTo(2);
        assertThat(would.path("runs").toString()).isEqualTo("[\"r_1\",\"r_2\"]");
        assertThat(would.at("/waiting/0/runs").asInt()).isEqualTo(2);
        assertThat(done.path("cancelled").asInt()).isEqualTo(2);
        assertThat(done.path("left").asInt()).isEqualTo(3);
        assertThat(column("SELECT id FROM open_run ORDER BY id")).containsExactly("3", "4", "5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"payload\":{\"who\":\"ada\"}", "\"payload_base64\":\"e30=\""})
    void aWholePayloadIsThatOfOneRun(String payload) {
        runs(3, "dead");

        for (String which : List.of(
                "\"filter\":{\"flow\":\"lead-created\"}",
                "\"all\":true",
                "\"runs\":[\"r_1\",\"r_2\"]",
                "\"runs\":[]")) {
            assertThat(refused("/runs/resume", "{" + which + "," + payload + ",\"why\":\"x\"}")
                            .getMessage())
                    .as(which)
                    .contains("is the payload of one run", "\"patch\" for many");
        }
        assertThat(refused("/runs/resume", "{\"runs\":[\"r_1\"]," + payload + ",\"patch\":[],\"why\":\"x\"}")
                        .getMessage())
                .contains("not both");
        post("/runs/resume", "{\"runs\":[\"r_1\"]," + payload + ",\"why\":\"x\"}");

        assertThat(column("SELECT id FROM open_run WHERE payload IS NOT NULL")).containsExactly("1");
    }

    /** Of which the database takes the first half and then nothing more. */
    @ParameterizedTest
    @CsvSource({
        "/runs/resume, dead, resumed",
        "/runs/discard, dead, discarded",
        "/runs/cancel, waiting, cancelled",
        "/events/replay, dead, events"
    })
    void whatWasDoneBeforeTheDatabaseWasLostIsTold(String path, String state, String counted) {
        runs(700, state);
        boolean replays = path.equals("/events/replay");
        if (replays) {
            sql("DELETE FROM open_run");
        }
        sql("CREATE FUNCTION lost() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF (SELECT count(*) FROM audit) > 500 THEN RAISE 'lost'; END IF; RETURN NULL; END $$;"
                + " CREATE TRIGGER lost AFTER INSERT ON audit FOR EACH STATEMENT EXECUTE FUNCTION lost()");

        JsonNode told = post(
                path,
                replays
                        ? "{\"flow\":\"lead-created\",\"filter\":{\"since\":\"1h\"},\"why\":\"x\"}"
                        : with("{\"flow\":\"lead-created\"}"));

        JsonNode count = told.path(counted);
        assertThat(count.isArray() ? count.size() : count.asInt()).isEqualTo(500);
        assertThat(told.path("more").asBoolean()).isTrue();
        assertThat(told.path("problem").asText()).contains("what is told here was done", "look at the audit");
        assertThat(column("SELECT count(*) FROM audit")).containsExactly("500");
        if (path.equals("/runs/resume")) {
            assertThat(told.path("next").asText()).isEqualTo("r_500");
        }
    }

    @Test
    void allOfTheHistoryIsNeverReplayed() {
        runs(1, "dead");
        for (String filter : List.of("{}", "{\"type\":\"contact.created\"}", "{\"since\":\"\"}", "{\"record\":\"\"}")) {
            assertThat(refused(
                            "/events/replay", "{\"flow\":\"lead-created\",\"filter\":" + filter + ",\"dry_run\":true}"))
                    .as(filter)
                    .isNotNull();
        }
    }

    @Test
    void nobodyIsHandedOverWhoMayBeMany() {
        var request = new Api.Request("GET", "/export", Map.of("q", "7"), JSON.missingNode());

        Declined refused = catchThrowableOfType(Declined.class, () -> api.call(request, new Caller("ada", Role.ADMIN)));

        assertThat(refused.getMessage()).contains("may be the id of many things");
    }
}
