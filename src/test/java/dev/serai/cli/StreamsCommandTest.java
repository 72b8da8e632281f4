package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Settings;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
                    .contains("No hub has polled crm/peple yet");
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
