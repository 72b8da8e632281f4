package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.run.Pace;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static Replay.Result replay(TestStore store) {
        return replay(store, Optional.empty());
    }

    private static Replay.Result replay(TestStore store, Optional<Instant> unlessSince) {
        var which = new Replay.Which(
                List.of(),
                List.of("contact.updated"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                unlessSince);
        try {
            return new Replay(store.database.dataSource(), () -> store.now)
                    .replay(new Replay.Order("later", which, Pace.AT_ONCE, 100), new ByHand("ada", "x"), n -> {});
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anOrderWhoseAnswerWasLostIsGivenAgainAndReplaysOnlyWhatItHadNot() throws SQLException {
        try (var store = TestStore.fresh()) {
            store.store(Stream.of("1", "2", "3")
                    .map(key -> TestStore.event(key, "contact:" + key))
                    .toList());
            Optional<Instant> looked = Optional.of(store.now);
            assertThat(replay(store, looked).events()).hasSize(3);
            // two of them are done; of the third it is as if the hub had died before it was committed
            store.column("INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at)"
                    + " SELECT id, event_id, flow, 1, 0, created_at, created_at FROM open_run WHERE flow = 'later'"
                    + " ORDER BY event_id LIMIT 2 RETURNING 1");
            store.column("DELETE FROM open_run WHERE flow = 'later' RETURNING 1");

            Replay.Result again = replay(store, looked);

            assertThat(again.events()).hasSize(1);
            assertThat(again.repeated()).isEqualTo(2);
            store.column("DELETE FROM open_run WHERE flow = 'later' RETURNING 1");
            assertThat(replay(store).events())
                    .as("who does not say so means it")
                    .hasSize(3);
        }
    }

    @Test
    void twoWhoReplayTheSameAtOnceMakeOneRunOfEachEvent() throws SQLException {
        try (var store = TestStore.fresh()) {
            store.store(Stream.of("1", "2", "3")
                    .map(key -> TestStore.event(key, "contact:" + key))
                    .toList());
            List<CompletableFuture<Replay.Result>> both;
            try (var held = store.database.dataSource().getConnection();
                    var statement = held.createStatement()) {
                held.setAutoCommit(false);
                // it may be read, and not written: whoever has read before the other has written would write again
                statement.execute("LOCK TABLE open_run IN SHARE MODE");
                both = Stream.of(1, 2)
                        .map(i -> CompletableFuture.supplyAsync(() -> replay(store)))
                        .toList();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> store.column("SELECT count(*) FROM pg_locks WHERE NOT granted AND database ="
                                        + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                                .equals(List.of("2")));
                held.rollback();
            }

            List<Replay.Result> results =
                    both.stream().map(CompletableFuture::join).toList();

            assertThat(store.column("SELECT event_id FROM open_run WHERE flow = 'later' ORDER BY 1"))
                    .hasSize(3)
                    .doesNotHaveDuplicates();
            assertThat(results)
                    .extracting(result ->
                            result.events().size() + " " + result.runs().size() + " " + result.open())
                    .containsExactlyInAnyOrder("3 3 0", "0 0 3");
        }
    }
}
