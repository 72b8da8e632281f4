package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Pace;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An order that is not to write what is older over what is newer. */
class NewerWritesTest {
    private static final ByHand ADA = new ByHand("ada", "mended");

    private static Resume.Result resume(TestStore store, ClaimedRun run) throws SQLException {
        var order = new Resume.Order(
                RunFilter.ALL.ids(List.of(run.id())),
                Optional.empty(),
                Pace.AT_ONCE,
                1,
                new NewerWrites(List.of("f", "f-anew"), false));
        return store.resuming().resume(order, ADA, soFar -> {});
    }

    private static Replay.Result replay(TestStore store, long event) throws SQLException {
        var which = new Replay.Which(
                List.of(event),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var order = new Replay.Order("f", which, Pace.AT_ONCE, 1, new NewerWrites(List.of("f", "f-anew"), true));
        return new Replay(store.database.dataSource(), () -> store.now).replay(order, ADA, soFar -> {});
    }

    private static void wrote(TestStore store, long run, String writeClass, String state) {
        store.execute(
                "INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key) VALUES ("
                        + run + ", 'tell', '" + state + "', 'slack', 'post', '" + writeClass + "', 'k')");
    }

    @Test
    void aDeadRunIsNotResumedOverWhatTheNewVersionOfItsFlowWroteSince() throws SQLException {
        try (var store = TestStore.empty()) {
            store.store(TestStore.event("1", "contact:7", "f"));
            ClaimedRun dead = store.claim("f").get(0);
            store.dead(dead, false);
            store.store(TestStore.event("other", "contact:8", "f"));
            wrote(store, store.claim("f").get(0).id(), "once", "succeeded");
            store.store(TestStore.event("2", "contact:7", "f-anew"));
            assertThat(resume(store, dead).resumed())
                    .as("what waits goes behind it")
                    .containsExactly(dead.id());
            store.claim("f").forEach(run -> store.dead(run, false));

            ClaimedRun newer = store.claim("f-anew").get(0);
            assertThat(resume(store, dead).refused())
                    .as("it is under way")
                    .extracting(Refusal::why)
                    .containsExactly("a newer event of its record was written since");
            store.done(newer);
            wrote(store, newer.id(), "read", "succeeded");
            assertThat(resume(store, dead).resumed()).as("it only read").containsExactly(dead.id());
            store.claim("f").forEach(run -> store.dead(run, false));

            store.execute("UPDATE step SET write_class = 'once' WHERE run_id = " + newer.id());
            Resume.Result refused = resume(store, dead);

            assertThat(refused.resumed()).isEmpty();
            assertThat(refused.refused()).extracting(Refusal::run).containsExactly(dead.id());
            assertThat(store.column("SELECT state FROM open_run WHERE id = " + dead.id()))
                    .containsExactly("dead");
        }
    }

    @Test
    void anEventIsNotReplayedBehindANewerOneThatWaits() throws SQLException {
        try (var store = TestStore.empty()) {
            long older = store.store(TestStore.event("1", "contact:7")).eventId();
            long newer = store.store(TestStore.event("2", "contact:7", "f")).eventId();

            assertThat(replay(store, older).events()).isEmpty();
            assertThat(store.column("SELECT event_id FROM open_run")).containsExactly(Long.toString(newer));
            store.execute("DELETE FROM open_run");
            assertThat(replay(store, older).events()).containsExactly(older);
        }
    }

    @Test
    void whetherSomethingNewerWasWrittenIsSeenWithoutReadingTheHistory() throws SQLException {
        try (var store = TestStore.fresh()) {
            store.execute("INSERT INTO event (id, source, type, key, record, payload) SELECT n, 'crm', 't', 'k' || n,"
                    + " CASE WHEN n % 20000 = 0 THEN 'contact:7' ELSE 'contact:x' || n END, '{}'"
                    + " FROM generate_series(1, 60000) n");
            store.execute("INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at)"
                    + " SELECT n, n, 'f', 1, 0, now(), now() FROM generate_series(1, 60000) n");
            store.execute("VACUUM ANALYZE");
            wrote(store, 60_000, "once", "succeeded");

            Reading reading = Reading.of(
                    store.database.dataSource(),
                    one -> (int) Sql.transaction(one, connection -> new NewerWrites(List.of("f"), false)
                                    .spare(connection, List.of(20_000L, 60_000L), id -> id, id -> {})
                                    .get(0))
                            .longValue());

            assertThat(reading.result()).isEqualTo(60_000);
            assertThat(reading.rows("event")).isLessThan(1_000);
            assertThat(reading.rows("done_run")).isLessThan(20_000);
        }
    }
}
