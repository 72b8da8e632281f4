package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import dev.serai.store.History;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which event of a record each of two systems has, and what mends the one that is behind. */
class SystemsTest {
    @TempDir
    private static Path folder;

    private static TestHub hub;
    private static final Map<String, String> TOKENS = new HashMap<>();

    @BeforeAll
    static void start() throws SQLException {
        var files = new TestFolders(folder)
                .mapping("crm/person-to-member.yaml", """
                mapping: crm/person-to-member
                description: A contact becomes a member of the audience
                from: any
                fields:
                  email_address: { from: properties.email, do: [trim, lower], required: true }
                  status_if_new: { value: subscribed }
                """)
                .flow("spread", """
                - route:
                    id: spread
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: member, uri: "mapping:crm/person-to-member" }
                        - to: { id: enrol, uri: "connector:mailchimp/upsert_member?list=spread" }
                        - setBody: { id: words, simple: '{"channel":"sales","text":"a contact"}' }
                        - to: { id: look, uri: "connector:slack/channels" }
                        - setBody: { id: words-again, simple: '{"channel":"sales","text":"a contact"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                """);
        hub = TestHub.with(files.settings("serai.retry.attempts", "0"));
        var tokens = new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system());
        for (String role : new String[] {"viewer", "operator"}) {
            TOKENS.put(
                    role,
                    tokens.create("a-" + role, role, Optional.empty(), new ByHand("ada", "a test"))
                            .orElseThrow());
        }
        // from here on the read is answered from what was kept, and faults meet the writes
        becomes(tells("first", 1), "done");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void everybodyIsWell() {
        hub.simulator().clearFaults("slack");
        hub.simulator().clearFaults("mailchimp");
    }

    private static Map<String, String> by(String role) {
        return Map.of("Authorization", "Bearer " + TOKENS.get(role));
    }

    /** @param second of its version @return its receipt */
    private static String tells(String id, int second) {
        return hub.crm("{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:0" + second
                        + "Z\",\"properties\":{\"email\":\"" + id + "@example.com\"}}")
                .body()
                .path("receipt")
                .asText();
    }

