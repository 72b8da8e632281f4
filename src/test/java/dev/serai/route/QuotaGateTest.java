package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.cli.CommandsOnHub;
import dev.serai.simulator.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole hubs and a vendor that counts: nothing is sent that it would refuse. */
class QuotaGateTest {
    private static final String UPSERT = """
            - setBody: { id: member-%1$s, simple: '{"email_address":"${body[email]}","status_if_new":"subscribed","merge_fields":{"FNAME":"${body[name]}"}}' }
            - to: { id: put-%1$s, uri: "connector:mailchimp/upsert_member?list=all" }
            """;

    @TempDir
    private Path folder;

    private TestHub hub;
    private TestFolders files;

    @AfterEach
    void stop() {
        hub.close();
    }

    private TestHub start(String quota, String flows, String... settings) throws IOException {
        String mailchimp = Files.readString(Path.of("mappings/mailchimp/connector.yaml"))
                .replaceFirst("(?m)^quota:.*$", quota.isEmpty() ? "" : "quota: " + quota);
        files = new TestFolders(folder)
                .mapping("mailchimp/connector.yaml", mailchimp)
                .mapping("crm/connector.yaml", """
                        connector: crm
                        webhooks:
                          signature: { scheme: hmac, secret: "{{crm.webhook-secret}}", header: X-Signature }
                          event: { id: "{id}", type: "{type}", record: "contact:{id}" }
                        """)
                .flow("enrol", flows);
        hub = TestHub.with(files.settings(settings));
        return hub;
    }

    private static String flow(String id, String type, String priority) {
        return """
                - route:
                    id: %1$s
                    routeConfigurationId: write
                    from:
                      uri: event:%2$s
                      parameters: { priority: %3$s }
                      steps:
                """.formatted(id, type, priority) + UPSERT.formatted(id).indent(8);
    }

    @Test
    void twoHubsTogetherKeepToOneSlidingWindow() throws IOException {
        start("{ requests: 12, per: 1s }", flow("enrol", "contact.updated", "normal"), "serai.hub.name", "first");
        try (var second = hub.another(Map.of("serai.hub.name", "second"))) {
            IntStream.rangeClosed(1, 40)
                    .forEach(id -> (id % 2 == 0 ? hub : second).crm(contact("contact.updated", id)));
            eventually(() -> hub.runs("done").size() == 40);

            assertThat(hub.simulator().ledger().calls("mailchimp")).hasSize(40);
            assertThat(hub.mostCallsWithin(Duration.ofMillis(950))).isLessThanOrEqualTo(12);
            assertThat(second.column("SELECT max(retries) FROM run")).containsExactly("0");
            assertThat(second.column("SELECT DISTINCT number FROM attempt")).containsExactly("1");
            assertThat(second.column("SELECT DISTINCT connection FROM quota")).containsExactly("mailchimp");
        }
    }

    private TestFolders batches(String quota) throws IOException {
        String hubspot = Files.readString(Path.of("mappings/hubspot/connector.yaml"))
                .replaceFirst("(?m)^quota:.*(\\n  .*)+", quota);
        return new TestFolders(folder)
                .mapping("hubspot/connector.yaml", hubspot)
                .mapping("hubspot/crm-to-upsert.yaml", """
                        mapping: hubspot/crm-to-upsert
                        from: any
                        fields:
                          id:               { from: email, required: true }
                          idProperty:       { value: email }
                          properties.email: { from: email }
                        """)
                .flow("sync", """
                        - route:
                            id: sync
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated?batchSize=2&batchWait=1s
                              steps:
                                - to: { id: to-upsert, uri: "mapping:hubspot/crm-to-upsert" }
                                - to: { id: upsert, uri: "connector:hubspot/upsert_contacts" }
                        """);
    }

