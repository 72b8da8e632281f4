package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are added, changed, broken, mended and deleted while the hub works. */
class HotReloadTest {
    private static final AtomicInteger IDS = new AtomicInteger(1000);

    @TempDir
    private static Path folder;

    private static TestFolders files;
    private static TestHub hub;
    private static LogCapture log;

    @BeforeAll
    static void start() {
        files = new TestFolders(folder).flow("steady", flow("steady", "steady-list"));
        log = new LogCapture();
        hub = TestHub.with(files.settings("serai.retry.first", "1h"));
    }

    @AfterAll
    static void stop() {
        log.close();
        hub.close();
    }

    @BeforeEach
    void forget() {
        hub.simulator().reset();
        log.lines().clear();
    }

    @AfterEach
    void leaveTheSteadyFlowAlone() throws IOException {
        try (var flows = Files.list(files.routes())) {
            for (Path flow : flows.toList()) {
                if (!flow.endsWith("errors.camel.yaml") && !flow.endsWith("steady.camel.yaml")) {
                    Files.delete(flow);
                }
            }
        }
        eventually(() -> hub.wiring().hub().flows().equals(List.of("steady")));
    }

    @Test
    void aNewFlowIsLiveWithoutARestartAndADeletedOneTakesNoMoreEvents() throws IOException {
        files.flow("added", flow("added", "added-list"));
        eventually(() -> hub.wiring().hub().flows().contains("added"));

        String one = tell();
        eventually(() -> enrolled("added-list", one) == 1);

        Files.delete(files.routes().resolve("added.camel.yaml"));
        eventually(() -> !hub.wiring().hub().flows().contains("added"));
        String two = tell();
        eventually(() -> enrolled("steady-list", two) == 1);
        assertThat(hub.column("SELECT DISTINCT flow FROM run WHERE event_id = (SELECT max(id) FROM event)"))
                .containsExactly("steady");
    }

    @Test
    void aFlowEditedTenTimesUnderLoadLosesNothingAndDoesNothingTwice() throws Exception {
        files.flow("edited", flow("edited", "edited-0"));
        eventually(() -> hub.wiring().hub().flows().contains("edited"));
        hub.simulator().noLimits("mailchimp");
        long before = lastEvent();
        var sending = new AtomicBoolean(true);
        var sent = new AtomicInteger();
        var sender = new Thread(() -> {
            while (sending.get()) {
                tell();
                sent.incrementAndGet();
                noFurtherAheadThan(100);
            }
        });
        sender.start();
        for (int version = 1; version <= 10; version++) {
            String list = "edited-" + version;
            files.flow("edited", flow("edited", list));
            eventually(() -> hub.simulator().ledger().about("mailchimp", list).size() > 3);
        }
        sending.set(false);
        sender.join();

        allIsDoneSince(before);
        for (String list : new String[] {"steady-list", "edited-"}) {
            var calls = hub.simulator().ledger().about("mailchimp", list);
            assertThat(calls).hasSize(sent.get());
            assertThat(calls).extracting(c -> c.asked().body()).doesNotHaveDuplicates();
        }
    }

    @Test
    void aBrokenEditKeepsTheOldVersionAndTheFixIsTakenAfterwards() throws IOException {
        files.flow("mended", flow("mended", "first"));
        eventually(() -> hub.wiring().hub().flows().contains("mended"));

        refusedWith(
                "mended", "- route:\n    id: mended\n    from: [\n", "routes/mended.camel.yaml:", "the version before");
        String one = tell();
        eventually(() -> enrolled("first", one) == 1);
        refusedWith(
                "mended",
                flow("mended", "first")
                        .replace("connector:mailchimp/upsert_member", "connector:mailchimp/upsert_membr"),
                "routes/mended.camel.yaml:8:",
                "did you mean \"upsert_member\"?");
        refusedWith(
                "mended",
                flow("mended", "first").replace("- to:", "- too:"),
                "routes/mended.camel.yaml:7:11: Unknown",
                "too");
        refusedWith(
                "mended",
                flow("mended", "first").replace("- to: { id: enrol-mended, uri", "- to: { id: enrol-mended, urri"),
                "routes/mended.camel.yaml:",
                "urri");
        refusedWith(
                "mended",
                flow("mended", "first").replace("event:contact.updated", "event:contact.updated?sorce=crm"),
                "routes/mended.camel.yaml:",
                "did you mean \"source\"?");
        refusedWith(
                "mended",
                flow("mended", "first").replace("Id: write", "Id: wriet"),
                "routes/mended.camel.yaml:3:",
                "did you mean \"write\"?");
        String two = tell();
        eventually(() -> enrolled("first", two) == 1);

        files.flow("mended", flow("mended", "second"));
        eventually(() -> enrolled("second", tell()) == 1);
    }