    private static JsonNode systems(String who, String role) {
        String path = "/api/v1/systems?q=" + URLEncoder.encode(who, StandardCharsets.UTF_8);
        var reply = unlessItTookTooLong(() -> hub.get(path, by(role)));
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    /** What a connection has of a contact. */
    private static JsonNode row(String id, String connection) {
        for (JsonNode row : systems("contact:" + id, "operator").at("/records/0/systems")) {
            if (row.path("connection").asText().equals(connection)) {
                return row;
            }
        }
        throw new AssertionError("nothing is told of " + connection);
    }

    private static String has(String id, String connection) {
        JsonNode row = row(id, connection);
        return row.path("state").asText() + " " + row.at("/wrote/receipt").asText("-");
    }

    private static TestHub.Reply repair(String id, String repair, String more) {
        String body = "{\"q\":\"contact:" + id + "\",\"repair\":\"" + repair + "\"," + more + "}";
        return unlessItTookTooLong(
                () -> hub.post("/api/v1/systems/repair", body.getBytes(StandardCharsets.UTF_8), by("operator")));
    }

    /** A slow machine may find less within the time that people have. */
    private static TestHub.Reply unlessItTookTooLong(Callable<TestHub.Reply> asked) {
        return await().until(
                        asked,
                        reply -> !reply.body().path("detail").asText().startsWith("that is too much to look through"));
    }

    private static String repairs(String id, String connection) {
        return row(id, connection).at("/repair/repair").asText("none");
    }

    private static void becomes(String receipt, String state) {
        await(receipt)
                .atMost(Duration.ofSeconds(60))
                .until(() -> run(receipt).state().equals(state));
    }

    private static History.Run run(String receipt) {
        Predicate<History.Run> its = run -> run.event().receipt().equals(receipt);
        return hub.runs("waiting", "claimed", "done", "dead", "in_doubt").stream()
                .filter(its)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theSystemThatRefusedIsBehindWithItsDeadRunAndCurrentOnceThatWasResumed() {
        String first = tells("two", 1);
        becomes(first, "done");
        assertThat(has("two", "mailchimp")).isEqualTo("current " + first);
        assertThat(has("two", "slack")).isEqualTo("current " + first);

        hub.simulator().fault("slack", Fault.status(400).times(1));
        String second = tells("two", 2);
        becomes(second, "dead");

        assertThat(has("two", "mailchimp")).as("this half was done").isEqualTo("current " + second);
        JsonNode behind = row("two", "slack");
        assertThat(behind.path("state").asText()).isEqualTo("behind");
        assertThat(behind.at("/wrote/receipt").asText()).isEqualTo(first);
        assertThat(behind.at("/wrote/version").asText()).isEqualTo("2026-11-21T10:00:01Z");
        assertThat(behind.at("/newest/version").asText()).isEqualTo("2026-11-21T10:00:02Z");
        String dead = run(second).name();
        assertThat(behind.at("/run/run").asText()).isEqualTo(dead);
        assertThat(behind.at("/run/state").asText()).isEqualTo("dead");
        assertThat(behind.path("words").asText()).isEqualTo(dead + " of " + second + " is dead");
        assertThat(systems("contact:two", "operator").at("/records/0/systems"))
                .as("reads are no writes")
                .hasSize(2);

        String mend = behind.at("/repair/repair").asText();
        assertThat(mend).isEqualTo("resume:" + dead);
        assertThat(repair("two", mend, "\"dry_run\":true")
                        .body()
                        .at("/systems/0/connection")
                        .asText())
                .isEqualTo("slack");
        assertThat(run(second).state()).as("it was only looked at").isEqualTo("dead");
        assertThat(repair("two", mend, "\"dry_run\":false")
                        .body()
                        .path("detail")
                        .asText())
                .contains("\"why\" is missing");
        assertThat(repair("two", mend, "\"why\":\"they take it now\"").status()).isEqualTo(200);
        becomes(second, "done");
        assertThat(has("two", "slack")).isEqualTo("current " + second);
        assertThat(repair("two", mend, "\"why\":\"once more\"").status())
                .as("it is mended")
                .isEqualTo(409);
    }

    @Test
    void whatANewerEventHasOvertakenSinceTheLookIsNotWrittenAnyMore() {
        hub.simulator().fault("slack", Fault.status(400).times(1));
        String first = tells("late", 1);
        becomes(first, "dead");
        String mend = repairs("late", "slack");
        assertThat(mend).isEqualTo("resume:" + run(first).name());

        String second = tells("late", 2);
        becomes(second, "done");
        var refused = repair("late", mend, "\"why\":\"they take it now\"");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("detail").asText()).contains("nothing was changed. Look again");
        assertThat(run(first).state()).isEqualTo("dead");
        assertThat(has("late", "slack")).isEqualTo("current " + second);
        assertThat(row("late", "slack").at("/older_dead/0").asText())
                .isEqualTo(run(first).name());
    }

    @Test
    void whatWasWrittenOverByAnOlderEventIsReplayed() {
        hub.simulator().fault("slack", Fault.status(400).times(1));
        String first = tells("over", 1);
        becomes(first, "dead");
        String second = tells("over", 2);
        becomes(second, "done");
        assertThat(hub.resume(run(first).id())).as("by who does not look").isTrue();
        becomes(first, "done");

        JsonNode row = row("over", "slack");

        assertThat(row.path("state").asText()).isEqualTo("behind");
        assertThat(row.at("/wrote/receipt").asText()).isEqualTo(first);
        assertThat(row.path("words").asText()).isEqualTo(run(first).name() + " wrote " + first + " over it later");
        String mend = row.at("/repair/repair").asText();
        assertThat(mend).isEqualTo("replay:" + second + ":spread");
        var ordered = repair("over", mend, "\"why\":\"it was old\"");
        assertThat(ordered.body().path("runs")).hasSize(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> has("over", "slack").equals("current " + second));
        assertThat(repairs("over", "slack")).isEqualTo("none");
    }

    @Test
    void anOlderVersionThatCameTooLateIsNotTheNewest() {
        String newer = tells("stale", 2);
        becomes(newer, "done");
        String older = tells("stale", 1);
        becomes(older, "done");

        assertThat(run(older).reason()).contains("a newer version");
        assertThat(has("stale", "slack")).isEqualTo("current " + newer);
        assertThat(row("stale", "slack").at("/newest/receipt").asText()).isEqualTo(newer);
        assertThat(repairs("stale", "slack")).isEqualTo("none");
        assertThat(repair("stale", "replay:" + older + ":spread", "\"why\":\"x\"")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void whatIsInDoubtIsSettledByWhatWasFoundThere() {
        hub.simulator().fault("slack", Fault.drop().times(1));
        String event = tells("doubt", 1);
        becomes(event, "in_doubt");

        JsonNode row = row("doubt", "slack");
        assertThat(row.path("state").asText()).isEqualTo("in_doubt");
        String mend = row.at("/repair/repair").asText();
        assertThat(mend).startsWith("settle:" + run(event).name() + ":");
        assertThat(repair("doubt", mend, "\"why\":\"x\"").body().path("detail").asText())
                .contains("look at slack for post_message with the key");
        assertThat(repair("doubt", mend + "7", "\"outcome\":\"done\",\"why\":\"x\"")
                        .status())
                .as("another claim")
                .isEqualTo(409);
        assertThat(repair("doubt", mend, "\"outcome\":\"not_done\",\"why\":\"it is not there\"")
                        .status())
                .isEqualTo(200);
        becomes(event, "done");
        assertThat(has("doubt", "slack")).isEqualTo("current " + event);
    }

    @Test
    void whatWasGivenUpIsReplayed() {
        hub.simulator().fault("slack", Fault.status(400).times(1));
        String event = tells("given", 1);
        becomes(event, "dead");
        String body = "{\"runs\":[\"" + run(event).name() + "\"],\"why\":\"a slip\"}";
        hub.post("/api/v1/runs/discard", body.getBytes(StandardCharsets.UTF_8), by("operator"));

        assertThat(has("given", "slack")).isEqualTo("never_written -");
        String mend = repairs("given", "slack");
        assertThat(mend).isEqualTo("replay:" + event + ":spread");
        assertThat(repair("given", mend, "\"why\":\"it was right\"").status()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60)).until(() -> has("given", "slack").equals("current " + event));
    }

    @Test
    void whatWaitsForAConnectionGoesOnWithIt() {
        hub.simulator().fault("mailchimp", Fault.status(401).times(1));
        String event = tells("parked", 1);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> repairs("parked", "mailchimp").equals("connection:mailchimp"));

        assertThat(has("parked", "mailchimp")).isEqualTo("never_written -");
        assertThat(row("parked", "mailchimp").path("words").asText()).contains("waits for mailchimp/*");
        assertThat(repair("parked", "connection:mailchimp", "\"dry_run\":true")
                        .body()
                        .path("systems"))
                .as("it holds up both")
                .hasSize(2);
        assertThat(repair("parked", "connection:mailchimp", "\"why\":\"a new key\"")
                        .status())
                .isEqualTo(200);
        becomes(event, "done");
        assertThat(has("parked", "mailchimp")).isEqualTo("current " + event);
    }

    @Test
    void aPersonIsFoundByWhatRecognisesHerAndAViewerSeesNobody() {
        becomes(tells("ada", 1), "done");
        hub.column("UPDATE event SET record = 'contact:ada@example.com' WHERE record = 'contact:ada' RETURNING 1");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        systems("ada@example.com", "operator").path("records").size() == 1);

        assertThat(systems("contact:ada@example.com", "operator")
                        .at("/records/0/systems/0/state")
                        .asText())
                .isEqualTo("current");
        assertThat(systems("ada@example.com", "viewer").toString())
                .contains("contact:a***")
                .doesNotContain("ada@example.com");
    }

