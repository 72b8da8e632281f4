package dev.serai.store;

import static dev.serai.store.TestStore.event;
import static dev.serai.store.TestStore.versioned;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SlicesTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final long PLENTY = 1L << 40;

    private final TestStore store = TestStore.fresh();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void eachDayBeginsASliceAndNumbersGoOnInIt() throws SQLException {
        Receipt first = store.store(event("1", "contact:1", "f"));
        tidyAfter(DAY, PLENTY);

        Receipt next = store.store(event("2", "contact:2", "f"));

        assertThat(first.eventId()).isLessThan(100);
        assertThat(next.eventId()).isEqualTo(100_000_001);
        assertThat(store.column("SELECT count(*) FROM event_1")).containsExactly("1");
        assertThat(store.claim("f")).hasSize(2);
    }

    @Test
    void whatIsOlderThanItIsKeptGoesWithItsDiskSpaceAndIsStillRecognisedWhenItComesAgain() throws SQLException {
        work(300);
        tidyAfter(DAY, PLENTY);
        Receipt kept = store.store(event("young", "contact:young", "f"));
        store.done(store.claim("f").get(0));

        assertThat(tidyAfter(DAY.multipliedBy(28), PLENTY)).isEmpty();
        List<Slices.Dropped> dropped = tidyAfter(DAY.multipliedBy(2), PLENTY);

        assertThat(dropped).hasSize(1).allMatch(d -> d.bytes() > 100_000 && !d.beforeItsTime());
        assertThat(store.column("SELECT to_regclass('event_0')")).containsExactly((String) null);
        assertThat(store.column("SELECT id FROM event")).containsExactly(Long.toString(kept.eventId()));
        assertThat(store.column("SELECT count(*) FROM run")).containsExactly("1");
        assertThat(store.store(event("k1", "contact:1", "f")).duplicate()).isTrue();
    }

    @Test
    void whatPollsHaveCalledIsForgottenAsTheHistoryIs() throws SQLException {
        store.column("INSERT INTO poll (connection, flow, operation, endpoint, hour, calls, fine, last_at)"
                + " SELECT 'shop', 'poll', 'orders', 'GET /orders', at, 1, 1, at"
                + " FROM unnest(ARRAY[now() - interval '28 days', now()]) at RETURNING 1");
        tidyAfter(DAY.multipliedBy(3), PLENTY);

        assertThat(store.column("SELECT (now() - hour < interval '1 day')::text FROM poll"))
                .containsExactly("true");
    }

    @Test
    void aDeadLetterKeepsItsPayloadAndCanBeResumedAndFinishedLongAfterItsSliceIsGone() throws SQLException {
        store.store(event("bad", "contact:1", "f"));
        ClaimedRun run = store.claim("f").get(0);
        TestStore.joined(journal(run));
        store.dead(run, false);
        store.column("INSERT INTO identifier (digest, event_id) SELECT 1, id FROM event RETURNING 1");
        tidyAfter(DAY, PLENTY);

        tidyAfter(DAY.multipliedBy(40), PLENTY);
        assertThat(store.column("SELECT count(*) FROM identifier")).containsExactly("1");
        assertThat(store.column("SELECT to_regclass('event_0')")).containsExactly((String) null);
        assertThat(store.column("SELECT step FROM step")).containsExactly("enrol");

        store.resume(run);
        ClaimedRun again = store.claim("f").get(0);
        assertThat(again.event().payload()).asString().contains("bad");
        store.done(again);
        assertThat(store.column("SELECT state FROM run")).containsExactly("done");

        tidyAfter(DAY.multipliedBy(40), PLENTY);
        assertThat(store.column("SELECT count(*) FROM event")).containsExactly("0");
        assertThat(store.column("SELECT count(*) FROM identifier"))
                .as("nobody is found by what is gone")
                .containsExactly("0");
        assertThat(store.column("SELECT count(*) FROM step")).containsExactly("0");
        assertThat(store.column("SELECT count(*) FROM attempt")).containsExactly("0");
        assertThat(store.column("SELECT count(*) FROM run")).containsExactly("0");
    }

    @Test
    void aDeadLetterIsGivenUpAfterItsTimeAndSaysSo() throws SQLException {
        store.store(event("bad", "contact:1", "f"));
        store.dead(store.claim("f").get(0), false);

        tidyAfter(DAY.multipliedBy(89), PLENTY);
        assertThat(store.column("SELECT state FROM run")).containsExactly("dead");

        tidyAfter(DAY.multipliedBy(2), PLENTY);
        assertThat(store.column("SELECT state || ': ' || reason FROM run"))
                .containsExactly("done: dead letter, given up for its age: email: is missing");
    }

    @Test
    @Timeout(300)
    void whatIsResumedAtThatMomentIsNotGivenUp() throws SQLException {
        store.store(event("bad", "contact:1", "f"));
        store.dead(store.claim("f").get(0), false);
        try (var resuming = store.database.dataSource().getConnection()) {
            resuming.setAutoCommit(false);
            resuming.createStatement().execute("SELECT 1 FROM open_run FOR UPDATE");

            tidyAfter(DAY.multipliedBy(91), PLENTY);

            assertThat(store.column("SELECT state FROM run")).containsExactly("dead");
            resuming.commit();
        }
        tidyAfter(DAY, PLENTY);
        assertThat(store.column("SELECT state FROM run")).containsExactly("done");
    }

    @Test
    void whatSomebodyWroteToCorrectAPayloadGoesWhenPayloadsGoAndThatHeDidStays() throws SQLException {
        store.store(event("bad", "contact:1", "f"));
        ClaimedRun open = store.claim("f").get(0);
        store.dead(open, false);
        store.execute("INSERT INTO audit (at, who, what, run_id, why, patch) SELECT '" + store.now
                + "', 'ada', 'resume', run," + " 'a typo', '[\"ada@example.com\"]' FROM unnest(ARRAY[" + open.id()
                + ", 99]) AS run");

        tidyAfter(DAY.multipliedBy(29), PLENTY);
        assertThat(store.column("SELECT count(*) FROM audit WHERE patch <> '[]'"))
                .containsExactly("2");

        tidyAfter(DAY.multipliedBy(2), PLENTY);
        assertThat(store.column("SELECT run_id FROM audit WHERE patch <> '[]'"))
                .as("a dead letter is kept with all that belongs to it")
                .containsExactly(Long.toString(open.id()));
        assertThat(store.column("SELECT who || what || why FROM audit"))
                .containsExactly("adaresumea typo", "adaresumea typo");

        tidyAfter(DAY.multipliedBy(60), PLENTY);
        assertThat(store.column("SELECT count(*) FROM audit WHERE patch <> '[]'"))
                .containsExactly("0");
    }

    @Test
    void ofWhatIsNotFoundItIsKnownWhetherItHasLeft() throws SQLException {
        Receipt first = store.store(event("1", "contact:1", "f"));
        store.done(store.claim("f").get(0));
        var history = new History(store.database.dataSource());
        assertThat(history.left(first.eventId())).isFalse();
        tidyAfter(DAY, PLENTY);
        tidyAfter(DAY.multipliedBy(40), PLENTY);

        assertThat(history.event(first.eventId())).isEmpty();
        assertThat(history.left(first.eventId())).isTrue();
        assertThat(history.left(999_999_999_999L)).as("it never was").isFalse();
    }

    @Test
    void aSliceGetsTheIndexesOfListsWhenNothingNewIsWrittenToItAndHasBlockRangesUntilThen() throws SQLException {
        String indexes = "SELECT unnest(ARRAY[to_regclass('event_0_source'), to_regclass('event_0_type'),"
                + " to_regclass('done_run_0_flow')]) IS NOT NULL";
        work(3);
        tidyAfter(Duration.ZERO, PLENTY);
        assertThat(store.column(indexes)).containsExactly("f", "f", "f");

        tidyAfter(DAY, PLENTY);
        tidyAfter(Duration.ZERO, PLENTY);

        assertThat(store.column(indexes)).containsExactly("t", "t", "t");
        assertThat(store.column("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%words' ORDER BY 1"))
                .as("as they were there, and as they are made ahead")
                .contains("done_run_0_words", "event_0_words", "event_1_words", "event_3_words");
    }

    @Test
    void whatWaitsIsNeverDropped() throws SQLException {
        store.store(event("patient", "contact:1", "f"));
        tidyAfter(DAY, PLENTY);

        tidyAfter(DAY.multipliedBy(400), PLENTY);

        assertThat(store.claim("f")).hasSize(1).allMatch(run -> run.event().payload().length > 0);
    }

    @Test
    void moreThanTheDiskBudgetGoesBeforeItsTimeTheOldestFirst() throws SQLException {
        for (int day = 0; day < 3; day++) {
            work(200);
            tidyAfter(DAY, PLENTY);
        }
        long bytes = Long.parseLong(store.column("SELECT sum(pg_total_relation_size(part || '_' || number)) FROM"
                        + " slice, unnest(ARRAY['event', 'done_run', 'step', 'attempt', 'identifier']) AS part")
                .get(0));

        var dropped = tidyAfter(Duration.ZERO, bytes - 50_000);

        assertThat(dropped).extracting(Slices.Dropped::number).containsExactly(0);
        assertThat(dropped).allMatch(Slices.Dropped::beforeItsTime);
    }

    @Test
    void theKeysOfEventsThatNobodySendsAgainAreForgotten() throws SQLException {
        work(20);
        store.store(versioned("versioned", "contact:v", "7", "f"));
        tidyAfter(DAY, PLENTY);
        tidyAfter(DAY.multipliedBy(95), PLENTY);

        assertThat(store.column("SELECT count(*) FROM event_key")).containsExactly("0");
        assertThat(store.column("SELECT count(*) FROM record_version")).containsExactly("0");
        assertThat(store.store(event("k1", "contact:1", "f")).duplicate()).isFalse();
    }

    @Test
    void intakeGoesOnWhileTwoHubsTidyAtOnce() {
        IntStream.range(0, 40).parallel().forEach(i -> {
            if (i % 4 == 0) {
                try {
                    tidyAfter(Duration.ofHours(20), PLENTY);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            } else {
                store.store(event("k" + i, "contact:" + i, "f"));
            }
        });

        assertThat(store.column("SELECT count(*) FROM event")).containsExactly("30");
    }

    private void work(int events) {
        store.store(IntStream.range(0, events)
                .mapToObj(i -> event("k" + i, "contact:" + i, "f"))
                .toList());
        for (var runs = store.claim("f"); !runs.isEmpty(); runs = store.claim("f")) {
            runs.forEach(store::done);
        }
        store.now = store.now.plusMillis(1);
    }

    private java.util.concurrent.CompletionStage<?> journal(ClaimedRun run) {
        var step = new Journal.Step(run.id(), "enrol", "mailchimp", "upsert_member", "idempotent", "x");
        var attempt = new Journal.Attempt(store.now, 1, "PUT /", 5, 400, "fail", "no", Duration.ZERO);
        return new Journal(store.database.engine(), store.hub("hub"), null)
                .record(step, Journal.State.FAILED, null, attempt);
    }

    private List<Slices.Dropped> tidyAfter(Duration time, long disk) throws SQLException {
        store.now = store.now.plus(time);
        var policy = new Slices.Policy(DAY.multipliedBy(30), DAY.multipliedBy(90), DAY.multipliedBy(90), disk);
        return new Slices(store.database.dataSource(), () -> store.now, policy).tidy();
    }
}
