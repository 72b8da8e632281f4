package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestHub;
import dev.serai.api.Role;
import dev.serai.console.Guest.Seen;
import dev.serai.simulator.Fault;
import dev.serai.store.FlowSwitches.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runs and events by the buttons of the console; and a dead run as a test. */
class ByHandPagesTest {
    @TempDir
    private static Path folder;

    private static ConsoleHub hub;

    @BeforeAll
    static void start() throws SQLException {
        hub = new ConsoleHub(folder, Map.of("serai.history.evidence", "all"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Guest guest(Role role) {
        return new Guest(hub.hub().url("")).login(hub.token(role));
    }

    private static void sql(String sql) throws SQLException {
        try (var connection = hub.hub().wiring().database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void runsThatWaitAreCancelledAfterALookAndTheirEventsReplayed() {
        // what another test has ordered last would wait here as well
        await().pollDelay(Duration.ZERO)
                .until(() -> hub.hub().runs("waiting", "claimed").isEmpty());
        Guest operator = guest(Role.OPERATOR);
        String flow = "/flows/enrol-contact";
        operator.submit(flow, "form[action$=switch]", "state", "paused", "why", "they move house");
        await().until(() -> hub.hub().wiring().hub().flowState("enrol-contact") == State.PAUSED);
        hub.contact("cancelled-1", "subscribed");
        hub.contact("cancelled-2", "subscribed");

        Seen list = operator.get("/runs?state=waiting&flow=enrol-contact");
        String link = list.page().selectFirst("a[href^=/runs/waiting]").attr("href");
        Seen look = operator.get(link);
        assertThat(look.text()).contains("Runs that wait 2", "their turn", "Cancel 2 runs");
        hub.contact("came-since", "subscribed");
        Seen done = operator.submit(look, "form[action=/runs/waiting]", "why", "sent by mistake");
        assertThat(operator.get(done.location()).text()).contains("2 cancelled", "Runs that wait 1");
        assertThat(hub.state("came-since")).as("nobody was shown it").isEqualTo("waiting");
        assertThat(hub.state("cancelled-1")).isEqualTo("done");

        operator.submit(flow, "form[action$=switch]", "state", "on", "why", "they are there");
        await().until(() -> hub.hub().wiring().hub().flowState("enrol-contact") == State.ON);
        Seen tried = operator.submit(
                "/events/replay",
                "form[action=/events/replay]",
                "flow",
                "enrol-contact",
                "record",
                "contact:cancelled-1",
                "deed",
                "try");
        assertThat(tried.text())
                .contains("1 would go through enrol-contact", "1 of the first 500 went through it before");
        Seen replayed = operator.submit(
                tried, "form[action=/events/replay]", "why", "it was right after all", "deed", "replay");
        assertThat(replayed.status())
                .as("whoever loads the page anew replays nothing")
                .isEqualTo(303);
        assertThat(operator.get(replayed.location()).text()).contains("1 replayed");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.hub().simulator().records("mailchimp", "members").stream()
                        .anyMatch(
                                member -> member.path("email_address").asText().equals("cancelled-1@example.com")));
        assertThat(operator.get("/audit").text()).contains("cancel", "replay", "it was right after all");

        String runs = "SELECT count(*) FROM run JOIN event ON event.id = event_id WHERE record = 'contact:cancelled-1'";
        await().atMost(Duration.ofSeconds(60)).until(() -> hub.hub().runs("waiting", "claimed").stream()
                .noneMatch(run -> run.event().record().equals("contact:cancelled-1")));
        Seen twice =
                operator.submit(tried, "form[action=/events/replay]", "why", "sent a second time", "deed", "replay");
        assertThat(operator.get(twice.location()).text())
                .contains("0 replayed", "1 were left alone: they were replayed since you looked");
        assertThat(hub.hub().column(runs)).containsExactly("2");
    }

    @Test
    void manyEventsGoThroughAgainOnlyWhereTheConnectionsWork() throws SQLException {
        hub.contact("replayed-later", "subscribed");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.state("replayed-later").equals("done"));
        String token = hub.token(Role.OPERATOR);
        hub.hub().simulator().fault("mailchimp", Fault.status(404));
        Seen tried = guest(Role.OPERATOR)
                .submit(
                        "/events/replay",
                        "form[action=/events/replay]",
                        "flow",
                        "enrol-contact",
                        "record",
                        "contact:replayed-later",
                        "deed",
                        "try");
        assertThat(tried.text()).contains("1 would go through", "mailchimp does not work now: mailchimp answered 404");

        String order = "{\"flow\":\"enrol-contact\",\"filter\":{\"record\":\"contact:replayed-later\"},\"why\":\"x\"";
        TestHub.Reply refused = replay(token, order + "}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().toString())
                .contains("connection_fails", "nothing was replayed: mailchimp, which enrol-contact calls");
        TestHub.Reply anyway = replay(token, order + ",\"anyway\":true}");
        assertThat(anyway.body().path("replayed").asInt())
                .as(anyway.body().toString())
                .isEqualTo(1);
        assertThat(anyway.body().at("/failing/0/connection").asText()).isEqualTo("mailchimp");

        hub.hub().simulator().clearFaults("mailchimp");
        assertThat(replay(token, order + "}").body().path("failing")).isEmpty();
    }

    private static TestHub.Reply replay(String token, String order) {
        return hub.hub()
                .post(
                        "/api/v1/events/replay",
                        order.getBytes(),
                        Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"));
    }

    @Test
    void aSystemThatIsBehindIsMendedByAButtonAfterALookUnlessItHasMoved() {
        String run = hub.dead("wryneck");
        Guest operator = guest(Role.OPERATOR);
        String at = "/search?q=contact%3Awryneck";
        Seen search = operator.get(at);
        assertThat(search.page().selectFirst("#systems").text())
                .contains("contact:wryneck", "mailchimp upsert_member", "never written", run + " of e_", "is dead");
        Seen tried = operator.submit(search, "#systems form[action=/systems]", "deed", "try");
        assertThat(tried.text()).contains("Nothing was changed yet", run + " goes on where it failed");
        assertThat(hub.state("wryneck")).isEqualTo("dead");
        assertThat(guest(Role.VIEWER).get(at).page().select("#systems form")).isEmpty();
        assertThat(guest(Role.VIEWER).get(at).text()).contains("never written");

        Seen discarded = operator.submit("/runs/" + run, "form[action$=discard]", "why", "a slip");
        assertThat(discarded.status()).isEqualTo(303);
        Seen refused = operator.submit(tried, ".told form", "why", "they take it", "deed", "repair");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("asks for no such repair now; nothing was changed", "Replay e_");
        Seen again = operator.submit(refused, "form.mend", "deed", "try");
        Seen done = operator.submit(again, ".told form", "why", "it was right", "deed", "repair");
        assertThat(done.text()).contains("Ordered", "goes through enrol-contact as a new run");
        assertThat(operator.get("/audit").text()).contains("replay", "it was right");
    }

    @Test
    void whenTheDatabaseIsLostNobodyIsToldThatNothingWasDone() throws SQLException {
        String run = hub.dead("lost");
        Guest operator = guest(Role.OPERATOR);
        Seen page = operator.get("/runs/" + run);
        sql("ALTER TABLE audit RENAME TO audit_away");
        try {
            Seen lost = operator.submit(page, "form[action$=discard]", "why", "not needed");
            var byApi = hub.hub()
                    .post(
                            "/api/v1/runs/discard",
                            ("{\"runs\":[\"" + run + "\"],\"why\":\"x\"}").getBytes(StandardCharsets.UTF_8),
                            Map.of("Authorization", "Bearer " + hub.token(Role.OPERATOR)));

            assertThat(lost.status()).isEqualTo(503);
            assertThat(lost.text())
                    .contains("may have been done, or part of it: look at the audit")
                    .doesNotContain("Nothing was changed");
            assertThat(byApi.status()).isEqualTo(503);
            assertThat(byApi.body().path("detail").asText()).contains("may have been done, or part of it");
            assertThat(operator.get("/audit").text()).contains("Try again in a moment");
        } finally {
            sql("ALTER TABLE audit_away RENAME TO audit");
        }
    }

    @Test
    void aDeadRunIsShownAsATestToOperatorsOnly() {
        String run = hub.dead("goldcrest");

        Seen capsule = guest(Role.OPERATOR).get("/runs/" + run + "/capsule");

        assertThat(guest(Role.OPERATOR).get("/runs/" + run).page().select("a[href=/runs/" + run + "/capsule]"))
                .hasSize(1);
        assertThat(capsule.text()).contains("It died at enrol", "upsert_member").doesNotContain("goldcrest@");
        assertThat(guest(Role.VIEWER).get("/runs/" + run + "/capsule").status()).isEqualTo(403);

        String told = guest(Role.OPERATOR)
                .get("/runs/" + run)
                .page()
                .select(".timeline .attempt details pre")
                .text();
        assertThat(told)
                .contains("\"request\"", "\"answer\"", "\"status\" : 400")
                .doesNotContain("goldcrest@");
    }

    @Test
    void aDoneRunShowsEachAttemptWithWhatItSentAndWasAnsweredAndAViewerNobodyInIt() throws SQLException {
        hub.hub().simulator().fault("mailchimp", Fault.status(500).times(1));
        hub.contact("waxwing", "subscribed");
        String run = hub.ends("waxwing", "done");

        var told = guest(Role.OPERATOR).get("/runs/" + run).page().select(".timeline .attempt details");
        assertThat(told).hasSize(2);
        assertThat(told.get(0).text()).contains("with other people in place of yours", "\"status\" : 500");
        assertThat(told.get(1).text())
                .contains("\"status_if_new\"", "@example.com", "\"status\" : 200")
                .doesNotContain("waxwing");
        assertThat(guest(Role.OPERATOR)
                        .get("/runs/" + run)
                        .page()
                        .select(".timeline .attempt details")
                        .text())
                .as("the same others each time")
                .isEqualTo(told.text());
        Seen plain = guest(Role.OPERATOR).get("/runs/" + run + "?calls=show");
        assertThat(plain.page().select(".timeline .attempt details").text()).contains("waxwing@example.com");
        assertThat(guest(Role.OPERATOR).get("/audit").text()).contains("saw the payload of " + run);

        Seen seen = guest(Role.VIEWER).get("/runs/" + run + "?calls=show");
        assertThat(seen.page().select(".timeline .attempt details").text())
                .contains("without the people in it", "\"email_address\" : ", "***", "\"status\" : 200")
                .doesNotContain("@example.com", "waxwing");

        String address = "/runs/" + run + "/capsule";
        assertThat(guest(Role.OPERATOR)
                        .get("/runs/" + run)
                        .page()
                        .select("a[href=" + address + "]")
                        .text())
                .isEqualTo("As a test of what it did");
        assertThat(guest(Role.OPERATOR).get(address).text())
                .contains("sends what it sent", "upsert_member")
                .doesNotContain("It died", "waxwing@");

        execute("UPDATE done_run SET evidence = NULL");
        assertThat(guest(Role.VIEWER).get("/runs/" + run).text())
                .contains("is not kept; the setting serai.history.evidence, all at present, says");
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = hub.hub().wiring().database().dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
