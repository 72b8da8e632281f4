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
import org.junit.jupiter.api.io.TempDir;

class RunListsTest {
    private Map<String, String> settings;

    @BeforeEach
    void freshDatabase() {
        settings = TestDatabase.fresh();
    }

    @Test
    void withoutRunsThereIsAFriendlyWord() {
        Called called = serai(settings, "runs", "list");

        assertThat(called.code()).isZero();
        assertThat(called.out()).isEqualTo("No runs yet: no event that a flow takes has arrived.\n");
        assertThat(serai(settings, "dead-letters", "list").out()).isEqualTo("No dead letters.\n");
    }

    @Test
    void withoutADatabaseNoneIsMade(@TempDir Path folder) {
        Called called = serai("runs", "list", "--data", folder.resolve("none").toString());

        assertThat(called.code()).isZero();
        assertThat(called.err()).startsWith("No hub has run here yet: there is no database in ");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aDeadRunIsListedWithItsReasonAndShownWithItsAttempts() throws SQLException {
        aDeadRun();

        assertThat(serai(settings, "dead-letters", "list").out())
                .contains("r_81", "dead", "lead-created", "contact:7", "address is missing");
        Called shown = serai(settings, "runs", "show", "r_81");
        assertThat(shown.out())
                .contains("e_80 contact.created of hubspot, record contact:7")
                .contains("step enrol: address is missing")
                .contains("12:00:01.000Z  enrol  1   503     retry    12 ms")
                .contains("mailchimp/upsert_member")
                .doesNotContain("payload of the event");
        assertThat(serai(settings, "runs", "show", "81", "--payload").out()).contains("payload of the event");
        assertThat(serai(settings, "runs", "list", "--json", "--state", "dead").out())
                .contains("\"run\" : \"r_81\"", "\"reason\" : \"address is missing\"", "\"receipt\" : \"e_80\"");
    }

    @Test
    void whatWasSentAndAnsweredIsShownWhereItIsKeptAndElseWhyNot() throws SQLException {
        aDeadRun();
        assertThat(serai(settings, "runs", "show", "r_81").out())
                .contains("Note: what this run sent and was answered is not kept")
                .doesNotContain("--calls");
        execute("""
                UPDATE open_run SET evidence = convert_to('{"mappings":[],"calls":[{"step":"enrol","number":1,'
                  || '"at":"2026-11-21T12:00:01.0000004Z","connection":"mailchimp","operation":"upsert_member","request":{"method":"PUT",'
                  || '"path":["lists","members"],"query":{},"headers":{},"body":{"email_address":"ada@example.org"}},'
                  || '"answer":{"status":503,"headers":{},"body":{"detail":"later"}},"verdict":"retry","reason":""}],'
                  || '"left_out":[]}', 'UTF8')""");

        assertThat(serai(settings, "runs", "show", "r_81").out())
                .contains("What was sent and answered: serai runs show r_81 --calls")
                .doesNotContain("Note:", "later");
        assertThat(serai(settings, "runs", "show", "r_81", "--calls").out())
                .contains(
                        "enrol 1  PUT /lists/members",
                        "  sent      {\"email_address\":\"ada@example.org\"}",
                        "  answered  503 {\"detail\":\"later\"}");
        try (Database database = open()) {
            assertThat(TestDatabase.column(database.dataSource(), "SELECT what FROM audit"))
                    .containsExactly("saw the payload of r_81");
        }
    }

    @Test
    void aReceiptIsProvedWithItsKeyAndWhatTheFlowsDid() throws SQLException {
        aDeadRun();

        assertThat(serai(settings, "prove", "e_80").out())
                .contains("e_80  contact.created of hubspot", "key        k", "record     contact:7")
                .contains("20 bytes, sha256 ")
                .contains("r_81  lead-created  dead", "answered 503")
                .doesNotContain("payload of the event");
        assertThat(serai(settings, "prove", "e_80", "--json").out()).contains("\"key\" : \"k\"", "\"run\" : \"r_81\"");
        assertThat(serai(settings, "prove", "e_9").err()).isEqualTo("There is no event e_9.\n");
    }

    @Test
    void aDeadRunIsResumedOnceAndSomebodyAnswersForIt() throws SQLException {
        aDeadRun();

        Called resumed = serai(settings, "dead-letters", "resume", "r_81", "--why", "address added");
        assertThat(resumed.code()).isZero();
        assertThat(resumed.out()).startsWith("r_81 is due again");
        Called again = serai(settings, "dead-letters", "resume", "r_81", "--why", "again");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).startsWith("r_81: it is waiting; only dead runs and runs in doubt can be resumed.");
        try (Database database = open()) {
            assertThat(TestDatabase.column(database.dataSource(), "SELECT who || ', ' || why FROM audit"))
                    .containsExactly(System.getProperty("user.name") + ", address added");
        }
    }

    @Test
    void settingsAreShownWithWhereTheyComeFromAndWithoutSecrets() {
        assertThat(serai(settings, "settings", "--run-threads", "3", "--secrets-key", "0f".repeat(32))
                        .out())
                .containsPattern("serai.run.threads +3 +flag +16")
                .containsPattern("serai.secrets.key +… +flag")
                .doesNotContain("0f0f", "serai.run.lease");
        assertThat(serai("settings", "--all").out())
                .as("no hub has run here")
                .containsPattern("serai.run.lease +1m +default +1m");
    }

    @Test
    void whatDoesNotExistIsSaid() {
        assertThat(serai(settings, "runs", "show", "r_9").err()).startsWith("There is no run r_9;");
        assertThat(serai(settings, "runs", "show", "x9").err()).startsWith("\"x9\" is not an id");
        assertThat(serai(settings, "runs", "list", "--state", "ded").err()).contains("did you mean \"dead\"?");
    }

    private Database open() {
        return Database.open(Settings.read(Path.of("none"), Map.of(), settings));
    }

    private void aDeadRun() throws SQLException {
        execute("""
                INSERT INTO event (id, source, type, key, record, payload)
                  VALUES (80, 'hubspot', 'contact.created', 'k', 'contact:7', 'payload of the event');
                INSERT INTO open_run (id, event_id, flow, lane, state, step, reason, owner, finished_at)
                  VALUES (81, 80, 'lead-created', 'l', 'dead', 'enrol', 'address is missing', 'config', now());
                INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key)
                  VALUES (81, 'enrol', 'failed', 'mailchimp', 'upsert_member', 'idempotent', 'x');
                INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, reason, duration_ms)
                  VALUES (81, 'enrol', '2026-11-21 12:00:01Z', 1, 'PUT /', 5, 503, 'retry', 'answered 503', 12)""");
    }

    private void execute(String sql) throws SQLException {
        try (Database database = open();
                var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
