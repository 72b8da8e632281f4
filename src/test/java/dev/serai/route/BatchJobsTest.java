package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.store.History;
import dev.serai.store.RunFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @BeforeAll
    static void start() throws IOException {
        String zendesk = Files.readString(Path.of("mappings/zendesk/connector.yaml"))
                .replace("first: 2s", "first: 300ms")
                .replace("longest: 1m", "longest: 500ms");
        var files = new TestFolders(folder)
                .mapping("zendesk/connector.yaml", zendesk)
                .mapping("zendesk/loose-user.yaml", """
                        mapping: zendesk/loose-user
                        from: any
                        fields:
                          email: { from: properties.email, required: true }
                          name:  { from: properties.name }
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

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }
}
