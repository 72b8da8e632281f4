package dev.serai.cli;

import static dev.serai.cli.Called.serai;
import static dev.serai.cli.Called.seraiWith;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.config.Settings;
import dev.serai.store.Database;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code resume}, {@code settle} and {@code discard}: what they do, refuse and say. */
class ByHandCommandsTest {
    private static final String WHY = "--why=mended";

    private Map<String, String> settings;

    @BeforeEach
    void freshDatabase() {
        settings = TestDatabase.fresh();
        dead(30);
    }

    @Test
    void nothingIsDoneUntilItIsSaidWhichRunsAndWhy() {
        assertRefused(resume(), "Which runs? Write serai dead-letters resume r_81");
        assertRefused(resume("r_1"), "--why is missing: say what was found or mended");
        assertRefused(resume("r_1", "--why= "), "--why is missing");
        assertRefused(resume("r_1", "--flow", "f", WHY), "Write runs or flags that choose them, not both");
        assertRefused(resume("--flow", "", "--since", "2h", WHY), "--flow is empty: write what is meant");
        assertRefused(resume("--state", "", "--flow", "f", WHY), "--state is empty");
        assertRefused(resume("x", WHY), "\"x\" is not an id; write r_81");
        assertRefused(resume("r_9999999999999999999", WHY), "\"r_9999999999999999999\" is not an id");
        assertRefused(resume("--owner", "confg", WHY), "--owner confg: no such owner; did you mean \"config\"?");
        assertRefused(resume("--since", "yesterday", WHY), "--since yesterday: not a time; write 2h (ago)");
        assertRefused(resume("--all", "--rate", "10", WHY), "--rate: \"10\" is not a rate; write 10/s");
        assertRefused(resume("--all", "--limit", "0", WHY), "--limit 0: a number from 1 to 100000 is needed");
        assertRefused(resume("--all", "--limit", "100001", WHY), "--limit 100001: a number from 1 to 100000");
        assertRefused(resume("--all", "--payload", "x.json", WHY), "--payload is for one run");
        assertRefused(resume("r_1", "--payload", "none.json", WHY), "--payload none.json: there is no such file");
        assertRefused(resume("r_1", "--patch", "[{]", WHY), "--patch: the patch is not JSON: line 1");
        assertRefused(resume("r_1", "--patch", "[]", "--payload", "x", WHY), "Write --patch or --payload, not both");
        assertRefused(
                resume("r_1", "--patch", "[{\"op\":\"drop\",\"path\":\"/a\"}]", WHY),
                "--patch: operation 1: \"op\" must be one of add, remove, replace, move, copy, test");
        var many = new ArrayList<>(List.of(WHY));
        for (int i = 1; i <= 1001; i++) {
            many.add("r_" + i);
        }
        assertRefused(resume(many.toArray(String[]::new)), "1001 runs are named; at most 1000 are taken");
        assertThat(column("SELECT DISTINCT state FROM open_run")).containsExactly("dead");
    }

    @Test
    void aDryRunShowsWhatWouldHappenAndChangesNothing() {
        Called tried = resume("--flow", "f", "--dry-run", "--patch", "[{\"op\":\"add\",\"path\":\"/c\",\"value\":1}]");

        assertThat(tried.code()).isZero();
        assertThat(tried.out())
                .startsWith("30 runs would be due again. Corrected in each payload: /c\n")
                .contains("runs  flow  step   oldest  newest", "30    f     enrol  r_1     r_30", "order N is refused");
        assertThat(column("SELECT DISTINCT state FROM open_run")).containsExactly("dead");
        assertThat(column("SELECT count(*) FROM audit")).containsExactly("0");
    }

    @Test
    void whichRecordRestsAndWhatWaitsForItIsShown() {
        sql(
                "UPDATE open_run SET holds = true, waits_for = 'rest', due_at = '2026-11-21T12:15:00Z', lane = 'f 31' WHERE id = 30");
        sql("INSERT INTO open_run (id, event_id, flow, lane, state) VALUES (31, 1, 'f', 'f 31', 'waiting')");

        assertThat(serai(settings, "dead-letters", "list", "--grouped").out())
                .contains("newest  resting", "r_30    1\n");
        assertThat(serai(settings, "runs", "show", "r_30").out())
                .contains("rests     its record failed so again and again; its next event is tried 2026-11-21 ");
        assertThat(serai(settings, "runs", "show", "r_31").out())
                .contains("behind    r_30 of the same record, which has to end first");
        assertThat(serai(settings, "runs", "show", "r_29").out()).doesNotContain("rests");
    }