    @Test
    void whatAStepWroteElsewhereBeforeIsNotTakenForWhatItWritesNow() {
        String event = tells("moved", 1);
        becomes(event, "done");
        hub.column("UPDATE step SET connection = 'brevo' WHERE connection = 'mailchimp' AND run_id = "
                + run(event).id() + " RETURNING 1");

        assertThat(has("moved", "brevo")).isEqualTo("current " + event);
        assertThat(has("moved", "mailchimp")).isEqualTo("never_written -");
        assertThat(row("moved", "mailchimp").path("words").asText())
                .isEqualTo(run(event).name() + " of " + event + " is done, and had nothing to write there");
        assertThat(repairs("moved", "mailchimp")).isEqualTo("none");
    }

    @Test
    void ofALongHistoryTheNewestEventsAreLookedAtAndThatIsSaid() throws SQLException {
        String event = tells("long", 1);
        becomes(event, "done");
        hub.column("INSERT INTO event (source, type, key, record, payload)"
                + " SELECT 'crm', 'note', 'note' || n, 'contact:long', '{}' FROM generate_series(1, 49) n RETURNING 1");
        JsonNode all = systems("contact:long", "operator").at("/records/0");
        assertThat(all.path("all_events").asBoolean()).isTrue();
        assertThat(has("long", "slack")).as("notes are no events of this flow").isEqualTo("current " + event);

        hub.column("INSERT INTO event (source, type, key, record, payload)"
                + " VALUES ('crm', 'contact.updated', 'n', 'contact:long', '{}') RETURNING 1");
        JsonNode some = systems("contact:long", "operator").at("/records/0");

        assertThat(some.path("all_events").asBoolean()).isFalse();
        assertThat(some.path("events").asInt()).isEqualTo(50);
        assertThat(row("long", "slack").path("words").asText()).contains("made no run of this flow");
        assertThat(repairs("long", "slack")).startsWith("replay:e_");
    }
}