    /** Of 30 batches 20 would be claimed and mapped only to be sent away, if each had to find out for itself. */
    @Test
    void batchesOfAFlowAwaitTheirTurnWhileItsLimitIsUsedUp() throws IOException {
        hub = TestHub.with(batches("quota: { requests: 10, per: 2s }").settings("serai.run.in-flight", "4"));

        IntStream.rangeClosed(1, 60).forEach(id -> tell("contact.updated", id));
        eventually(() -> hub.runs("done").size() == 60);

        assertThat(Integer.parseInt(
                        hub.column("SELECT sum(claims) FROM done_run").get(0)))
                .as("claims of 60 runs")
                .isLessThan(85);
        assertThat(hub.mostCallsWithin(Duration.ofMillis(1950))).isLessThanOrEqualTo(10);
    }

    /** Else it looked again a minute after it was sent away. */
    @Test
    void batchesGoOnAtOnceWhenAPersonOpensTheirLimit() throws IOException {
        hub = TestHub.with(batches("").settings());
        hub.simulator()
                .fault(
                        "hubspot",
                        Fault.status(429).retryAfter(Duration.ofMinutes(10)).times(1));
        IntStream.rangeClosed(1, 6).forEach(id -> tell("contact.updated", id));
        eventually(() -> !hub.column("SELECT 1 FROM open_run WHERE waits_for = 'quota hubspot'")
                .isEmpty());
        eventually(() -> hub.runs("claimed").isEmpty());

        CommandsOnHub.run(hub.settings(), List.of("connections", "resume", "hubspot", "--why", "they said so"));

        await().atMost(Duration.ofSeconds(45)).until(() -> hub.runs("done").size() == 6);
    }

    @Test
    void whatIsCriticalGoesBeforeABacklogOnTheSameConnection() throws IOException {
        start(
                "{ requests: 10, per: 3s }",
                flow("backfill", "contact.imported", "bulk") + flow("urgent", "contact.updated", "critical"),
                "serai.quota.reserve",
                "20");
        IntStream.rangeClosed(1, 35).forEach(id -> tell("contact.imported", id));
        eventually(() -> calls() >= 10);

        IntStream.rangeClosed(101, 103).forEach(id -> tell("contact.updated", id));
        int before = calls();
        eventually(() -> hub.runs("done").size() == 38);

        var calls = hub.simulator().ledger().calls("mailchimp");
        List<Integer> critical = IntStream.range(0, calls.size())
                .filter(i -> calls.get(i).body().matches(".*c10[123]@.*"))
                .boxed()
                .toList();
        assertThat(critical).hasSize(3);
        assertThat(critical.get(2) + 1 - before)
                .as("calls until all three were made")
                .isLessThanOrEqualTo(20);
        assertThat(hub.mostCallsWithin(Duration.ofMillis(2950))).isLessThanOrEqualTo(10);
    }

    @Test
    void tooManyOfAllHubsStopsAllOfThemUntilTheVendorSaysSo() throws IOException {
        start("{ requests: 100, per: 1s }", flow("enrol", "contact.updated", "normal"));
        hub.simulator()
                .fault(
                        "mailchimp",
                        Fault.status(429).retryAfter(Duration.ofMinutes(10)).times(1));
        tell("contact.updated", 1);
        eventually(() -> calls() == 1);
        eventually(() -> !hub.column("SELECT 1 FROM quota WHERE (state ->> 'closed_until')::bigint > 0")
                .isEmpty());

        IntStream.rangeClosed(2, 9).forEach(id -> tell("contact.updated", id));
        eventually(() -> hub.column("SELECT id FROM run WHERE waits_for = 'quota mailchimp'")
                        .size()
                == 9);

        assertThat(calls()).as("nothing is sent meanwhile").isEqualTo(1);
        CommandsOnHub.run(hub.settings(), List.of("connections", "resume", "mailchimp", "--why", "they said so"));
        eventually(() -> hub.runs("done").size() == 9);
        assertThat(hub.column("SELECT count(*) FROM attempt")).containsExactly("10");
        assertThat(hub.column("SELECT max(retries) FROM run")).containsExactly("0");
    }

