package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.api.ApiParts;
import dev.serai.simulator.Fault;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of which runs that are done it is kept what they sent and were answered. */
class KeepingTest {
    @TempDir
    private Path folder;

    private TestHub hub(String evidence) {
        var files = new TestFolders(folder).flow("tell-and-enrol", """
                - route:
                    id: tell-and-enrol
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - setBody: { id: words, simple: '{"channel":"sales","text":"${body[properties][email]} is there"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                        - setBody: { id: member, simple: '{"email_address":"member@example.org","status_if_new":"subscribed"}' }
                        - to: { id: enrol, uri: "connector:mailchimp/upsert_member?list=kept" }
                """);
        return TestHub.with(files.settings(
                "serai.history.evidence", evidence, "serai.retry.quick-attempts", "0", "serai.retry.first", "10ms"));
    }

    /** @return its run */
    private static String done(TestHub hub, String id) {
        hub.crm("{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":{\"email\":\"" + id
                + "@example.com\"}}");
        return await(id)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> hub.runs("done").stream()
                                .filter(run -> run.event().record().equals("contact:" + id))
                                .map(run -> run.name())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** A contact that is enrolled at the second attempt, by another claim. */
    private static String doneAtLast(TestHub hub, String id) {
        hub.simulator()
                .fault(
                        "mailchimp",
                        Fault.status(500)
                                .body("application/json", "{\"detail\":\"ask grace.finch@example.org\"}")
                                .times(1));
        return done(hub, id);
    }

    private static List<String> kept(TestHub hub) {
        return hub.column("SELECT e.record FROM done_run r JOIN event e ON e.id = r.event_id"
                + " WHERE r.evidence IS NOT NULL ORDER BY 1");
    }

    private static JsonNode told(TestHub hub, String run) throws SQLException {
        String token = new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system())
                .create("for-" + run.replace('_', '-'), "operator", Optional.empty(), new ByHand("ada", "a test"))
                .orElseThrow();
        return hub.get("/api/v1/runs/" + run, Map.of("Authorization", "Bearer " + token))
                .body();
    }

    @Test
    void byDefaultThoseAreKeptThatDidNotGetThroughAtOnceAndOneOfEachFlowInAMinute() throws SQLException {
        try (var hub = hub("sampled")) {
            done(hub, "first");
            String second = done(hub, "second");
            doneAtLast(hub, "third");

            assertThat(kept(hub)).containsExactly("contact:first", "contact:third");
            JsonNode evidence = told(hub, second).path("evidence");
            assertThat(evidence.path("kept").asBoolean()).isFalse();
            assertThat(evidence.path("note").asText())
                    .contains("is not kept; the setting serai.history.evidence, sampled at present");
        }
    }

    @Test
    void ofAllRunsEachAttemptOfEachClaimIsKeptWithoutSecretsAndWhoStandsInItIsFoundAndForgotten() throws SQLException {
        try (var hub = hub("all")) {
            done(hub, "first");
            String run = doneAtLast(hub, "second");

            assertThat(kept(hub)).containsExactly("contact:first", "contact:second");
            assertThat(hub.column("SELECT convert_from(evidence, 'UTF8') FROM done_run"))
                    .allMatch(kept -> !kept.contains(hub.simulator().secret("slack"))
                            && !kept.contains(hub.simulator().secret("mailchimp")));
            JsonNode told = told(hub, run);
            assertThat(told.at("/evidence/note").isNull())
                    .as(told.toPrettyString())
                    .isTrue();
            assertThat(StreamSupport.stream(told.path("attempts").spliterator(), false))
                    .extracting(each -> each.path("step").asText() + " "
                            + each.at("/request/method").asText() + " "
                            + each.at("/answer/status").asText())
                    .containsExactly("tell POST 200", "enrol PUT 500", "enrol PUT 200");
            assertThat(told.at("/attempts/0/request/body/channel").asText()).isEqualTo("sales");
            assertThat(told.findValues("request").toString()
                            + told.findValues("answer").toString())
                    .contains("chat.postMessage", "subscribed")
                    .doesNotContain("second@", "grace.finch", "member@");

            var people = ApiParts.people(hub.wiring().database().dataSource(), InstantSource.system());
            assertThat(people.find("grace.finch@example.org", Long.MAX_VALUE, 10)
                            .events())
                    .as("she stands in an answer that the flow got nothing of")
                    .hasSize(1);
            var erasures = people.erasures();
            long id = erasures.begin(List.of("grace.finch@example.org"), new ByHand("dpo", "asked for"));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> erasures.goOn(id).certificate().isPresent());
            assertThat(kept(hub)).containsExactly("contact:first");
        }
    }

    @Test
    void ofNoneNothingIsKeptNorOfItsClaimThatFailed() {
        try (var hub = hub("none")) {
            doneAtLast(hub, "first");

            assertThat(kept(hub)).isEmpty();
        }
    }

    @Test
    void whileNobodyCanNoteWhomItTellsOfNothingOfItIsKeptAndThenBoth() throws SQLException {
        try (var hub = hub("all");
                var logs = new LogCapture()) {
            execute(
                    hub,
                    "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'away'; END $$");
            execute(hub, "CREATE TRIGGER away BEFORE INSERT ON identifier FOR EACH ROW EXECUTE FUNCTION away()");
            hub.simulator()
                    .fault(
                            "mailchimp",
                            Fault.status(400)
                                    .body("application/json", "{\"detail\":\"ask grace.finch@example.org\"}")
                                    .times(1));
            hub.crm(
                    "{\"id\":\"first\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":{\"email\":\"f@example.com\"}}");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> logs.lines().stream().anyMatch(line -> line.contains("run.outcome_not_stored")));

            assertThat(hub.column("SELECT count(*) FROM open_run WHERE evidence IS NOT NULL"))
                    .containsExactly("0");
            assertThat(hub.runs("claimed")).hasSize(1);

            execute(hub, "DROP TRIGGER away ON identifier");
            await().atMost(Duration.ofSeconds(60)).until(() -> hub.runs("dead").size() == 1);
            assertThat(hub.column("SELECT count(*) FROM open_run WHERE evidence IS NOT NULL"))
                    .containsExactly("1");
            var people = ApiParts.people(hub.wiring().database().dataSource(), InstantSource.system());
            assertThat(people.find("grace.finch@example.org", Long.MAX_VALUE, 10)
                            .events())
                    .hasSize(1);
        }
    }

    private static void execute(TestHub hub, String sql) throws SQLException {
        try (var connection = hub.wiring().database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
