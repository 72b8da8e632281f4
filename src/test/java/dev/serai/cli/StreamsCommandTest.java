package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Settings;
import dev.serai.library.LibraryFolder;
import dev.serai.store.ByHand;
import dev.serai.store.Cursors;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamsCommandTest {
    @Test
    void aStreamIsSetBackUnlessItIsBeingPolled() {
        Map<String, String> settings = TestDatabase.fresh();
        try (var database = Database.own(Settings.read(Path.of("none"), Map.of(), settings))) {
            column(
                    database,
                    "INSERT INTO cursor (connection, stream, value) VALUES ('crm', 'people', '700') RETURNING 1");

            assertThat(serai(settings, "streams", "list").out()).contains("crm/people  700         never");
            assertThat(serai(settings, "streams", "list", "--json").out()).contains("\"cursor\" : \"700\"");
            assertThat(serai(settings, "streams", "set", "crm/people", "300").err())
                    .contains("--why is missing");
            assertThat(serai(settings, "streams", "set", "crm/people", "300", "--dry-run")
                            .out())
                    .isEqualTo("crm/people would go from \"700\" to \"300\". Nothing was changed.\n");
            assertThat(serai(settings, "streams", "set", "crm/peple", "300", "--why", "x")
                            .err())
                    .contains("No hub has polled crm/peple, and no connector file has such a stream");
            column(database, "UPDATE cursor SET lease_until = now() + interval '1 min' RETURNING 1");
            assertThat(serai(settings, "streams", "set", "crm/people", "300", "--why", "x")
                            .err())
                    .contains("is being polled now");
            column(database, "UPDATE cursor SET lease_until = NULL RETURNING 1");

            assertThat(serai(settings, "streams", "set", "crm/people", "300", "--why", "two days are missing")
                            .code())
                    .isZero();

            assertThat(column(database, "SELECT value FROM cursor")).containsExactly("300");
            assertThat(column(database, "SELECT what || ': ' || why FROM audit"))
                    .containsExactly("set crm/people from \"700\" to \"300\": two days are missing");
        }
    }

    @Test
    void aStreamThatWasNeverPolledBeginsWhereAPersonSays() {
        Map<String, String> settings = TestDatabase.fresh();
        String[] order = {"streams", "set", "hubspot/new_contacts", "2026-11-20T00:00:00Z", "--why", "no webhooks"};
        try (var database = Database.own(Settings.read(Path.of("none"), Map.of(), settings))) {
            assertThat(serai(settings, "streams", "set", "hubspot/new_contacts", "2026-11-20T00:00:00Z", "--dry-run")
                            .out())
                    .contains("would go from \"\" to");
            assertThat(column(database, "SELECT value FROM cursor")).isEmpty();
            assertThat(serai(settings, "streams", "set", "hubspot/upsert_contacts", "1", "--why", "x")
                            .err())
                    .contains("no connector file has such a stream");

            assertThat(serai(settings, order).code()).isZero();

            assertThat(column(database, "SELECT what || ': ' || why FROM audit"))
                    .containsExactly("set hubspot/new_contacts from \"\" to \"2026-11-20T00:00:00Z\": no webhooks");
            List<String> place = column(database, "SELECT value FROM cursor WHERE polled_at IS NULL");
            assertThat(place).hasSize(1);
            assertThat(firstQuestion(place.get(0)))
                    .as("five minutes earlier, as the file says")
                    .contains(
                            String.valueOf(Instant.parse("2026-11-19T23:55:00Z").toEpochMilli()));
        }
    }

    /** What HubSpot is asked first by a poll that begins there. */
    private static String firstQuestion(String cursor) {
        var files =
                new LibraryFolder(Path.of("mappings"), name -> Optional.of("x").filter(x -> !name.endsWith("-url")));
        files.reload();
        byte[] body = files.current()
                .connector("hubspot")
                .orElseThrow()
                .polling("new_contacts")
                .first(Optional.of(cursor), Map.of(), Instant.parse("2026-11-22T00:00:00Z"))
                .request()
                .body();
        return new String(body, StandardCharsets.UTF_8);
    }

    @Test
    void aPlaceThatAnotherStreamHasTakenOverIsNotSet() throws Exception {
        try (var database = TestDatabase.open()) {
            var cursors = new Cursors(database.dataSource(), InstantSource.system(), "");
            var gone = new Cursors.Position("rest", "records", "700", Instant.now());

            assertThat(cursors.set(gone, "300", new ByHand("ada", "x"))).isFalse();

            assertThat(TestDatabase.column(database.dataSource(), "SELECT value FROM cursor"))
                    .isEmpty();
        }
    }

    @Test
    void aStreamIsNamedWithItsArguments() throws Exception {
        Map<String, String> settings = TestDatabase.fresh();
        try (var database = Database.own(Settings.read(Path.of("none"), Map.of(), settings))) {
            column(
                    database,
                    "INSERT INTO cursor (connection, stream, value) VALUES"
                            + " ('mailchimp', 'members:list=a%2Fb', '700'), ('mailchimp', 'members', '1') RETURNING 1");

            assertThat(serai(settings, "streams", "list").out()).contains("mailchimp/members:list=a%2Fb  700");
            assertThat(serai(
                                    settings,
                                    "streams",
                                    "set",
                                    "mailchimp/members:list=a%2Fb",
                                    "300",
                                    "--why",
                                    "two are missing")
                            .code())
                    .isZero();

            assertThat(column(database, "SELECT value FROM cursor ORDER BY stream"))
                    .containsExactly("1", "300");
        }
    }

    private static List<String> column(Database database, String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }
}
