package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.config.Settings;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

class UpgradeTest {
    @Test
    void whatTheVersionBeforeLeftIsGoneOnWithByThisOne() throws Exception {
        Map<String, String> place = TestDatabase.empty();
        String url = place.get("serai.database.url");
        String user = place.get("serai.database.user");
        String password = place.get("serai.database.password");
        Flyway.configure()
                .dataSource(url, user, password)
                .locations("classpath:db")
                .target("1")
                .load()
                .migrate();
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement()) {
            statement.execute("""
                    INSERT INTO event (source, type, key, record, payload)
                      SELECT 'crm', 'contact.updated', 'k' || n, 'contact:' || n % 2, convert_to('{"n":' || n || '}', 'UTF8')
                        FROM generate_series(1, 4) n;
                    INSERT INTO event_key (source, key, event_id) SELECT source, key, id FROM event;
                    INSERT INTO run (event_id, flow, lane, state, claims, claimed_by, lease_until, finished_at, reason) VALUES
                      (1, 'f', 'f contact:1', 'done', 1, NULL, NULL, now(), NULL),
                      (2, 'f', 'f contact:0', 'dead', 1, NULL, NULL, now(), 'email: is missing'),
                      (3, 'f', 'f contact:1', 'claimed', 1, 'old-hub', now() + interval '1 hour', NULL, NULL),
                      (4, 'f', 'f contact:0', 'waiting', 0, NULL, NULL, NULL, NULL);
                    INSERT INTO step (run_id, step, state, connection, operation, idempotency_key)
                      VALUES (3, 'enrol', 'succeeded', 'mailchimp', 'upsert_member', 'r_3:enrol');
                    INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, verdict, duration_ms)
                      VALUES (3, 'enrol', now(), 1, 'PUT /', 2, 'success', 3)""");
        }

        try (var database = Database.open(Settings.read(Path.of("none"), Map.of(), place))) {
            var data = database.dataSource();
            assertThat(TestDatabase.column(data, "SELECT state FROM run ORDER BY id"))
                    .containsExactly("done", "dead", "waiting", "waiting");
            try (var inbox = new Inbox(data, InstantSource.system(), 10);
                    var runs = new Runs(data, InstantSource.system(), "new-hub")) {
                var journal = new Journal(data, runs, null);
                var shares = List.of(TestStore.share("f", 4, 0));
                var claimed = runs.claim(shares, new Runs.Terms(10, 1000, Duration.ofMinutes(1), 5, true));
                assertThat(claimed).extracting(ClaimedRun::id).containsExactly(3L, 4L);
                assertThat(claimed.get(0).resumed()).isTrue();
                assertThat(journal.stepsOf(List.of(3L), InstantSource.system()).get(3L))
                        .containsKey("enrol");

                assertThat(store(inbox, "k4").duplicate()).isTrue();
                assertThat(store(inbox, "k5").eventId()).isGreaterThan(4);
            }
        }
    }

    private static Receipt store(Inbox inbox, String key) {
        return TestStore.joined(inbox.append(List.of(TestStore.event(key, "contact:9", "f"))))
                .get(0);
    }
}