    @Test
    void aCopyOfAFlowThatKeptItsIdsIsRefusedAndTheFirstGoesOn() throws IOException {
        refusedWith(
                "copy-of-steady", flow("steady", "copied"), "routes/copy-of-steady.camel.yaml:2:", "steady.camel.yaml");
        String one = tell();
        eventually(() -> enrolled("steady-list", one) == 1);

        Files.delete(files.routes().resolve("copy-of-steady.camel.yaml"));
        String two = tell();
        eventually(() -> enrolled("steady-list", two) == 1);
        assertThat(hub.wiring().hub().flows()).contains("steady");
    }

    @Test
    void aFlowThatMovesToAnotherFileIsTakenAndNoEventOfItIsWithoutARun() throws Exception {
        // the file it moves to is looked at before the one it leaves
        files.flow("target", flow("target", "target-list"));
        files.flow("z-origin", flow("origin", "origin-list") + flow("moved", "before"));
        eventually(() -> hub.wiring().hub().flows().containsAll(List.of("target", "origin", "moved")));
        hub.simulator().noLimits("mailchimp");
        long before = lastEvent();
        var sending = new AtomicBoolean(true);
        var sender = new Thread(() -> {
            while (sending.get()) {
                tell();
                noFurtherAheadThan(100);
            }
        });
        sender.start();

        files.flow("target", flow("target", "target-list") + flow("moved", "after"));
        files.flow("z-origin", flow("origin", "origin-list"));
        eventually(() ->
                !hub.simulator().ledger().about("mailchimp", "/lists/after/").isEmpty());

        sending.set(false);
        sender.join();
        assertThat(hub.column("SELECT e.id FROM event e WHERE e.id > " + before
                        + " AND NOT EXISTS (SELECT FROM run WHERE event_id = e.id AND flow = 'moved')"))
                .isEmpty();
        allIsDoneSince(before);
    }

    @Test
    void aFlowThatMovesIntoABrokenFileKeepsItsEventsUntilThatIsMended() throws IOException {
        files.flow("target", flow("target", "target-list"));
        files.flow("z-origin", flow("origin", "origin-list") + flow("moved", "before"));
        eventually(() -> hub.wiring().hub().flows().containsAll(List.of("target", "origin", "moved")));

        files.flow(
                "target", flow("target", "target-list") + flow("moved", "after").replace("- to:", "- to"));
        files.flow("z-origin", flow("origin", "origin-list"));
        eventually(() -> !hub.wiring().hub().flows().contains("moved"));
        String meanwhile = tell();
        eventually(() -> enrolled("origin-list", meanwhile) == 1);
        files.flow("target", flow("target", "target-list") + flow("moved", "after"));

        eventually(() -> enrolled("after", meanwhile) == 1);
    }

    @Test
    void aSourceThatPublishesBeginsAfterTheFlowThatTakesIt() throws IOException {
        files.flow("z-takes", """
                - route:
                    id: z-takes
                    routeConfigurationId: write
                    from:
                      uri: event:noticed
                      steps:
                        - log: { id: seen, message: "seen" }
                """);
        files.flow("a-source", """
                - route:
                    id: a-source
                    routeConfigurationId: poll
                    from:
                      uri: timer:at-once?delay=0&repeatCount=1
                      steps:
                        - setBody: { id: what, simple: '{"n":1}' }
                        - to: { id: notice, uri: "event:noticed", parameters: { record: "note:1" } }
                """);

        eventually(
                () -> !hub.column("SELECT id FROM event WHERE type = 'noticed'").isEmpty());

        assertThat(hub.column("SELECT flow FROM run JOIN event ON event.id = event_id WHERE type = 'noticed'"))
                .containsExactly("z-takes");
    }