    @Test
    void whatAPatchDoesNotFitIsNamedRunByRunAndTheExitCodeTells() throws IOException {
        sql("UPDATE event SET payload = 'a=1' WHERE id = 2");

        Called called = resume("r_1", "r_2", "--patch", "[{\"op\":\"remove\",\"path\":\"/n\"}]", "--json", WHY);

        assertThat(called.code()).isEqualTo(1);
        JsonNode said = new ObjectMapper().readTree(called.out());
        assertThat(said.path("resumed").toString()).isEqualTo("[\"r_1\"]");
        assertThat(said.path("refused").get(0).path("run").asText()).isEqualTo("r_2");
        assertThat(resume("r_2", "--patch", "[{\"op\":\"remove\",\"path\":\"/n\"}]", WHY)
                        .err())
                .startsWith("r_2: its payload can't be patched, it is not JSON: line 1, column ");
    }

    @Test
    void aWholePayloadComesFromAFileOrTheInput(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("new.json"), "{\"n\":2}");
        assertThat(resume("r_1", "--payload", file.toString(), WHY).code()).isZero();
        var words = new ArrayList<>(List.of("dead-letters", "resume", "r_2", "--payload", "-", WHY));
        settings.forEach((name, value) -> words.addAll(List.of("--set", name + "=" + value)));
        assertThat(seraiWith("{\"n\":3}", words.toArray(String[]::new)).code()).isZero();

