package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.alert.Alert;
import dev.serai.simulator.Fault;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole hubs that tell of what is wrong, to a Slack that may fail. */
class AlertWatchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RAISED =
            "SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert' ORDER BY id";

    /** Dead letters as a flow leaves them, many at once. */
    private static final String MANY_DEAD = """
            WITH e AS (INSERT INTO event (source, type, key, record, payload)
                       SELECT 'crm', 'contact.updated', 'k' || n, 'contact:' || n, '{}' FROM generate_series(1, %d) n RETURNING id, record),
            r AS (INSERT INTO open_run (event_id, flow, lane, state, holds, finished_at, step, reason, owner)
                  SELECT id, 'enrol', 'enrol ' || record, 'dead', false, now(), 'put', 'email: "x' || id || '@y.example" of ' || gen_random_uuid() || ' and ' || md5(id::text) || ' is no address', 'config'
                    FROM e RETURNING id)
            SELECT count(*) FROM r""";

    @TempDir
    private Path folder;

    private TestHub hub;

    @AfterEach
    void stop() {
        hub.close();
    }

    private TestFolders files() throws IOException {
        var files = new TestFolders(folder);
        files.flow("alerts-to-slack", Files.readString(Path.of("routes/alerts-to-slack.camel.yaml")));
        return files;
    }

    private static Map<String, String> settings(TestFolders files) {
        Map<String, String> settings = files.settings(
                "serai.alerts.every",
                "100ms",
                "alerts.slack",
                "true",
                "alerts.slack.channel",
                "sales",
                "serai.hub.name",
                "one");
        settings.put("serai.retry.quick-attempts", "1");
        return settings;
    }

    private static void eventually(ThrowingRunnable that) {
        // an UPDATE of many alerts may meet a hub that writes them in another order, and one of the two is turned away
        await().atMost(Duration.ofSeconds(60))
                .ignoreException(IllegalStateException.class)
                .untilAsserted(that);
    }

    private List<JsonNode> raised() {
        return hub.column(RAISED).stream()
                .map(text -> {
                    try {
                        return JSON.readTree(text);
                    } catch (JsonProcessingException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private List<String> posts() {
        return hub.simulator().records("slack", "messages").stream()
                .map(message -> message.path("text").asText())
                .toList();
    }

    @Test
    void tenThousandEqualErrorsAreOneAlertOfAllHubsAndItsEndIsToldToo() throws IOException {
        hub = TestHub.with(settings(files()));
        String before = "dead-letters enrol put email: \"…\" of NfNaN-cN is no address"; // as patterns were once
        hub.column("INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, count, body) VALUES ('"
                + Alert.name(before) + "', '" + before
                + "', 'dead-letters', 'repeated_pattern', 'open', 'warning', now(),"
                + " now(), 1, '{}') RETURNING name");
        var other = new HashMap<String, String>();
        other.put("serai.hub.name", "two");
        try (var second = hub.another(other).wiring()) {
            assertThat(second.hub().flows()).contains("alerts-to-slack");
            hub.column(MANY_DEAD.formatted(10_000));

            eventually(() -> assertThat(posts()).hasSize(1));
            assertThat(posts().get(0))
                    .startsWith("*Critical: 10000 runs of enrol failed alike at put: email: ")
                    .contains("Replay: safe: what succeeded is not sent again", "/runbooks/validation")
                    .contains("Cause: what the record holds", "Owner: config", "Reach: 10000 records")
                    .doesNotContain("y.example");
            assertThat(hub.column("SELECT count || ' ' || state FROM alert WHERE key NOT LIKE '%NfNaN%'"))
                    .containsExactly("10000 open");
            eventually(() -> {
                hub.column("UPDATE alert SET clear_since = clear_since - interval '1 hour' RETURNING name");
                assertThat(hub.column("SELECT key FROM alert WHERE state = 'resolved'"))
                        .containsExactly(before);
            });
            assertThat(raised()).singleElement().satisfies(alert -> {
                assertThat(alert.path("records").asInt()).isEqualTo(10_000);
                assertThat(alert.path("class").asText()).isEqualTo("validation");
                assertThat(alert.path("what_to_do").asText())
                        .contains("serai dead-letters resume --flow enrol --step put");
            });

            hub.column("DELETE FROM open_run WHERE flow = 'enrol' RETURNING id");
            // its rule asks for a minute of quiet: the minute is put behind it
            eventually(() -> {
                hub.column("UPDATE alert SET clear_since = clear_since - interval '1 hour' RETURNING name");
                assertThat(posts()).hasSize(2);
            });
            assertThat(posts().get(1)).startsWith("*Over: 10000 runs of enrol");
            assertThat(hub.column("SELECT DISTINCT state FROM alert")).containsExactly("resolved");
        }
    }

    @Test
    void whileSlackIsDownNothingIsLostAndTheTellingIsNotItselfToldOf() throws IOException {
        hub = TestHub.with(settings(files()));
        hub.simulator().fault("slack", Fault.status(400).times(2));
        hub.column(MANY_DEAD.formatted(3));

        eventually(() -> assertThat(hub.column("SELECT key FROM alert WHERE muted"))
                .singleElement()
                .asString()
                .contains("alerts-to-slack"));
        assertThat(hub.column("SELECT state FROM open_run WHERE flow = 'alerts-to-slack'"))
                .containsExactly("dead");
        assertThat(raised()).hasSize(1);
        hub.simulator().clearFaults("slack");
        assertThat(hub.resume(Long.parseLong(hub.column("SELECT id FROM open_run WHERE flow = 'alerts-to-slack'")
                        .get(0))))
                .isTrue();
        eventually(() -> assertThat(posts()).hasSize(1));
        assertThat(raised()).hasSize(1);
    }

    @Test
    void whetherResumingIsSafeIsToldByNowAndNotByThen() throws IOException {
        hub = TestHub.with(settings(files()));
        hub.column(MANY_DEAD.formatted(3));
        String body = "SELECT body FROM alert WHERE signal = 'repeated_pattern'";
        eventually(() -> assertThat(hub.column(body)).singleElement().asString().contains("\"replay\":\"safe: "));

        // somebody resumed one; it died again between two looks, with a write half done
        hub.column("INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key)"
                + " SELECT min(id), 'put', 'intended', 'crm', 'put', 'once', 'k' FROM open_run RETURNING run_id");
        hub.column("UPDATE open_run SET finished_at = now() WHERE id = (SELECT min(id) FROM open_run) RETURNING id");
        eventually(() ->
                assertThat(hub.column(body)).singleElement().asString().contains("\"replay\":\"not safe yet: 1 "));
        hub.column(MANY_DEAD.formatted(1));
        eventually(() -> assertThat(hub.column(body)).singleElement().asString().contains("4 runs of enrol"));
        assertThat(raised()).as("nothing of it is news").hasSize(1);
    }

    @Test
    void aStateThatBeganInASilenceIsToldWhenThatIsOverAndSoIsItsEnd() throws IOException {
        hub = TestHub.with(settings(files()));
        hub.column("""
                INSERT INTO alert (name, key, rule, signal, state, severity, since, seen_at, count, told_key, silenced_until, body)
                VALUES ('%s', 'quota_used crm day', 'quota-used', 'quota_used', 'open', 'warning', now(), now(), 1, 'used',
                        now() + interval '1 hour', '{"kind":"quota.used","connection":"crm","window":"day","severity":"warning",\
                "reason":"80 %% of it is used","since":"2026-11-21T10:00:00Z","until":"2099-01-01T00:00:00Z","state":"open"}')
                RETURNING name""".formatted(Alert.name("quota_used crm day")));
        hub.column("UPDATE alert SET silenced_until = now() RETURNING name");

        eventually(() -> assertThat(posts()).singleElement().asString().startsWith("*Warning: 80 % of it is used"));
        hub.column("UPDATE alert SET body = replace(body, '2099', '2020') RETURNING name");
        eventually(() -> assertThat(posts()).hasSize(2));
        assertThat(posts().get(1)).startsWith("*Over: ");
        assertThat(hub.column("SELECT key || ' ' || record FROM event WHERE type = 'serai.alert' ORDER BY id LIMIT 1"))
                .containsExactly("used connection:crm");
    }

    @Test
    void anAlertOfAHubThatDiedIsDeliveredOnceByTheNext() throws IOException {
        var files = files();
        Map<String, String> settings = settings(files);
        hub = TestHub.with(settings);
        hub.simulator().fault("slack", Fault.status(429).times(2));
        hub.column(MANY_DEAD.formatted(1));
        eventually(() -> assertThat(raised()).hasSize(1));
        hub.wiring().close();
        hub.simulator().clearFaults("slack");
        try (var next = hub.another(Map.of("serai.hub.name", "next")).wiring()) {
            // the pause that Slack's 429 asks for is over
            eventually(() -> {
                TestDatabase.column(next.database().dataSource(), "UPDATE quota SET state = '{}' RETURNING connection");
                TestDatabase.column(
                        next.database().dataSource(),
                        "UPDATE open_run SET due_at = now() WHERE state = 'waiting' RETURNING id");
                assertThat(posts()).hasSize(1);
            });
            eventually(() -> assertThat(TestDatabase.column(
                            next.database().dataSource(), "SELECT state FROM run WHERE flow = 'alerts-to-slack'"))
                    .containsExactly("done"));
        }
        assertThat(posts()).hasSize(1);
    }
}
