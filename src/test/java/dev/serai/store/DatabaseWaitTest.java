package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.LogCapture;
import dev.serai.TcpProxy;
import dev.serai.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hub that starts before its database, on a real PostgreSQL that lets nobody in at first. */
class DatabaseWaitTest {
    private static Settings with(Map<String, String> base, String name, String value) {
        var all = new HashMap<>(base);
        all.put(name, value);
        return Settings.read(Path.of("none"), Map.of(), all);
    }

    private static int port(Map<String, String> fresh) {
        return URI.create(fresh.get("serai.database.url").substring("jdbc:".length()))
                .getPort();
    }

    @Test
    void aHubWaitsForADatabaseThatComesLate() {
        Map<String, String> fresh = TestDatabase.fresh();
        try (var proxy = new TcpProxy(port(fresh));
                var log = new LogCapture()) {
            proxy.cut();
            Settings late = with(
                    fresh,
                    "serai.database.url",
                    fresh.get("serai.database.url").replace(":" + port(fresh) + "/", ":" + proxy.port() + "/"));

            var opened = CompletableFuture.supplyAsync(() -> Database.own(late));
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> log.lines().stream()
                    .anyMatch(line -> line.contains("database.awaited")));
            assertThat(opened).isNotDone();
            proxy.mend();

            try (Database database = opened.join()) {
                assertThat(TestDatabase.column(database.dataSource(), "SELECT count(*) FROM event"))
                        .containsExactly("0");
            }
        }
    }

    @Test
    void itGivesUpInTimeAndSaysWhatToCheck() {
        Settings never = Settings.read(
                Path.of("none"),
                Map.of(),
                Map.of("serai.database.url", "jdbc:postgresql://127.0.0.1:1/serai", "serai.database.wait", "200ms"));
        try (var log = new LogCapture()) {
            assertThatThrownBy(() -> Database.own(never))
                    .isInstanceOf(Database.DatabaseUnreachable.class)
                    .hasMessageContaining("serai.database.url");
            assertThat(log.lines()).anyMatch(line -> line.contains("database.not_there"));
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsNotWaitedFor() {
        Map<String, String> fresh = TestDatabase.fresh();
        Settings wrong = with(
                fresh,
                "serai.database.url",
                fresh.get("serai.database.url").replaceAll("/[^/]*$", "/no_such_database"));
        try (var log = new LogCapture()) {
            assertThatThrownBy(() -> Database.own(wrong)).hasMessageContaining("no_such_database");
            assertThat(log.lines()).noneMatch(line -> line.contains("database.not_there"));
        }
    }

    @Test
    void aWrongPasswordIsNotWaitedFor() {
        Settings wrong = with(TestDatabase.fresh(), "serai.database.password", "wrong");
        try (var log = new LogCapture()) {
            assertThatThrownBy(() -> Database.own(wrong)).isInstanceOf(Database.DatabaseUnreachable.class);
            assertThat(log.lines()).noneMatch(line -> line.contains("database.not_there"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/x, 08001, true", "jdbc:postgresql://db/x, 57P03, true",
        "jdbc:postgresql://db/x, 53300, true", "jdbc:postgresql://db/x, 28P01, false",
        "jdbc:postgresql://db/x, 3D000, false", "jdbc:nonsense://db/x, 08001, false"
    })
    void onlyWhatMayPassIsWaitedFor(String url, String state, boolean waits) {
        assertThat(DatabaseWait.comes(url, new SQLException("no", state))).isEqualTo(waits);
    }
}
