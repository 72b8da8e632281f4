package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.store.History;
import dev.serai.store.RunFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many records go in one call that Zendesk accepts and does later: each still has an outcome of its own. */
class BatchJobsTest {
    private static final String MANY = "CreateOrUpdateManyUsers";
    private static final String JOB = "ShowJobStatus";
    private static final String REFUSED =
            "zendesk accepted the call and refused this record: user.name: Name: cannot be blank";

    @TempDir
    private static Path folder;

    private static TestHub hub;
    private static int people;

    private static final String[] EMAILS = {"a@example.com", "b@example.com", "c@example.com"};
    private static HttpServer lists;
    private static final AtomicInteger IMPORTS = new AtomicInteger();
    /** How many of the refused a list names; they are two. */
    private static volatile int named;
    /** How many questions for a job are answered as if there were none. */
    private static volatile int unseen;
    /** What the job says that it has refused. */
    private static volatile int refused;

    @BeforeAll
    static void start() throws IOException {
        lists = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        lists.createContext("/", BatchJobsTest::answer);
        lists.start();
        String zendesk = Files.readString(Path.of("mappings/zendesk/connector.yaml"))
                .replace("first: 2s", "first: 300ms")
                .replace("longest: 1m", "longest: 500ms");
        String crm = Files.readString(Path.of("mappings/crm/connector.yaml"))
                .replace("  event:\n", "  event:\n    split: \".\"\n    or_single: true\n")
                .replace("type: contact.updated", "type: [ \"{kind}\", contact.updated ]");
        var files = new TestFolders(folder)
                .mapping("zendesk/connector.yaml", zendesk)
                .mapping("crm/connector.yaml", crm)
                .mapping("zendesk/loose-user.yaml", """
                        mapping: zendesk/loose-user
                        from: any
                        fields:
                          email: { from: properties.email, required: true }
                          name:  { from: properties.name }
                        """)
                .mapping(
                        "lists/connector.yaml", """
                        connector: lists
                        base_url: http://127.0.0.1:%d
                        reads:
                          job: { path: "/jobs/{job}" }
                          refused: { path: "/jobs/{job}/errors", returns: data }
                        writes:
                          bring:
                            method: POST
                            path: /imports
                            class: idempotent
                            batch: { list: profiles, id: email, failures: { list: ., id: email } }
                            accepted: { job: id, read: job, state: status, done: [complete], failures_read: refused, failures_total: failed_count, first: 1s, longest: 1s }
                        """.formatted(lists.getAddress().getPort()))
                .flow("profiles", """
                        - route:
                            id: profiles
                            routeConfigurationId: write
                            from:
                              uri: event:profile.changed?batchSize=100&batchWait=500ms
                              steps:
                                - to: { id: bring, uri: "connector:lists/bring" }
                        """)
                .flow("users", """
                        - route:
                            id: users
                            routeConfigurationId: write
                            from:
                              uri: event:contact.updated?batchSize=100&batchWait=500ms
                              steps:
                                - to: { id: to-user, uri: "mapping:zendesk/loose-user" }
                                - to: { id: upsert, uri: "connector:zendesk/upsert_users" }
                        """);
        hub = TestHub.with(files.settings("serai.retry.first", "300ms", "serai.hub.name", "one"));
    }

    @AfterAll
    static void stop() {
        hub.close();
        lists.stop(0);
    }

