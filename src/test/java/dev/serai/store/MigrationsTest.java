package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.LogCapture;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A hub of a newer version starts while one of the version before works and somebody else holds on to a table. */
class MigrationsTest {
    private static final Duration MOMENT = Duration.ofMillis(100);

    private final Map<String, String> place = TestDatabase.empty();
    private final PGSimpleDataSource before = new PGSimpleDataSource();
    private Connection holder;

    @BeforeEach
    void theVersionBefore() throws SQLException {
        before.setUrl(place.get("serai.database.url"));
        before.setUser(place.get("serai.database.user"));
        before.setPassword(place.get("serai.database.password"));
        Flyway.configure()
                .dataSource(before)
                .locations("classpath:db")
                .target("19")
                .load()
                .migrate();
        holder = before.getConnection();
        holder.setAutoCommit(false);
        try (var statement = holder.createStatement()) {
            statement.execute("SET application_name = 'a-report'");
            statement.execute(
                    "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'contact:1', '{}')");
        }
    }

    @AfterEach
    void close() throws SQLException {
        holder.close();
    }

    @Test
    void aHubGoesOnStoringWhileANewerOneWaitsForALockAndThatOneStartsWhenTheLockIsFree() throws Exception {
        try (var inbox = new Inbox(before, InstantSource.system(), 10);
                var log = new LogCapture()) {
            var upgraded = CompletableFuture.runAsync(
                    () -> migrations(Duration.ofMinutes(10)).migrate());

            for (int tries = 1; tries <= 2; tries++) {
                int so = tries;
                Awaitility.await().until(() -> waits(log).size() >= so);
                var receipts = inbox.append(List.of(TestStore.event("k" + tries, "contact:9", "f")));
                assertThat(receipts.toCompletableFuture().get(3, TimeUnit.MINUTES))
                        .hasSize(1);
            }
            assertThat(upgraded).isNotDone();
            assertThat(waits(log).get(0))
                    .containsPattern("held_by=session \\d+ \\(a-report of postgres at 127.0.0.1, for \\d+ s\\)");
            holder.commit();

            upgraded.get(3, TimeUnit.MINUTES);
            assertThat(indexes()).isEqualTo("event_0_words");
        }
    }

    @Test
    void afterItsTimeItSaysWhoHoldsTheLockAndHasChangedNothing() {
        var hasty = migrations(MOMENT.multipliedBy(2));

        assertThatThrownBy(hasty::migrate)
                .isInstanceOf(Database.SchemaLocked.class)
                .hasMessageMatching(
                        "Can't bring the schema of .* up to date: for \\d+ s tables that it changes were locked by"
                                + " session \\d+ \\(a-report .*\\)\\. What was begun is undone.* start again\\.");

        assertThat(indexes()).isNull();
        assertThat(TestDatabase.column(before, "SELECT max(version::int) FROM flyway_schema_history"))
                .containsExactly("19");
    }

    private Migrations migrations(Duration most) {
        return new Migrations(
                place.get("serai.database.url"),
                place.get("serai.database.user"),
                place.get("serai.database.password"),
                before,
                new Migrations.Waits(MOMENT, MOMENT, most));
    }

    private String indexes() {
        return TestDatabase.column(before, "SELECT to_regclass('event_0_words')")
                .get(0);
    }

    private static List<String> waits(LogCapture log) {
        return log.lines().stream()
                .filter(line -> line.contains("schema.waits"))
                .toList();
    }
}
