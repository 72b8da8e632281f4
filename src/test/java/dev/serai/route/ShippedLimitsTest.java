package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.file.Yaml;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limits of shipped connectors against vendors that count as theirs do: no call is made that is refused. */
class ShippedLimitsTest {
    private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");

    @TempDir
    private Path folder;

    private TestHub hub;

    @AfterEach
    void stop() {
        hub.close();
    }

    private static String poll(String id, String stream) {
        return """
                - route:
                    id: %1$s
                    routeConfigurationId: poll
                    from:
                      uri: quartz:%1$s?cron=0/1+*+*+*+*+?
                      steps:
                        - to: { id: ask-%1$s, uri: "connector:%2$s" }
                """.formatted(id, stream);
    }

    private static String call(String id, String type, String step) {
        return """
                - route:
                    id: %1$s
                    routeConfigurationId: write
                    from:
                      uri: event:%2$s?source=crm
                      steps:
                %3$s
                """.formatted(id, type, step.indent(8).stripTrailing());
    }

    @Test
    void pollsOfSeveralStreamsKeepTogetherToTheLimitOfSearches() {
        var files = new TestFolders(folder)
                .flow("polls", poll("people", "hubspot/contacts") + poll("deals", "hubspot/deals"));
        hub = TestHub.with(files.settings());
        hub.simulator().limits("hubspot");
        seed("contacts", 1000, "lastmodifieddate");
        seed("deals", 600, "hs_lastmodifieddate");

        eventually(() -> hub.column("SELECT count(*) FROM event").equals(List.of("1600")));

        List<Call> calls = hub.simulator().ledger().calls("hubspot");
        assertThat(hub.column("SELECT operation FROM quota WHERE connection = 'hubspot'"))
                .contains("search");
        // a machine under load may keep calls on their way for so long that HubSpot counts them beside the next two,
        // one of each stream
        assertThat(calls.stream().filter(call -> call.status() == 429))
                .hasSizeLessThanOrEqualTo(Math.max(2, calls.size() / 10));
    }

    private void seed(String collection, int count, String changed) {
        hub.simulator()
                .seed(
                        "hubspot",
                        collection,
                        Yaml.read("test", """
                                record: '{"id": string(1000 + $n), "createdAt": $at, "updatedAt": $at, "archived": false, "properties": {"%s": $at}}'
                                """.formatted(changed)).get("record").orElseThrow(),
                        count,
                        FIRST);
    }

    @Test
    void tooManySearchesOrExportsStopThemAndNothingElse() {
        var files = new TestFolders(folder)
                .flow("polls", poll("people", "hubspot/contacts") + poll("tickets", "zendesk/tickets"))
                .flow("calls", call("touch", "contact.updated", """
                                - to: { id: look, uri: "connector:hubspot/find_contact?email=ada@example.com" }
                                - setBody: { id: ticket, simple: '{"subject":"s","comment":{"body":"b"}}' }
                                - to: { id: tell, uri: "connector:zendesk/create_ticket" }
                                """));
        hub = TestHub.with(files.settings());
        hub.simulator()
                .fault(
                        "hubspot",
                        "contacts.search",
                        Fault.status(429)
                                .body("application/json", "{\"status\":\"error\",\"policyName\":\"SECONDLY\"}")
                                .retryAfter(Duration.ofMinutes(5)));
        hub.simulator()
                .fault(
                        "zendesk",
                        "IncrementalTicketExportCursor",
                        Fault.status(429).retryAfter(Duration.ofMinutes(5)));
        eventually(() -> closed().size() == 2);

        hub.crm("{\"id\":1,\"type\":\"contact.updated\"}");

        eventually(() -> hub.runs("done").size() == 1);
        assertThat(hub.simulator().records("zendesk", "tickets")).hasSize(1);
        assertThat(closed()).containsExactlyInAnyOrder("hubspot search", "zendesk incremental");
    }

    private List<String> closed() {
        return hub.column(
                "SELECT connection || ' ' || operation FROM quota WHERE (state ->> 'closed_until')::bigint > 0");
    }

    @Test
    void aBurstForPipedriveKeepsToItsShortLimitToo() {
        var files = new TestFolders(folder).flow("calls", call("touch", "contact.updated", """
                        - to: { id: look, uri: "connector:pipedrive/find_person?email=c${body[id]}@example.com" }
                        """));
        hub = TestHub.with(files.settings("pipedrive.api-token", "simulated"));

        IntStream.rangeClosed(1, 30).forEach(id -> hub.crm("{\"id\":" + id + ",\"type\":\"contact.updated\"}"));

        eventually(() -> hub.runs("done").size() == 30);
        assertThat(hub.simulator().ledger().calls("pipedrive")).hasSize(30);
        assertThat(hub.column("SELECT count(*) FROM attempt")).containsExactly("30");
        assertThat(hub.mostCallsWithin(Duration.ofMillis(1950))).isLessThanOrEqualTo(20);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
