package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Settings;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionsCommandTest {
    private Map<String, String> settings;

    @BeforeEach
    void freshDatabase() {
        settings = TestDatabase.fresh();
    }

    @Test
    void withoutTroubleThereIsAFriendlyWord() {
        assertThat(serai(settings, "connections", "list").out()).isEqualTo("All connections are fine.\n");
        Called resumed = serai(settings, "connections", "resume", "mailchimp", "--why", "x");
        assertThat(resumed.code()).isEqualTo(1);
        assertThat(resumed.err()).isEqualTo("Nothing is held up at mailchimp; see serai connections list.\n");
    }

    @Test
    void whatIsHeldUpIsListedWithReasonAndWaitingRuns() throws SQLException {
        trouble();

        assertThat(serai(settings, "connections", "list").out())
                .contains("mailchimp   all        parked", "mailchimp answered 401")
                .contains("slack       post       open", "slack answered 503");
        assertThat(serai(settings, "connections", "list", "--json").out())
                .contains("\"waiting_runs\" : 1", "\"operation\" : \"post\"", "\"state\" : \"parked\"");
    }

    @Test
    void resumingNotesWhoAndWhyAndNeedsAReason() throws SQLException {
        trouble();

        assertThat(serai(settings, "connections", "resume", "mailchimp").code()).isEqualTo(2);
        Called resumed = serai(settings, "connections", "resume", "mailchimp", "--why", "new key");
        assertThat(resumed.out()).isEqualTo("mailchimp may go on; a running hub sees it within a second.\n");

        assertThat(column("SELECT state FROM parked_connection")).isEqualTo("resumed");
        assertThat(column("SELECT what || ', ' || why FROM audit")).isEqualTo("resume connection mailchimp, new key");
        assertThat(column("SELECT until > now() FROM breaker")).isEqualTo("t");
        assertThat(serai(settings, "connections", "resume", "slack", "--why", "it is back")
                        .code())
                .isZero();
        assertThat(column("SELECT until > now() FROM breaker")).isEqualTo("f");
    }

    @Test
    void aSingleBreakerIsTriedOrClosedWithAReason() throws SQLException {
        assertThat(serai(settings, "breakers", "list").out()).isEqualTo("Nothing is left alone.\n");
        trouble();

        assertThat(serai(settings, "breakers", "list").out())
                .containsPattern("slack/post +open +5 ")
                .contains("slack answered 503");
        assertThat(serai(settings, "breakers", "try", "slack/post").err()).contains("--why is missing");
        assertThat(serai(settings, "breakers", "try", "slack", "--why", "x").err())
                .startsWith("slack is no operation; write it as the list shows it");
        assertThat(serai(settings, "breakers", "try", "slack/post", "--why", "mended")
                        .out())
                .isEqualTo("slack/post is tried by the next run that comes to it.\n");
        assertThat(column("SELECT state || ' ' || (until > now()) FROM breaker"))
                .isEqualTo("open false");
        assertThat(serai(settings, "breakers", "close", "slack/post", "--why", "it works")
                        .out())
                .isEqualTo("slack/post is used again; what waited goes on.\n");
        assertThat(column("SELECT state FROM breaker")).isEqualTo("closed");
        Called again = serai(settings, "breakers", "close", "slack/post", "--why", "it works");
        assertThat(again.err()).isEqualTo("The breaker of slack/post is not open; see serai breakers list.\n");
        assertThat(again.code()).isEqualTo(1);
        assertThat(serai(settings, "audit", "--limit", "1").out())
                .contains("it works")
                .doesNotContain("mended");
        assertThat(serai(settings, "audit", "--action", "close", "--since", "1h", "--json")
                        .out())
                .contains("it works");
        assertThat(serai(settings, "audit", "--who", "nobody").out())
                .isEqualTo("Nobody has done any such thing by hand yet.\n");
        assertThat(serai(settings, "audit", "--since", "soon").err()).startsWith("--since soon: not a time");
    }

    private String column(String sql) {
        try (var database = open()) {
            return String.join(",", TestDatabase.column(database.dataSource(), sql));
        }
    }

    private Database open() {
        return Database.open(Settings.read(Path.of("none"), Map.of(), settings));
    }

    private void trouble() throws SQLException {
        try (var database = open();
                var connection = database.dataSource().getConnection()) {
            connection.createStatement().execute("""
                    INSERT INTO parked_connection (connection, state, since, reason, salt, refused)
                      VALUES ('mailchimp', 'parked', now(), 'mailchimp answered 401', 'aa', '{bb}');
                    INSERT INTO breaker (connection, operation, state, failures, since, until, reason)
                      VALUES ('slack', 'post', 'open', 5, now(), now() + interval '15 min', 'slack answered 503');
                    INSERT INTO open_run (event_id, flow, lane, waits_for) VALUES (1, 'f', 'f x', 'slack/post')""");
        }
    }
}