    @Test
    void aFlowThatWaitsForItsMappingIsTakenOnceTheMappingIsThere() throws IOException {
        String flow = flow("waits", "waits-list")
                .replace("steps:\n", "steps:\n        - to: { id: waits-map, uri: \"mapping:mailchimp/late\" }\n");
        refusedWith("waits", flow, "routes/waits.camel.yaml:7:", "there is no mapping \"mailchimp/late\"");

        files.mapping("mailchimp/late.yaml", mapping("Ada"));

        eventually(() -> hub.wiring().hub().flows().contains("waits"));
        String one = tell();
        eventually(() -> enrolled("waits-list", one) == 1);

        files.mapping(
                "mailchimp/late.yaml", mapping("Ada").replace("expect: { email: a@b.co", "expect: { email: x@b.co"));
        eventually(
                () -> log.lines().stream().anyMatch(l -> l.startsWith("file.refused mappings/mailchimp/late.yaml:")));
        String two = tell();
        eventually(() -> enrolled("waits-list", two) == 1);

        files.mapping("mailchimp/late.yaml", mapping("Grace"));
        eventually(() -> {
            String three = tell();
            return bodyOf("waits-list", three).contains("Grace");
        });
    }

    @Test
    void anEditedErrorHandlingCountsForTheFlowsThatNameIt() throws IOException {
        Path errors = files.routes().resolve("errors.camel.yaml");
        String before = Files.readString(errors);
        hub.simulator().fault("mailchimp", dev.serai.simulator.Fault.status(503));
        try {
            files.flow("errors", before.replace("maximumRedeliveries: -1", "maximumRedeliveries: 1"));
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(log.lines())
                    .anyMatch(l -> l.startsWith("file.live routes/errors.camel.yaml")));

            String one = tell();
            eventually(() -> hub.column("SELECT retries FROM run ORDER BY id DESC LIMIT 1")
                    .equals(List.of("1")));
            assertThat(enrolled("steady-list", one)).isEqualTo(2);
        } finally {
            files.flow("errors", before);
            eventually(() -> log.lines().stream()
                            .filter(l -> l.startsWith("file.live routes/errors.camel.yaml"))
                            .count()
                    == 2);
        }
    }

    @Test
    void oneFileThatCannotEvenBeReadDoesNotKeepTheOthersFromBeingTaken() throws IOException {
        files.flow("deep", "[".repeat(20_000));
        files.flow("beside", flow("beside", "beside-list"));
        eventually(() -> hub.wiring().hub().flows().contains("beside"));
    }

    private static void refusedWith(String name, String yaml, String place, String words) {
        log.lines().clear();
        files.flow(name, yaml);
        await(name).atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(log.lines())
                .anySatisfy(line ->
                        assertThat(line).startsWith("file.refused " + place).contains(words)));
    }

    /** A crm event goes through a flow to the list. */
    private static String flow(String id, String list) {
        return """
                - route:
                    id: %1$s
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: member-%1$s, uri: "mapping:mailchimp/contact-to-member" }
                        - to: { id: enrol-%1$s, uri: "connector:mailchimp/upsert_member?list=%2$s" }
                """.formatted(id, list);
    }

    private static String mapping(String name) {
        return """
                mapping: mailchimp/late
                from: contact
                fields:
                  email: { from: email, required: true }
                  first_name: { value: %s }
                tests:
                  - name: the address is kept
                    given: { email: a@b.co }
                    expect: { email: a@b.co, first_name: %s }
                """.formatted(name, name);
    }

    /** Sends an event and returns the address it is about. */
    private static String tell() {
        int id = IDS.incrementAndGet();
        String address = "n" + id + "@example.com";
        var reply =
                hub.crm("{\"id\":%d,\"updated_at\":\"2026-11-01T00:00:00Z\",\"email\":\"%s\"}".formatted(id, address));
        assertThat(reply.status()).isEqualTo(202);
        return address;
    }

    private static int enrolled(String list, String address) {
        return (int) hub.simulator().ledger().about("mailchimp", "/lists/" + list + "/").stream()
                .filter(c -> c.asked().body().contains(address))
                .count();
    }

    private static String bodyOf(String list, String address) {
        await().until(() -> enrolled(list, address) > 0);
        return hub.simulator().ledger().about("mailchimp", "/lists/" + list + "/").stream()
                .map(c -> c.asked().body())
                .filter(b -> b.contains(address))
                .findFirst()
                .orElseThrow();
    }

    /** However slow the machine is, what is left to do at the end is little. */
    private static void noFurtherAheadThan(int runs) {
        eventually(() -> hub.runs("waiting", "claimed").size() < runs);
    }

    private static long lastEvent() {
        return Long.parseLong(
                hub.column("SELECT coalesce(max(id), 0) FROM event").get(0));
    }

    /** Of the events since that one: a run of another test may wait for ever, as its flow is gone. */
    private static void allIsDoneSince(long event) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        hub.column("SELECT to_jsonb(run) FROM run WHERE state <> 'done' AND event_id > " + event))
                .isEmpty());
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