    /** No run has a retry to lose here, so that one that was counted would be dead. */
    @Test
    void tooManyHoldsAConnectionThatStatesNoLimitAndCostsNoRetry() throws IOException {
        start(
                "",
                flow("enrol", "contact.updated", "normal"),
                "serai.hub.name",
                "first",
                "serai.retry.attempts",
                "0",
                "serai.retry.quick-attempts",
                "0");
        hub.simulator().fault("mailchimp", Fault.status(429).retryAfter(Duration.ofSeconds(1)));
        try (var second = hub.another(Map.of("serai.hub.name", "second"))) {
            IntStream.rangeClosed(1, 30)
                    .forEach(id -> (id % 2 == 0 ? hub : second).crm(contact("contact.updated", id)));
            eventually(() -> hub.column("SELECT id FROM run WHERE waits_for = 'quota mailchimp'")
                            .size()
                    == 30);
            String often = "SELECT 1 FROM quota WHERE operation = 'upsert_member' AND (state ->> 'refusals')::int >= 3";
            eventually(() -> !hub.column(often).isEmpty());
            hub.simulator().clearFaults("mailchimp");
            eventually(() -> hub.runs("done").size() == 30);

            assertThat(hub.column("SELECT max(retries) FROM run")).containsExactly("0");
            assertThat(hub.simulator().ledger().calls("mailchimp").stream().filter(call -> call.status() == 200))
                    .hasSize(30);
        }
    }

    @Test
    void aBudgetThatRunsOutIsToldOnceAndSlowsDownWhatIsNotCritical() throws IOException {
        start(
                "{ requests: 20, per: day, zone: " + whereItIsNoon() + " }",
                flow("enrol", "contact.updated", "normal") + flow("urgent", "contact.created", "critical"));
        IntStream.rangeClosed(1, 18).forEach(id -> tell("contact.updated", id));
        eventually(() -> calls() >= 16 && allWaitForTheLimit());

        assertThat(calls()).as("80 %, and the first of an even rest").isBetween(16, 17);
        assertThat(hub.column("SELECT reason FROM run WHERE state = 'waiting'")).allSatisfy(reason -> assertThat(reason)
                .contains("not sent: the quota of mailchimp is used up, 20 calls a day (all); its turn is at"));

        tell("contact.created", 101);
        tell("contact.created", 102);
        eventually(() -> hub.column("SELECT id FROM run WHERE flow = 'urgent' AND state = 'done'")
                        .size()
                == 2);
        eventually(() -> alerts().size() == 2);
        assertThat(alerts()).containsExactly("75", "90");
    }

    @Test
    void aLimitThatIsRaisedIsUsedByThoseThatWait() throws IOException {
        start("{ requests: 5, per: day, zone: " + whereItIsNoon() + " }", flow("enrol", "contact.updated", "normal"));
        IntStream.rangeClosed(1, 9).forEach(id -> tell("contact.updated", id));
        eventually(() -> calls() >= 4 && allWaitForTheLimit());

        files.mapping(
                "mailchimp/connector.yaml",
                files.read("mailchimp/connector.yaml").replace("requests: 5", "requests: 500"));

        eventually(() -> hub.runs("done").size() == 9);
    }

    /** About noon: no new day begins meanwhile. */
    private static String whereItIsNoon() {
        int hours = 12 - Instant.now().atZone(ZoneOffset.UTC).getHour();
        return "Etc/GMT" + (hours > 0 ? "-" + hours : "+" + -hours);
    }

    private boolean allWaitForTheLimit() {
        return hub.column("SELECT DISTINCT state || ' for ' || waits_for FROM run WHERE state <> 'done'")
                .equals(List.of("waiting for quota mailchimp"));
    }

    private List<String> alerts() {
        return hub.column("SELECT convert_from(payload, 'UTF8')::json ->> 'percent' FROM event"
                + " WHERE type = 'serai.alert' ORDER BY id");
    }

    private int calls() {
        return hub.simulator().ledger().calls("mailchimp").size();
    }

    private void tell(String type, int id) {
        assertThat(hub.crm(contact(type, id)).status()).isEqualTo(202);
    }

    private static String contact(String type, int id) {
        return "{\"id\":" + id + ",\"type\":\"" + type + "\",\"name\":\"one\",\"email\":\"c" + id + "@example.com\"}";
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
