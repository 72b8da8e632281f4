package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.Wiring;
import dev.serai.store.Backlog;
import dev.serai.store.ByHand;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows that are paused, switched off, and replaced bit by bit, on real hubs. */
class FlowSwitchesTest {
    private static final ByHand BY = new ByHand("ada", "a test");

    @TempDir
    private Path folder;

    private TestFolders files;
    private TestHub hub;
    private FlowSwitches switches;

    @BeforeEach
    void start() {
        files = new TestFolders(folder).flow("tell", flow("tell", "event:contact.updated"));
        hub = TestHub.with(files.settings("serai.retry.attempts", "0", "serai.retry.quick-attempts", "0"));
        switches = new FlowSwitches(hub.wiring().database().dataSource());
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static String flow(String id, String from) {
        return """
                - route:
                    id: %1$s
                    routeConfigurationId: write
                    from:
                      uri: %2$s
                      steps:
                        - setBody: { id: member-%1$s, simple: '{"email_address":"${header.SeraiRecordId}@example.com","status_if_new":"subscribed"}' }
                        - to: { id: enrol-%1$s, uri: "connector:mailchimp/upsert_member?list=tests" }
                """.formatted(id, from);
    }

    private void contact(String id, int second) {
        TestHub.Reply reply = hub.crm("{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:"
                + String.format("%02d", second) + "Z\",\"properties\":{}}");
        assertThat(reply.status()).isEqualTo(202);
    }

    private void set(State state) throws SQLException {
        switches.set("tell", state, Instant.now(), BY);
    }

    private void seen(String flow, State state) {
        await().until(() -> hub.wiring().hub().flowState(flow) == state);
    }

    private List<String> column(String sql) {
        return hub.column(sql);
    }

    private String count(String table, String where) {
        return column("SELECT count(*) FROM " + table + " WHERE " + where).get(0);
    }

    private void awaitDone(int runs) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> count("done_run", "true").equals("" + runs));
    }

    @Test
    void whatComesInForAPausedFlowWaitsAndGoesOnInItsOrder() throws SQLException {
        set(State.PAUSED);
        seen("tell", State.PAUSED);
        for (int i = 0; i < 10; i++) {
            contact("7", i);
        }
        contact("8", 0);
        try (Wiring second = hub.another(Map.of("serai.hub.name", "second")).wiring()) {
            assertThat(second.hub().flowState("tell")).isEqualTo(State.PAUSED);
            await().during(Duration.ofMillis(600)).until(() -> count("open_run", "state = 'waiting' AND claims = 0")
                    .equals("11"));

            assertThat(new Backlog(hub.wiring().database().dataSource()).read(Instant.now()))
                    .as("who pauses a flow does not want to hear that it is late")
                    .allMatch(line -> line.due() == null);

            set(State.ON);

            awaitDone(11);
        }
        List<String> sent = column("SELECT run_id FROM attempt a JOIN event e ON e.record = 'contact:7'"
                + " JOIN done_run d ON d.event_id = e.id AND d.id = a.run_id ORDER BY a.at, a.run_id");
        assertThat(sent).hasSize(10).isSortedAccordingTo((a, b) -> Long.compare(Long.parseLong(a), Long.parseLong(b)));
        assertThat(column("SELECT who || ': ' || what || ', ' || why FROM audit ORDER BY at"))
                .containsExactly("ada: pause flow tell, a test", "ada: switch on flow tell, a test");
    }

    @Test
    void aFlowThatIsOffGetsNoRunsAndWhatItHasGoesOn() throws SQLException {
        set(State.PAUSED);
        seen("tell", State.PAUSED);
        contact("1", 0);
        set(State.OFF);
        seen("tell", State.OFF);
        contact("2", 0);
        awaitDone(1);
        set(State.ON);
        seen("tell", State.ON);
        contact("3", 0);

        awaitDone(2);
        assertThat(column("SELECT record FROM event e JOIN done_run d ON d.event_id = e.id ORDER BY e.id"))
                .containsExactly("contact:1", "contact:3");
        assertThat(count("event", "true")).isEqualTo("3");
        assertThat(switches.set("tell", State.ON, Instant.now(), BY)).isFalse();
    }

    @Test
    void whatWasPausedStaysPausedWhenItsFileIsGoneAndComesBack() throws Exception {
        set(State.PAUSED);
        seen("tell", State.PAUSED);
        Path file = files.routes().resolve("tell.camel.yaml");
        String text = Files.readString(file);
        files.flow("other", flow("other", "event:contact.deleted"));
        remove(file);
        await().until(() -> hub.wiring().hub().flows().equals(List.of("other")));
        contact("1", 0);
        assertThat(count("open_run", "true")).as("no file, no run").isEqualTo("0");

        files.flow("tell", text);

        await().until(() -> hub.wiring().hub().working("tell"));
        contact("2", 0);
        assertThat(count("open_run", "state = 'waiting' AND flow = 'tell'")).isEqualTo("1");
        set(State.ON);
        awaitDone(1);
    }

    private static void remove(Path file) throws IOException {
        Files.delete(file);
    }

    @Test
    void aNewVersionGetsItsShareOfTheRecordsAndNoRecordIsServedTwice() throws SQLException {
        files.flow("tell-2", flow("tell-2", "event:contact.updated?replaces=tell"));
        await().until(() -> hub.wiring().hub().working("tell-2"));
        send(0, 40);
        assertThat(count("done_run", "flow = 'tell'")).isEqualTo("40");

        share(30);
        send(100, 140);

        assertThat(Integer.parseInt(count("done_run", "flow = 'tell-2'"))).isBetween(1, 25);
        assertThat(column("SELECT event_id FROM done_run GROUP BY event_id HAVING count(*) <> 1"))
                .isEmpty();
        List<String> first = column(
                "SELECT e.record FROM done_run d JOIN event e ON e.id = d.event_id" + " WHERE d.flow = 'tell-2'");
        share(100);
        for (String record : first) {
            contact(record.substring("contact:".length()), 30);
        }
        awaitDone(80 + first.size());
        assertThat(count("done_run", "flow = 'tell-2'")).isEqualTo("" + 2 * first.size());
        share(0);
        contact("200", 0);
        awaitDone(81 + first.size());
        assertThat(column("SELECT flow FROM done_run ORDER BY id DESC LIMIT 1")).containsExactly("tell");
    }

    private void share(int percent) throws SQLException {
        switches.share("tell-2", percent, Instant.now(), BY);
        await().until(() -> hub.wiring().hub().flowShare("tell-2") == percent);
    }

    private void send(int from, int to) {
        int before = Integer.parseInt(count("done_run", "true"));
        IntStream.range(from, to).forEach(i -> contact("" + i, 0));
        awaitDone(before + to - from);
    }

    @Test
    void aCanaryThatFailsClearlyMoreOftenLosesItsShareByItselfAndOnceForAllHubs() throws SQLException {
        files.flow(
                "tell-2", flow("tell-2", "event:contact.updated?replaces=tell").replace("subscribed", "nonsense"));
        await().until(() -> hub.wiring().hub().working("tell-2"));
        share(50);
        try (Wiring second = hub.another(Map.of("serai.hub.name", "second")).wiring()) {
            assertThat(second.hub().flowShare("tell-2")).isEqualTo(50);
            IntStream.range(0, 60).forEach(i -> contact("" + i, 0));

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> hub.wiring().hub().flowShare("tell-2") == 0);
            await().until(() -> second.hub().flowShare("tell-2") == 0);
        }
        assertThat(column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert'"
                        + " AND convert_from(payload, 'UTF8')::json ->> 'kind' LIKE 'canary%'"))
                .singleElement()
                .asString()
                .contains("canary.rolled_back", "\"flow\":\"tell-2\"", "runs of tell-2 failed, 0 of ");
        assertThat(column("SELECT what FROM audit WHERE who = 'serai'")).containsExactly("canary flow tell-2 0 %");
        contact("100", 0);
        await().until(() -> column("SELECT d.flow FROM done_run d JOIN event e ON e.id = d.event_id"
                        + " WHERE e.record = 'contact:100'")
                .equals(List.of("tell")));
    }

    @Test
    void aPollThatIsPausedAsksForNothing() throws SQLException {
        switches.set("poll", State.PAUSED, Instant.now(), BY);
        seen("poll", State.PAUSED);
        hub.hubspotHas("7", Map.of("email", "ada@example.com", "createdate", "2026-11-01T00:00:00Z"));
        files.flow("poll", """
                - route:
                    id: poll
                    routeConfigurationId: poll
                    from:
                      uri: quartz:poll?cron=0/1+*+*+*+*+?
                      steps:
                        - to: { id: new-contacts, uri: "connector:hubspot/new_contacts" }
                """);
        await().during(Duration.ofMillis(2_200))
                .until(() -> column("SELECT 1 FROM cursor").isEmpty());

        switches.set("poll", State.ON, Instant.now(), BY);

        await().until(() -> count("event", "type = 'contact.created'").equals("1"));
    }

    @Test
    void aNewVersionNamesAFlowThatThereIs() {
        files.flow("tell-2", flow("tell-2", "event:contact.updated?replaces=tel"));

        assertThat(hub.wiring().hub().check())
                .singleElement()
                .asString()
                .contains("routes/tell-2.camel.yaml:5", "replaces \"tel\"", "did you mean \"tell\"?");
    }
}
