package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.cli.CommandsOnHub;
import dev.serai.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A poll that is cut off goes on where the last stored page ended. */
class StreamPollTest {
    private static final int CONTACTS = 300;

    @Test
    void aPollThatFailsInTheMiddleKeepsItsFirstPageAndTheNextOneBringsTheRestOnce(@TempDir Path folder)
            throws IOException {
        // the limit of one call is this test's: a hub that had learned it would keep to it
        String hubspot = Files.readString(Path.of("mappings/hubspot/connector.yaml"))
                .replaceAll("(?m)^ +headers: \\{ limit: .*$", "");
        var files = new TestFolders(folder)
                .mapping("hubspot/connector.yaml", hubspot)
                .flow("poll", """
                        - route:
                            id: poll
                            routeConfigurationId: poll
                            from:
                              uri: quartz:poll?cron=0/1+*+*+*+*+?
                              steps:
                                - to: { id: new-contacts, uri: "connector:hubspot/new_contacts" }
                        """)
                .flow("serve", """
                        - route:
                            id: serve
                            routeConfigurationId: write
                            from:
                              uri: event:contact.created?source=hubspot
                              steps:
                                - to: { id: fetch, uri: "connector:hubspot/contact?id=${header.SeraiRecordId}" }
                                - setBody: { id: member, simple: '{"email_address":"${body[properties][email]}","status_if_new":"subscribed"}' }
                                - to: { id: enrol, uri: "connector:mailchimp/upsert_member?list=polled" }
                        """);
        try (var hub = TestHub.with(files.settings("serai.run.threads", "1", "serai.retry.quick-first", "200ms"))) {
            hub.simulator().limits("hubspot", 1, Duration.ofSeconds(5));
            for (int i = 0; i < CONTACTS; i++) {
                String created =
                        Instant.parse("2026-11-01T00:00:00Z").plusSeconds(i).toString();
                hub.hubspotHas(
                        Integer.toString(1000 + i), Map.of("email", "p" + i + "@example.com", "createdate", created));
            }

            // the first page is there, and a call behind it was one too many
            eventually(() -> events(hub) >= 200
                    && hub.simulator().ledger().calls("hubspot").stream().anyMatch(call -> call.status() == 429));
            assertThat(hub.column("SELECT value FROM cursor")).hasSize(1).doesNotContain("");

            hub.simulator().noLimits("hubspot");
            eventually(() -> events(hub) == CONTACTS);
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> hub.runs("waiting", "claimed", "dead").isEmpty());
            assertThat(hub.simulator().records("mailchimp", "members")).hasSize(CONTACTS);
            assertThat(hub.column("SELECT count(*) FROM run")).containsExactly(Integer.toString(CONTACTS));

            hub.hubspotHas("99", Map.of("email", "webhook@example.com", "createdate", "2025-01-01T00:00:00Z"));
            hub.hubspotTells("contact.creation", "99");
            eventually(() -> hub.simulator().records("mailchimp", "members").size() == CONTACTS + 1);
            assertThat(hub.column("SELECT DISTINCT flow FROM run")).isEqualTo(List.of("serve"));
            String counted =
                    "SELECT name || ' ' || sum(count) FROM tally WHERE span = 'minute' AND kind = 'event' GROUP BY name";
            eventually(() -> hub.column(counted).equals(List.of("hubspot " + (CONTACTS + 1))));
        }
    }

    @Test
    void aStreamIsReadForEachOfItsListsAndTheOnlyPollOfBeforeGoesOnWhereItStood(@TempDir Path folder) {
        var files = new TestFolders(folder).flow("serve", """
                - route:
                    id: serve
                    routeConfigurationId: write
                    from:
                      uri: event:record.changed?source=rest
                      steps:
                        - setBody: { id: nothing, constant: taken }
                """);
        try (var hub = TestHub.with(files.settings("rest.authorization", "Bearer simulated"))) {
            record(hub, "people", "1", "2026-02-01T00:00:00Z");
            record(hub, "people", "5", "2026-10-05T00:00:00Z");
            record(hub, "orders", "1", "2026-02-01T00:00:00Z");
            record(hub, "orders", "5", "2026-10-05T00:00:00Z");
            hub.column("INSERT INTO cursor (connection, stream, value)"
                    + " VALUES ('rest', 'records', '2026-10-01T00:00:00Z') RETURNING 1");

            files.flow("people", poll("people"));
            eventually(() -> events(hub) == 1);
            assertThat(hub.column("SELECT record FROM event")).containsExactly("people:5");
            eventually(() -> hub.column("SELECT stream FROM cursor").equals(List.of("records:collection=people")));

            files.flow("orders", poll("orders"));
            eventually(() -> events(hub) == 3);
            assertThat(hub.column("SELECT record FROM event ORDER BY record"))
                    .containsExactly("orders:1", "orders:5", "people:5");
            assertThat(hub.column("SELECT stream FROM cursor ORDER BY stream"))
                    .containsExactly("records:collection=orders", "records:collection=people");
        }
    }

    @Test
    void aPollIsInTheHistoryOfItsConnection(@TempDir Path folder) {
        var files = new TestFolders(folder).flow("people", poll("people"));
        try (var hub = TestHub.with(files.settings("rest.authorization", "Bearer simulated"))) {
            record(hub, "people", "1", "2026-02-01T00:00:00Z");

            eventually(() -> hub.column(
                            "SELECT DISTINCT flow || ' ' || operation || ' ' || endpoint || ' ' || (calls = fine) FROM poll")
                    .equals(List.of("poll-people records GET /people true")));
            eventually(() ->
                    Integer.parseInt(hub.column("SELECT max(calls) FROM poll").get(0)) > 1);
            assertThat(hub.column("SELECT DISTINCT count(*) FROM poll GROUP BY hour"))
                    .as("a row an hour")
                    .containsExactly("1");
            var told = CommandsOnHub.run(hub.settings(), List.of("connections", "history", "rest"));
            assertThat(told.code()).as(told.said()).isZero();
            assertThat(told.said()).containsPattern("poll-people +records +GET /people");
        }
    }

    @Test
    void aCallOfATimerIsInTheHistoryOfItsConnection(@TempDir Path folder) {
        var files = new TestFolders(folder).flow("look", """
                - route:
                    id: look
                    routeConfigurationId: poll
                    from:
                      uri: timer:look?period=200
                      steps:
                        - to: { id: see, uri: "connector:rest/record?collection=people&id=7" }
                """);
        try (var hub = TestHub.with(files.settings("rest.authorization", "Bearer simulated"))) {
            record(hub, "people", "7", "2026-02-01T00:00:00Z");
            eventually(() -> hub.column(
                            "SELECT DISTINCT flow || ' ' || operation || ' ' || endpoint FROM poll WHERE fine > 1")
                    .equals(List.of("look record GET /people/7")));

            hub.simulator().fault("rest", Fault.status(403));
            eventually(
                    () -> !hub.column("SELECT 1 FROM poll WHERE calls > fine").isEmpty());
            var told = CommandsOnHub.run(hub.settings(), List.of("connections", "history", "rest"));
            assertThat(told.said()).containsPattern("look +record +GET /people/7 +\\d+ +\\d+");
        }
    }

    private static String poll(String collection) {
        return """
                - route:
                    id: poll-%1$s
                    routeConfigurationId: poll
                    from:
                      uri: quartz:poll-%1$s?cron=0/1+*+*+*+*+?
                      steps:
                        - to: { id: changed-%1$s, uri: "connector:rest/records?collection=%1$s" }
                """.formatted(collection);
    }

    private static void record(TestHub hub, String collection, String id, String at) {
        hub.simulator()
                .seed(
                        "rest",
                        "records",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("collection", collection)
                                .put("id", id)
                                .put("updated_at", at));
    }

    private static int events(TestHub hub) {
        return Integer.parseInt(hub.column("SELECT count(*) FROM event").get(0));
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
