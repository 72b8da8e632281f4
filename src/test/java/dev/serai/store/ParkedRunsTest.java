package dev.serai.store;

import static dev.serai.store.TestStore.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.run.Breaker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Very many runs wait for a way that becomes free. */
class ParkedRunsTest {
    private static final Breakers.Endpoint CALL = new Breakers.Endpoint("crm", "upsert");
    private static final ByHand ADA = new ByHand("ada", "it is back");
    private static final int PARKED = 2_500;
    /** Whoever wakes them leaves then what is left to the sweep. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final TestStore store = TestStore.fresh();
    private final Breakers breakers = new Breakers(store.database.dataSource());

    @BeforeEach
    void park() throws SQLException {
        store.store(IntStream.range(0, PARKED)
                .mapToObj(i -> event("k" + i, "contact:" + i, "f"))
                .toList());
        store.execute("UPDATE open_run SET waits_for = 'crm/upsert', due_at = now() + interval '1 day'");
        store.execute("INSERT INTO breaker (connection, operation, state, failures, since, until, probe, reason)"
                + " VALUES ('crm', 'upsert', 'open', 5, now(), now() + interval '1 hour', 0, '503')");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theyAreWokenInChunksWhenTheBreakerIsClosed() throws SQLException {
        nobodyMayChangeMoreAtOnceThan(1_000);

        closedUntilThereWait(0);

        assertThat(store.column("SELECT count(*) FROM open_run WHERE due_at <= now()"))
                .containsExactly("" + PARKED);
    }

    @Test
    void theBreakerStaysClosedThoughNoneCanBeWokenAndTheSweepFindsThem() throws SQLException {
        nobodyMayChangeMoreAtOnceThan(0);

        Breakers.Change change = breakers.change(
                CALL,
                store.now,
                before -> new Breaker(Breaker.State.CLOSED, 0, store.now, null, before.probe(), ""),
                told -> Optional.empty());

        assertThat(change.closed()).isTrue();
        assertThat(store.column("SELECT state FROM breaker")).containsExactly("closed");
        assertThat(waiting()).isEqualTo(PARKED);

        nobodyMayChangeMoreAtOnceThan(1_000);
        sweptUntilThereWait(0);
    }

    @Test
    void oneThatSomebodyElseHasInHandHoldsUpNoOther() throws Exception {
        try (var other = store.database.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement().execute("SELECT 1 FROM open_run ORDER BY id LIMIT 1 FOR UPDATE");

            closedUntilThereWait(1);

            other.rollback();
        }
        sweptUntilThereWait(0);
    }

    /** On a machine that stands still it leaves some to the sweep. */
    private void closedUntilThereWait(int left) throws SQLException {
        long began = System.nanoTime();
        assertThat(breakers.close(CALL, store.now, ADA)).isTrue();
        if (System.nanoTime() - began >= PATIENCE.toNanos()) {
            sweptUntilThereWait(left);
        }
        assertThat(waiting()).isEqualTo(left);
    }

    /** It comes again and again, and gives up after a few seconds each time. */
    private void sweptUntilThereWait(int left) {
        var runs = new ParkedRuns(store.database.dataSource(), () -> store.now);
        await().pollDelay(Duration.ZERO).until(() -> {
            runs.wakeLetGo();
            return waiting() == left;
        });
    }

    @Test
    void someAreCalledBackInTheOrderOfTheirTurns() throws SQLException {
        store.execute("UPDATE open_run SET due_at = now() + id * interval '1 minute'");
        store.execute("UPDATE open_run SET due_at = now() - interval '1 minute' WHERE id = 1");
        store.execute("UPDATE open_run SET flow = 'paused' WHERE id = 3");

        new ParkedRuns(store.database.dataSource(), () -> store.now).wakeNext("crm/upsert", List.of("paused"), 3);

        assertThat(store.column("SELECT id FROM open_run WHERE waits_for IS NULL ORDER BY id"))
                .as("the first is due already, and the third of a flow that is paused")
                .containsExactly("2", "4", "5");
        assertThat(store.column("SELECT DISTINCT due_at = '" + store.now + "' FROM open_run WHERE waits_for IS NULL"))
                .containsExactly("t");
    }

    @Test
    void theRecordsOfOneCallThatWentAwayTogetherAreCalledBackTogether() throws SQLException {
        store.execute(
                "UPDATE open_run SET due_at = now() + (CASE WHEN id <= 100 THEN 1 ELSE id END) * interval '1 minute'");

        new ParkedRuns(store.database.dataSource(), () -> store.now).wakeNext("crm/upsert", List.of(), 2);

        assertThat(store.column("SELECT count(*) FROM open_run WHERE waits_for IS NULL"))
                .as("a hundred of one turn, and one of the next")
                .containsExactly("101");
    }

    /** As when the database is slow, or somebody has a row in hand. */
    @Test
    void whatWasNotWokenInTimeIsToldSoAndWokenTheNextTime() throws SQLException {
        var runs = new ParkedRuns(store.database.dataSource(), () -> store.now);
        nobodyMayChangeMoreAtOnceThan(0);
        var woken = runs.wake("crm/upsert", ParkedRuns.Woken.NOBODY);
        assertThat(woken.isAll()).isFalse();

        nobodyMayChangeMoreAtOnceThan(1_000);
        await().pollDelay(Duration.ZERO)
                .until(() -> runs.wake("crm/upsert", woken).isAll());
        assertThat(waiting()).isZero();
    }

    /** It is due by itself after its day, while an earlier one of its record was resumed by hand and is parked again. */
    @Test
    void aDueRunThatIsBlockedKeepsNoProbe() throws SQLException {
        store.execute("UPDATE open_run SET lane = 'f contact:x' WHERE id IN (5, 9)");
        store.execute("UPDATE open_run SET due_at = now() - interval '1 minute' WHERE id = 9");
        store.execute("UPDATE open_run SET flow = 'paused' WHERE id < 5");

        wakeOne();
        assertThat(due()).containsExactly("5", "9");

        store.execute("UPDATE open_run SET due_at = now() + interval '1 day' WHERE id = 5");
        store.execute("UPDATE open_run SET flow = 'paused' WHERE id = 5");
        wakeOne();
        assertThat(due()).as("one that could find out").containsExactly("6", "9");
        wakeOne();
        assertThat(due()).as("and not a second one").containsExactly("6", "9");
    }

    private void wakeOne() throws SQLException {
        new ParkedRuns(store.database.dataSource(), () -> store.now).wakeOne("crm/upsert", List.of("f"));
    }

    private List<String> due() {
        return store.column("SELECT id FROM open_run WHERE due_at <= now() ORDER BY id");
    }

    private int waiting() {
        return Integer.parseInt(store.column("SELECT count(*) FROM open_run WHERE waits_for IS NOT NULL")
                .get(0));
    }

    private void nobodyMayChangeMoreAtOnceThan(int rows) {
        store.execute("""
                CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF (SELECT count(*) FROM changed) > %d THEN RAISE EXCEPTION 'too many at once'; END IF;
                  RETURN NULL;
                END $$;
                CREATE OR REPLACE TRIGGER refuse AFTER UPDATE ON open_run REFERENCING NEW TABLE AS changed
                  FOR EACH STATEMENT EXECUTE FUNCTION refuse()""".formatted(rows));
    }
}