    /** Of its first import two records are refused, of others none. */
    private static void answer(HttpExchange call) throws IOException {
        try (call) {
            String path = call.getRequestURI().getPath();
            call.getRequestBody().readAllBytes();
            String body;
            int status = path.equals("/imports") ? 202 : 200;
            if (path.equals("/imports")) {
                body = "{\"id\":\"j" + IMPORTS.incrementAndGet() + "\"}";
            } else if (path.endsWith("/errors")) {
                body = Stream.of(EMAILS)
                        .limit(path.contains("j1/") ? named : 0)
                        .map(email -> "{\"email\":\"" + email + "\",\"detail\":\"no such phone\"}")
                        .collect(Collectors.joining(",", "{\"data\":[", "]}"));
            } else if (unseen > 0) {
                unseen--;
                status = 404;
                body = "{}";
            } else {
                body = "{\"status\":\"complete\",\"failed_count\":" + (path.endsWith("/j1") ? refused : 0) + "}";
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().add("Content-Type", "application/json");
            call.sendResponseHeaders(status, bytes.length);
            call.getResponseBody().write(bytes);
        }
    }

    /** All of them in one request, so that they are one call however slow the machine is. */
    private static void profiles() {
        IMPORTS.set(0);
        String all = Stream.of(EMAILS)
                .map(email -> "{\"kind\":\"profile.changed\",\"id\":\"" + people++
                        + "\",\"updated_at\":\"2026-11-21T10:00:00Z\",\"email\":\"" + email + "\"}")
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(hub.crm(all).status()).isEqualTo(202);
        allEnd();
    }

    @BeforeEach
    void forget() {
        hub.column("DELETE FROM open_run RETURNING id");
        hub.column("DELETE FROM done_run RETURNING id");
        hub.simulator().reset();
        hub.simulator().noLimits("zendesk");
    }

    private static void tell(String... names) {
        for (String name : names) {
            int n = people++;
            String known = name.isEmpty() ? "" : ",\"name\":\"" + name + "\"";
            assertThat(hub.crm("{\"id\":\"" + n + "\",\"updated_at\":\"2026-11-21T10:00:00Z\","
                                    + "\"properties\":{\"email\":\"p" + n + "@example.com\"" + known + "}}")
                            .status())
                    .isEqualTo(202);
        }
    }

    private static List<Call> calls(String operation) {
        return hub.simulator().ledger().calls("zendesk", operation);
    }

    private static int sent() {
        return calls(MANY).stream()
                .mapToInt(call -> call.json().path("users").size())
                .sum();
    }

    private static void allEnd() {
        eventually(() -> hub.runs("waiting", "claimed").isEmpty());
    }

    @Test
    void whatIsAcceptedAndRefusedLaterIsTheFailureOfItsRecordAlone() {
        tell("Ada", "", "Grace", "Edsger", "Barbara");
        allEnd();

        assertThat(hub.column("SELECT state FROM run ORDER BY id"))
                .containsExactly("done", "dead", "done", "done", "done");
        History.Run dead = hub.runs("dead").get(0);
        assertThat(dead.step()).isEqualTo("upsert");
        assertThat(dead.reason()).isEqualTo(REFUSED);
        assertThat(sent()).as("nothing is sent twice").isEqualTo(5);
        assertThat(hub.column("SELECT DISTINCT retries FROM run")).containsExactly("0");
        assertThat(hub.column(
                        "SELECT convert_from(answer, 'UTF8') FROM step WHERE run_id IN (SELECT id FROM done_run)"))
                .as("the entry of the record")
                .allMatch(answer -> answer.contains("\"status\":\"Created\""));
        assertThat(calls(JOB).size())
                .as("a question for all records of a call, and not one for each")
                .isLessThan(5 * calls(MANY).size());
    }

    @Test
    void anotherHubGoesOnWithWhatOneHadAccepted() {
        hub.simulator().fault("zendesk", JOB, Fault.status(503).times(3));
        tell("Ada", "");
        eventually(() -> !calls(JOB).isEmpty());
        try (var other = hub.another(Map.of("serai.hub.name", "two")).wiring()) {
            allEnd();
            assertThat(other.hub()).isNotNull();
        }

        assertThat(hub.column("SELECT state FROM run ORDER BY id")).containsExactly("done", "dead");
        assertThat(hub.runs("dead").get(0).reason()).isEqualTo(REFUSED);
        assertThat(sent()).isEqualTo(2);
    }

    @Test
    void aJobThatFailedAsAWholeIsTheFailureOfEachAndAResumeSendsThemAgain() {
        String killed = "{\"job_status\":{\"id\":\"j\",\"status\":\"killed\",\"message\":\"too many jobs\"}}";
        hub.simulator().fault("zendesk", JOB, Fault.status(200).body("application/json", killed));
        tell("Ada", "Grace");
        allEnd();
        assertThat(hub.runs("dead")).hasSize(2).allMatch(run -> run.reason()
                .equals("zendesk accepted it, and then: killed: too many jobs"));

        hub.simulator().clearFaults("zendesk");
        hub.resume(RunFilter.ALL.states(List.of("dead")), Optional.empty());
        allEnd();

        assertThat(hub.column("SELECT DISTINCT state FROM run")).containsExactly("done");
        assertThat(sent()).isEqualTo(4);
    }

    @Test
    void aJobThatIsNotKnownAnyMoreIsNotAskedForForEver() {
        hub.simulator().fault("zendesk", JOB, Fault.status(404));
        tell("Ada");
        allEnd();
        assertThat(hub.runs("dead").get(0).reason())
                .startsWith("zendesk accepted it at ")
                .endsWith("does not know its job any more; look there whether it was done; resumed, what is safe to"
                        + " repeat is sent again");

        hub.simulator().clearFaults("zendesk");
        hub.resume(RunFilter.ALL.states(List.of("dead")), Optional.empty());
        allEnd();

        assertThat(hub.column("SELECT DISTINCT state FROM run")).containsExactly("done");
        assertThat(sent()).isEqualTo(2);
    }

    @Test
    void failuresOfADoneJobAreReadWhereTheyStand() {
        named = refused = 2;

        profiles();

        assertThat(hub.column("SELECT state FROM run ORDER BY id")).containsExactly("dead", "dead", "done");
        assertThat(hub.runs("dead"))
                .extracting(History.Run::reason)
                .containsOnly("lists accepted the call and refused this record: no such phone");
        assertThat(IMPORTS.get()).as("nothing is sent twice").isEqualTo(1);
        assertThat(hub.column("SELECT DISTINCT endpoint FROM attempt WHERE endpoint LIKE 'GET%'"
                        + " AND run_id IN (SELECT id FROM run) ORDER BY endpoint"))
                .containsExactly("GET /jobs/j1", "GET /jobs/j1/errors");
    }

    @Test
    void whoRefusedNoneIsNotAskedForAListOfThem() {
        refused = 0;

        profiles();

        assertThat(hub.column("SELECT DISTINCT state FROM run")).containsExactly("done");
        assertThat(hub.column("SELECT endpoint FROM attempt WHERE endpoint LIKE '%/errors'"
                        + " AND run_id IN (SELECT id FROM run)"))
                .isEmpty();
    }

    @Test
    void aJobOfManyThatIsNotThereYetIsAskedForAgain() {
        refused = 0;
        unseen = 1;

        profiles();

        assertThat(unseen).isZero();
        assertThat(hub.column("SELECT DISTINCT state FROM run")).containsExactly("done");
        assertThat(IMPORTS.get()).isEqualTo(1);
    }

    @Test
    void whatMayBeAmongFailuresThatAreNotNamedIsSentAgain() {
        named = 1;
        refused = 2;

        profiles();

        assertThat(hub.column("SELECT state FROM run ORDER BY id")).containsExactly("dead", "done", "done");
        assertThat(IMPORTS.get()).as("the two of which nobody knew").isGreaterThan(1);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}
