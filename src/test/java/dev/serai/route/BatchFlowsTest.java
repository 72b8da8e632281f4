package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.store.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many events travel as one exchange and one call, and each keeps an outcome of its own. */
class BatchFlowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UPSERT = "contacts.batchUpsert";

    @TempDir
    private static Path folder;

    private static TestHub hub;
    private static int contact;

    @BeforeAll
    static void start() throws IOException {
        String hubspot = Files.readString(Path.of("mappings/hubspot/connector.yaml"))
                .replace("    batch:\n", "    breaker: { failures: 9, open: 5s }\n    batch:\n")
                .concat("timeout: 1m\n");
        // all of a test in one request, so that it depends on no machine's speed how many a batch holds
        String crm = Files.readString(Path.of("mappings/crm/connector.yaml"))
                .replace("  event:\n", "  event:\n    split: \".\"\n");
        var files = new TestFolders(folder)
                .mapping("crm/connector.yaml", crm)
                .mapping("hubspot/connector.yaml", hubspot)
                .mapping("crm/contact.yaml", """
                        mapping: crm/contact
                        from: any
                        fields:
                          email:      { from: properties.email, do: [trim, lower, string], required: true }
                          first_name: { from: properties.firstname }
                        """)
                .mapping("hubspot/loose-upsert.yaml", """
                        mapping: hubspot/loose-upsert
                        from: any
                        fields:
                          id:                   { from: email, required: true }
                          idProperty:           { value: email }
                          properties.email:     { from: email }
                          properties.firstname: { from: first_name }
                        """)
                .mapping("hubspot/number-to-upsert.yaml", """
                        mapping: hubspot/number-to-upsert
                        from: any
                        fields:
                          id:               { text: "u{objectId}@example.com" }
                          idProperty:       { value: email }
                          properties.email: { text: "u{objectId}@example.com" }
                        """)
                .mapping("slack/number-to-words.yaml", """
                        mapping: slack/number-to-words
                        from: any
                        fields:
                          channel: { value: sales }
                          text:    { text: "{objectId} is gone" }
                        """)
                .flow("sync", """
                        - route:
                            id: many
                            routeConfigurationId: write
                            from:
                              uri: event:contact.changed
                              parameters: { batchSize: 100, batchWait: 5s }
                              steps:
                                - to: { id: number-to-upsert, uri: "mapping:hubspot/number-to-upsert" }
                                - to: { id: upsert-many, uri: "connector:hubspot/upsert_contacts" }
                        - route:
                            id: sync
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated?batchSize=100&batchWait=1s
                              steps:
                                - to: { id: to-contact, uri: "mapping:crm/contact" }
                                - to: { id: to-upsert, uri: "mapping:hubspot/loose-upsert" }
                                - to: { id: upsert, uri: "connector:hubspot/upsert_contacts" }
                                - to: { id: tell, uri: "event:contact.synced?record=${header.SeraiRecord}" }
                        - route:
                            id: words
                            routeConfigurationId: write
                            from:
                              uri: event:contact.deleted?batchSize=10&batchWait=1s
                              steps:
                                - to: { id: to-words, uri: "mapping:slack/number-to-words" }
                                - to: { id: say, uri: "connector:slack/post_message" }
                        - route:
                            id: single
                            routeConfigurationId: write
                            from:
                              uri: event:customer.converted
                              steps:
                                - setBody: { id: one, simple: '{"id":"${body[customer][email]}","idProperty":"email","properties":{"email":"${body[customer][email]}"}}' }
                                - to: { id: upsert-one, uri: "connector:hubspot/upsert_contacts" }
                                - to: { id: look-at-one, uri: "connector:hubspot/contact?id=${body[id]}" }
                        - route:
                            id: after
                            routeConfigurationId: write
                            from:
                              uri: event:contact.synced?batchSize=50&batchWait=100ms
                              steps:
                                - to: { id: look, uri: "connector:hubspot/contact?id=${body[id]}" }
                        """);
        hub = TestHub.with(files.settings("serai.retry.first", "300ms"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void forget() throws SQLException {
        eventually(() -> hub.column("SELECT 1 FROM open_run WHERE state IN ('waiting', 'claimed')")
                .isEmpty());
        hub.simulator().reset();
        hub.simulator().noLimits("hubspot");
        try (var connection = hub.wiring().database().dataSource().getConnection()) {
            connection
                    .createStatement()
                    .execute("DELETE FROM open_run; DELETE FROM done_run; DELETE FROM step; DELETE FROM attempt");
        }
    }

    @Test
    void twoHundredAndFiftyEventsAreThreeCalls() {
        for (int first = 1000; first < 1250; first += 100) {
            hub.hubspotTells(
                    "contact.propertyChange",
                    IntStream.range(first, Math.min(1250, first + 100))
                            .mapToObj(Integer::toString)
                            .toArray(String[]::new));
        }

        eventually(
                () -> hub.column("SELECT 1 FROM done_run WHERE flow = 'many'").size() == 250);
        assertThat(calls()).extracting(List::size).containsExactly(100, 100, 50);
        assertThat(hub.simulator().records("hubspot", "contacts")).hasSize(250);
        eventually(() -> hub.metrics().contains("serai_batches_open{flow=\"many\"} 0.0"));
        assertThat(hub.metrics())
                .contains(
                        "serai_batch_records_ended_total{flow=\"many\"} 250.0",
                        "serai_batch_records_open{flow=\"many\"} 0.0");
    }

    @Test
    void oneBadRecordOfAHundredIsADeadLetterAndTheOthersAreSentOnce() {
        List<String> addresses = addresses(100);
        addresses.set(41, "broken");

        tell(addresses);

        eventually(() -> count("done") == 99 && count("dead") == 1);
        assertThat(calls().stream().flatMap(List::stream).map(input -> input.path("id")))
                .hasSize(100)
                .doesNotHaveDuplicates();
        History.Run dead = hub.runs("dead").get(0);
        assertThat(dead.step()).isEqualTo("upsert");
        assertThat(dead.reason())
                .isEqualTo("hubspot answered 207 and refused this record: email: Email address is invalid");
        assertThat(hub.column("SELECT owner FROM run WHERE state = 'dead'")).containsExactly("config");
        assertThat(hub.column("SELECT DISTINCT state FROM step WHERE step = 'upsert' ORDER BY 1"))
                .containsExactly("failed", "succeeded");
    }

    @Test
    void aRecordThatTheMappingRefusesLeavesTheBatchWithItsReason() {
        List<String> addresses = addresses(10);
        addresses.set(3, "");

        tell(addresses);

        eventually(() -> count("done") == 9 && count("dead") == 1);
        assertThat(calls()).extracting(List::size).containsExactly(9);
        assertThat(hub.runs("dead").get(0).step()).isEqualTo("to-contact");
        assertThat(hub.runs("dead").get(0).reason()).contains("email: properties.email is missing");
    }

    @Test
    void aVendorThatIsAwayIsAskedAgainForAllOfThem() {
        hub.simulator().fault("hubspot", UPSERT, Fault.status(503).times(2));

        tell(addresses(20));

        eventually(() -> count("done") == 20);
        assertThat(calls()).extracting(List::size).containsExactly(20, 20, 20);
        assertThat(hub.column("SELECT count(*) FROM attempt a JOIN run r ON r.id = a.run_id WHERE verdict = 'retry'"))
                .containsExactly("40");
    }

    @Test
    void aBatchThatIsAskedToWaitCostsNoRunARetry() {
        hub.simulator()
                .fault(
                        "hubspot",
                        UPSERT,
                        Fault.status(429).retryAfter(Duration.ofSeconds(1)).times(3));

        tell(addresses(20));

        eventually(() -> count("done") == 20);
        assertThat(hub.column("SELECT max(retries) FROM run WHERE flow = 'sync'"))
                .containsExactly("0");
        assertThat(hub.simulator().records("hubspot", "contacts")).hasSize(20);
    }

    @Test
    void aVendorThatStaysAwayIsAskedLaterEachRunByItsOwnCount() {
        hub.simulator().fault("hubspot", UPSERT, Fault.status(503).times(7));

        tell(addresses(8));

        eventually(() -> count("done") == 8);
        assertThat(hub.column("SELECT DISTINCT retries FROM run WHERE flow = 'sync'"))
                .containsExactly("1");
        assertThat(hub.metrics())
                .anyMatch(line -> line.startsWith("serai_runs_retried_total{flow=\"sync\",outcome=\"done\"}"));
        assertThat(hub.simulator().records("hubspot", "contacts")).hasSize(8);
    }

    @Test
    void whileTheBreakerIsOpenAWholeBatchIsParkedAndLosesNoRetry() {
        hub.simulator().fault("hubspot", UPSERT, Fault.status(503).times(9));

        tell(addresses(8));

        eventually(() -> count("done") == 8);
        assertThat(hub.column("SELECT DISTINCT retries FROM run WHERE flow = 'sync'"))
                .containsExactly("1");
        // the run that finds out is a batch of one, the others follow when it got through
        assertThat(calls())
                .extracting(List::size)
                .startsWith(8, 8, 8, 8, 8, 8, 8)
                .contains(1)
                .endsWith(7);
    }

    @Test
    void whatTheVendorRefusesAsAWholeIsHalvedUntilTheCulpritIsFound() {
        hub.simulator()
                .fault(
                        "hubspot",
                        UPSERT,
                        Fault.status(400)
                                .body("application/json", "{\"message\":\"Invalid input JSON\"}")
                                .times(3));

        tell(addresses(4));

        // the fault strikes the whole, the first half and its first record: three of four get through
        eventually(() -> count("done") == 3 && count("dead") == 1);
        assertThat(calls()).extracting(List::size).containsExactly(4, 2, 1, 1, 2);
        assertThat(hub.runs("dead").get(0).reason()).contains("hubspot answered 400: Invalid input JSON");
    }

    @Test
    void twoUpdatesOfOneRecordAreWrittenInTheirOrderInTwoCalls() {
        tell(event("c-same", "1", "same@example.com", "First"), event("c-same", "2", "same@example.com", "Second"));

        eventually(() -> count("done") == 2);
        assertThat(calls()).hasSize(2);
        assertThat(hub.simulator().records("hubspot", "contacts")).hasSize(1);
        assertThat(hub.simulator()
                        .records("hubspot", "contacts")
                        .get(0)
                        .at("/properties/firstname")
                        .asText())
                .isEqualTo("Second");
    }

    @Test
    void twoRecordsOfOneAddressNeverGoInOneCallAsItsAnswerCouldNotTellThemApart() {
        tell(List.of("twin@example.com", "Twin@example.com", "other@example.com"));

        eventually(() -> count("done") == 3);
        assertThat(calls()).extracting(List::size).containsExactly(2, 1);
    }

    @Test
    void aWriteWithoutABatchIsMadeForEachRecordAndEachMayBeInDoubt() {
        hub.simulator().noLimits("slack");
        hub.simulator().fault("slack", Fault.drop().times(1));

        hub.hubspotTells("contact.deletion", "31", "32", "33", "34");

        eventually(
                () -> hub.column("SELECT 1 FROM done_run WHERE flow = 'words'").size() == 3);
        assertThat(hub.runs("in_doubt")).hasSize(1).allSatisfy(run -> assertThat(run.step())
                .isEqualTo("say"));
        assertThat(hub.simulator().records("slack", "messages")).hasSize(3);
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(4);
    }

    @Test
    void aFlowWithoutABatchSendsABatchOfOneAndGetsItsAnswer() {
        hub.post("/v1/events/customer.converted", DoorsTest.converted("b1"), Map.of("X-API-Key", TestHub.API_KEY));

        eventually(
                () -> hub.column("SELECT 1 FROM done_run WHERE flow = 'single'").size() == 1);
        assertThat(calls()).extracting(List::size).containsExactly(1);
        String id =
                hub.simulator().records("hubspot", "contacts").get(0).path("id").asText();
        assertThat(hub.simulator().ledger().calls("hubspot", "contacts.getById"))
                .extracting(Call::record)
                .containsExactly(id);
    }

    @Test
    void aHubThatIsKilledAfterTheVendorDidItLosesAndDoublesNothing() throws SQLException {
        hub.simulator()
                .fault("hubspot", UPSERT, Fault.delay(Duration.ofSeconds(50)).times(1));
        tell(addresses(30));
        eventually(() -> calls().size() == 1);

        // as a kill leaves them: the work is done, no answer came, the claims are nobody's any more
        try (var connection = hub.wiring().database().dataSource().getConnection()) {
            connection
                    .createStatement()
                    .execute("UPDATE open_run SET claimed_by = 'dead-hub', lease_until = now() WHERE flow = 'sync'");
        }

        eventually(() -> count("done") == 30);
        hub.simulator().answerNow();
        assertThat(hub.simulator().records("hubspot", "contacts")).hasSize(30);
        assertThat(hub.column("SELECT DISTINCT claims FROM run WHERE flow = 'sync'"))
                .containsExactly("2");
    }

    @Test
    void whatAnEarlierClaimHasDoneIsNotSentAgainAndItsAnswerIsAtItsPlace() throws SQLException {
        tell(addresses(3));
        eventually(() -> count("done") == 3
                && hub.column("SELECT 1 FROM run WHERE flow = 'after'").size() == 3);
        List<String> ids =
                hub.column("SELECT convert_from(answer, 'UTF8')::json->>'id' FROM step WHERE step = 'upsert'");
        List<String> told = hub.column("SELECT convert_from(payload, 'UTF8')::json->>'id' FROM event"
                + " WHERE type = 'contact.synced' ORDER BY id DESC LIMIT 3");
        assertThat(told).containsExactlyInAnyOrderElementsOf(ids);

        // the first of them comes back as if its claim had ended before its outcome was stored
        try (var connection = hub.wiring().database().dataSource().getConnection()) {
            connection
                    .createStatement()
                    .execute(
                            "INSERT INTO open_run (id, event_id, flow, lane, claims, due_at,"
                                    + " created_at, state) SELECT id, event_id, flow, 'again', 1, now(), now(), 'waiting' FROM done_run"
                                    + " WHERE flow = 'sync' ORDER BY id LIMIT 1; DELETE FROM done_run WHERE id IN (SELECT id FROM open_run)");
        }

        eventually(() -> count("done") == 3);
        assertThat(calls()).hasSize(1);
    }

    private static List<String> addresses(int number) {
        return new ArrayList<>(IntStream.range(0, number)
                .mapToObj(i -> "user" + contact++ + "@example.com")
                .toList());
    }

    /** An event for each address, each about a record of its own. */
    private static void tell(List<String> addresses) {
        tell(addresses.stream()
                .map(address ->
                        event("c-" + Math.abs(address.hashCode()) + "-" + System.nanoTime(), "1", address, "Ada"))
                .toArray(String[]::new));
    }

    private static void tell(String... events) {
        assertThat(hub.crm("[" + String.join(",", events) + "]").status()).isEqualTo(202);
    }

    private static String event(String id, String version, String address, String name) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("updated_at", "2026-11-21T10:00:0" + version + "Z")
                .set("properties", JSON.createObjectNode().put("email", address).put("firstname", name))
                .toString();
    }

    /** The records of each call, in the order the calls came. */
    private static List<List<JsonNode>> calls() {
        return hub.simulator().ledger().calls("hubspot", UPSERT).stream()
                .map(call -> {
                    var inputs = new ArrayList<JsonNode>();
                    call.json().path("inputs").forEach(inputs::add);
                    return (List<JsonNode>) inputs;
                })
                .toList();
    }

    private static int count(String state) {
        return Integer.parseInt(hub.column("SELECT count(*) FROM run WHERE flow = 'sync' AND state = '" + state + "'")
                .get(0));
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