        assertThat(column("SELECT convert_from(payload, 'UTF8') FROM open_run WHERE id <= 2 ORDER BY id"))
                .containsExactly("{\"n\":2}", "{\"n\":3}");
        assertThat(serai(settings, "runs", "show", "r_1").out())
                .contains("by hand   resume, " + System.getProperty("user.name"), "mended; payload corrected")
                .doesNotContain("{\"n\":2}");
        assertThat(serai(settings, "runs", "show", "r_1", "--payload").out())
                .contains("payload as it was corrected:\n{\"n\":2}", "payload, application/json:\n{\"n\":1}");
        Path large = Files.write(folder.resolve("large.json"), new byte[65 << 10]);
        assertRefused(
                resume("r_3", "--payload", large.toString(), "--http-max-body-kb", "64", WHY),
                "--payload " + large + ": more than ");
        assertThat(resume(
                                "r_3",
                                "--payload",
                                Files.writeString(folder.resolve("x"), "{").toString(),
                                WHY)
                        .err())
                .startsWith("r_3: the new payload is not JSON");
    }

    @Test
    void aPaceAndALimitAreTold() {
        Called called = resume("--all", "--limit", "10", "--rate", "1/m", WHY);

        assertThat(called.out())
                .startsWith("10 runs are due again, the last of them at ")
                .contains("20 more fit, beyond --limit 10; write the command again for them.");
        assertThat(column("SELECT count(*) FROM open_run WHERE waits_for = 'pace'"))
                .containsExactly("9");
        assertThat(resume("--flow", "g", WHY).out()).isEqualTo("Nothing to resume: no dead letter fits.\n");
    }

    @Test
    void whatWaitsForAPersonIsGroupedByWhatItFailedOf() throws IOException {
        sql("UPDATE open_run SET state = 'in_doubt', reason = 'no answer came' WHERE id = 7");

        assertThat(serai(settings, "dead-letters", "list", "--grouped").out())
                .contains("29    f     enrol  r_1     r_30", "order N is refused", "no answer came");
        Called json = serai(settings, "dead-letters", "list", "--grouped", "--json", "--state", "in_doubt");
        assertThat(new ObjectMapper().readTree(json.out()).get(0).path("oldest").asText())
                .isEqualTo("r_7");
    }

    @Test
    void discardedRunsAreGoneFromTheDeadLettersWithTheirReason() {
        Called called = serai(settings, "dead-letters", "discard", "r_1", "r_2", "r_99", "--why", "cancelled");

        assertThat(called.code()).isEqualTo(1);
        assertThat(called.out()).isEqualTo("2 runs are given up.\n");
        assertThat(called.err()).isEqualTo("r_99: there is no such run; see serai runs list.\n");
        assertThat(serai(settings, "runs", "show", "r_1").out())
                .contains("done", "given up by " + System.getProperty("user.name") + ": cancelled");
        assertThat(serai(settings, "dead-letters", "discard", "r_1", WHY).err())
                .isEqualTo("r_1: it is done; only dead runs and runs in doubt can be discarded.\n");
        assertThat(serai(settings, "runs", "discard", "--flow", "f", "--dry-run")
                        .out())
                .startsWith("28 runs would be given up.");
        assertThat(serai(settings, "runs", "discard", "--flow", "f", WHY).out()).isEqualTo("28 runs are given up.\n");
    }

    @Test
    void aDoubtIsShownWithItsEvidenceAndSettled(@TempDir Path folder) throws IOException {
        doubt(5);

        Called shown = serai(settings, "runs", "settle", "r_5");
        assertThat(shown.code()).isZero();
        assertThat(shown.out())
                .contains("r_5  f  in_doubt, claim 2")
                .contains("sent      slack/post_message (class once), idempotency key r_5:tell")
                .contains("attempt   POST /chat.postMessage at 2026-11-21 12:00:01Z, 55 bytes, no answer")
                .contains("look for  post_message in slack about contact:5")
                .contains("serai runs settle r_5 --done --seen 2 --why …");
        assertThat(column("SELECT state FROM open_run WHERE id = 5")).containsExactly("in_doubt");

        assertRefused(settle("r_5", "--done"), "--why is missing");
        assertRefused(settle("r_5", "--done", "--not-done", WHY), "Write --done or --not-done, not both.");
        assertRefused(settle("r_5", "--not-done", "--answer", "x", WHY), "--answer goes with --done");
        assertThat(settle("r_5", "--done", "--seen", "1", WHY).err())
                .startsWith("r_5 has moved since it was looked at; nothing was changed.");
        assertThat(settle("r_6", "--done", WHY).err())
                .startsWith(
                        "r_6 is dead, not in doubt; there is nothing to settle. Let it go on with serai dead-letters");
        assertThat(settle("r_99", "--done", WHY).err()).startsWith("There is no run r_99;");

        Path answer = Files.writeString(folder.resolve("answer.json"), "{\"ok\": true}");
        Called settled = settle("r_5", "--done", "--seen", "2", "--answer", answer.toString(), WHY);
        assertThat(settled.out()).contains("r_5 goes on behind step tell");
        assertThat(column("SELECT state || ' ' || convert_from(answer, 'UTF8') FROM step WHERE run_id = 5"))
                .containsExactly("succeeded {\"ok\":true}");
        assertThat(settle("r_5", "--done", WHY).err()).startsWith("r_5 is waiting, not in doubt;");
    }

    @Test
    void whatWasNotDoneIsSentAgain() throws IOException {
        doubt(5);

        Called settled = settle("r_5", "--not-done", "--json", WHY);

        JsonNode said = new ObjectMapper().readTree(settled.out());
        assertThat(said.path("settled").asText()).isEqualTo("not_done");
        assertThat(said.path("idempotency_key").asText()).isEqualTo("r_5:tell");
        assertThat(column("SELECT s.state || ' ' || r.state FROM step s JOIN open_run r ON r.id = s.run_id"))
                .containsExactly("failed waiting");
    }

    @Test
    void runsThatWaitAreCancelledByAFilterAndDeadOnesAreLeftAlone() {
        sql("UPDATE open_run SET state = 'waiting', finished_at = NULL, reason = 'no turn yet' WHERE id <= 20");
        assertRefused(serai(settings, "runs", "cancel", WHY), "Which runs? Write serai runs cancel r_81");
        assertRefused(serai(settings, "runs", "cancel", "--flow", "f"), "--why is missing");

        Called tried = serai(settings, "runs", "cancel", "--flow", "f", "--dry-run");
        assertThat(tried.out())
                .startsWith("20 runs would be given up.")
                .contains("runs  flow  waits for", "its turn", "no turn yet");
        assertThat(column("SELECT count(*) FROM open_run WHERE state = 'waiting'"))
                .containsExactly("20");

        assertThat(serai(settings, "runs", "cancel", "--flow", "f", WHY).out()).isEqualTo("20 runs are given up.\n");
        Called left = serai(settings, "runs", "cancel", "r_30", WHY);

        assertThat(left.code()).isEqualTo(1);
        assertThat(left.err()).isEqualTo("r_30: it is dead; only runs that wait can be cancelled.\n");
        assertThat(column("SELECT DISTINCT state FROM open_run")).containsExactly("dead");
        assertThat(column("SELECT DISTINCT what FROM audit")).containsExactly("cancel");
    }

    @Test
    void eventsGoThroughAFlowAgainWhichMayHaveComeLater(@TempDir Path folder) throws IOException {
        var files = new TestFolders(folder).flow("later", """
                - route:
                    id: later
                    routeConfigurationId: write
                    from:
                      uri: event:t
                      steps:
                        - log: { id: said, message: again }
                """);
        settings = new HashMap<>(settings);
        settings.putAll(files.settings());
        sql("SELECT setval('run_number', 1000)");
        assertRefused(serai(settings, "replay", "--flow", "later", WHY), "Which events? Write their receipts");
        assertRefused(serai(settings, "replay", "e_1", "--since", "2h", "--flow", "later", WHY), "Write receipts or");
        assertThat(serai(settings, "replay", "e_1", "--flow", "latter", WHY).err())
                .contains("did you mean \"later\"?");

        assertThat(serai(settings, "replay", "--since", "2h", "--flow", "later", "--dry-run")
                        .out())
                .startsWith("30 events would go through later again.");
        Called done = serai(settings, "replay", "e_1", "2", "--flow", "later", WHY);

        assertThat(done.out()).matches("2 events go through later again, as r_\\d+ to r_\\d+\\.\n");
        assertThat(column("SELECT event_id FROM open_run WHERE flow = 'later' AND state = 'waiting' ORDER BY 1"))
                .containsExactly("1", "2");
        assertThat(serai(settings, "replay", "e_1", "--flow", "later", WHY).out())
                .contains("Nothing to replay", "1 left alone: their run of this flow is not done yet");
    }

    private Called resume(String... words) {
        return serai(settings, with(new String[] {"dead-letters", "resume"}, words));
    }

    private Called settle(String... words) {
        return serai(settings, with(new String[] {"runs", "settle"}, words));
    }

    private static String[] with(String[] command, String[] words) {
        var all = new ArrayList<>(List.of(command));
        all.addAll(List.of(words));
        return all.toArray(String[]::new);
    }

    private static void assertRefused(Called called, String why) {
        assertThat(called.code()).as(called.err()).isEqualTo(2);
        assertThat(called.err()).startsWith(why);
    }

    private void dead(int n) {
        sql(
                "INSERT INTO event (id, source, type, key, record, payload) SELECT i, 'crm', 't', 'k' || i, 'contact:' || i,"
                        + " '{\"n\":1}' FROM generate_series(1, " + n + ") i");
        sql("INSERT INTO open_run (id, event_id, flow, lane, state, holds, step, reason, owner, finished_at)"
                + " SELECT i, i, 'f', 'f ' || i, 'dead', false, 'enrol', 'order ' || i || ' is refused', 'config', now()"
                + " FROM generate_series(1, " + n + ") i");
    }

    private void doubt(int id) {
        sql("UPDATE open_run SET state = 'in_doubt', holds = true, claims = 2, step = 'tell' WHERE id = " + id);
        sql("INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key) VALUES (" + id
                + ", 'tell', 'intended', 'slack', 'post_message', 'once', 'r_" + id + ":tell')");
        sql(
                "INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, reason, duration_ms)"
                        + " VALUES (" + id
                        + ", 'tell', '2026-11-21 12:00:01Z', 1, 'POST /chat.postMessage', 55, NULL, 'retry',"
                        + " 'reset', 12)");
    }

    private List<String> column(String sql) {
        try (Database database = open()) {
            return TestDatabase.column(database.dataSource(), sql);
        }
    }

    private void sql(String sql) {
        try (Database database = open();
                var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Database open() {
        return Database.open(Settings.read(Path.of("none"), Map.of(), settings));
    }
}
