package dev.serai.store;

import static dev.serai.store.TestStore.event;
import static dev.serai.store.TestStore.joined;
import static dev.serai.store.TestStore.share;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.run.Owner;
import dev.serai.run.Pace;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A record whose third event in a row fails alike rests for a quarter of an hour. */
class RestsTest {
    private static final Duration QUARTER = Duration.ofMinutes(15);
    private static final ByHand ADA = new ByHand("ada", "looked at it");
    private static final RunFilter DEAD = RunFilter.ALL.states(List.of("dead"));

    private final TestStore store = TestStore.empty();
    private int keys;

    RestsTest() {
        store.rests = new Rests(3, QUARTER);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void comes(String record) {
        store.store(event("k" + keys++, record, "f"));
    }

    /** The only run that may begin. */
    private ClaimedRun next() {
        List<ClaimedRun> claimed = store.claim("f");
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    private void dies(ClaimedRun run, String reason, boolean holdsLane) {
        joined(store.hub("hub").dead(run, new Runs.Failure("enrol", reason, Owner.CONFIG), holdsLane));
    }

    private void isRefused(ClaimedRun run, String reason) {
        store.execute(
                "INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, duration_ms)"
                        + " VALUES (" + run.id() + ", 'enrol', now(), 1, 'PUT /x', 9, 400, 'fail', 7)");
        dies(run, reason, false);
    }

    /** Events of contact:1, one after the other. */
    private void refused(String... reasons) {
        for (String reason : reasons) {
            comes("contact:1");
            isRefused(next(), reason);
        }
    }

    private void thirdTime() {
        refused("no list 1", "no list 22", "no list 333");
    }

    private void later(Duration time) {
        store.now = store.now.plus(time);
    }

    private boolean rests() {
        return store.column("SELECT count(*) FROM open_run WHERE waits_for = 'rest' AND holds")
                .equals(List.of("1"));
    }

    private List<Long> inOrder() {
        var ids = new ArrayList<Long>();
        for (List<ClaimedRun> some = store.claim("f"); !some.isEmpty(); some = store.claim("f")) {
            some.forEach(run -> {
                ids.add(run.id());
                store.done(run);
            });
        }
        return ids;
    }

    @Test
    void aRecordThatFailsAlikeAgainAndAgainRestsAndOthersGoOn() {
        thirdTime();

        comes("contact:1");
        comes("contact:1");
        comes("contact:2");

        assertThat(next().event().record()).isEqualTo("contact:2");
    }

    @Test
    void afterTheRestOneEventIsTriedAndWhenThatFailsAlikeItRestsAgain() {
        thirdTime();
        comes("contact:1");
        comes("contact:1");
        later(QUARTER.minusMillis(1));
        assertThat(store.claim("f")).isEmpty();

        later(Duration.ofSeconds(1));
        ClaimedRun fourth = next();
        isRefused(fourth, "no list 4444");
        later(Duration.ofMinutes(14));
        assertThat(store.claim("f")).isEmpty();

        later(Duration.ofMinutes(2));
        ClaimedRun fifth = next();
        assertThat(fifth.id()).isEqualTo(fourth.id() + 1);
        store.done(fifth);
        refused("no list 6", "no list 7");
        assertThat(rests()).as("it has to fail three times again").isFalse();
    }

    @Test
    void whoIsResumedSlowlyHoldsNobodyUpUntilHisTurn() throws Exception {
        thirdTime();
        comes("contact:1");

        store.resuming()
                .resume(
                        new Resume.Order(DEAD, Optional.empty(), Pace.of("1/h").behind(store.now), 10),
                        ADA,
                        soFar -> {});

        later(Duration.ofSeconds(1));
        assertThat(store.claim("f"))
                .as("the one that waited")
                .extracting(ClaimedRun::claim)
                .containsExactly(1);
    }

    @Test
    void onlyWhatFailsAlikeInARowCounts() {
        refused("no list", "no list", "no such member", "no list", "no list");
        assertThat(rests()).isFalse();
        comes("contact:1");
        store.done(next());
        refused("no list", "no list");
        assertThat(rests()).isFalse();
        comes("contact:2");
        isRefused(next(), "no list");
        assertThat(rests()).as("another record").isFalse();

        refused("no list");

        assertThat(rests()).isTrue();
    }

    @Test
    void aRunThatCalledNobodyCostsNothingAndWhatComesNextIsTried() {
        for (int i = 0; i < 5; i++) {
            comes("contact:1");
            dies(next(), "email: is missing", false);
        }

        assertThat(rests()).isFalse();
    }

    @Test
    void aFlowThatHoldsItsDeadLettersHoldsThemUntilAPersonHasSeenToIt() {
        thirdTime();
        store.execute("UPDATE open_run SET holds = false, waits_for = NULL");
        comes("contact:1");
        ClaimedRun fourth = next();
        dies(fourth, "no list", true);
        comes("contact:1");

        later(QUARTER.multipliedBy(2));

        assertThat(store.claim("f")).isEmpty();
    }

    @Test
    void switchedOffNoRecordRests() {
        store.rests = new Rests(0, QUARTER);

        thirdTime();
        refused("no list");

        assertThat(rests()).isFalse();
    }

    @Test
    void whatIsResumedGoesFirstAndWhatWaitedFollowsInItsOrder() throws SQLException {
        thirdTime();
        comes("contact:1");
        comes("contact:1");

        store.resuming().resume(new Resume.Order(DEAD, Optional.empty(), Pace.AT_ONCE, 10), ADA, soFar -> {});

        List<Long> worked = inOrder();
        assertThat(worked).hasSize(5).isSorted();
    }

    @Test
    void whoGivesTheLastOneUpLetsTheRecordGoOn() throws SQLException {
        thirdTime();
        comes("contact:1");

        new Discard(store.database.dataSource(), () -> store.now)
                .discard(DEAD.reason("no list 333"), 10, ADA, soFar -> {});

        assertThat(next().event().record()).isEqualTo("contact:1");
    }

    @Test
    void aRestThatAHubBeganEndsOnAnyOtherOnceThoughAllLook() throws SQLException {
        thirdTime();
        store.hub("hub").close();
        comes("contact:1");
        comes("contact:1");
        later(QUARTER);
        var terms = new Runs.Terms(10, 1 << 20, TestStore.LEASE, 5, true);

        List<ClaimedRun> claimed = IntStream.range(0, 4)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return store.hub("other-" + i).claim(List.of(share("f", 4, 0)), terms);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .flatMap(List::stream)
                .toList();
        if (claimed.isEmpty()) {
            // one that looked at the runs in vain may have had them in hand when the one that ended the rest came for
            // them
            claimed = store.hub("other-0").claim(List.of(share("f", 4, 0)), terms);
        }

        assertThat(claimed).hasSize(1);
        assertThat(rests()).isFalse();
    }

    @Test
    void whatSteppedBackMeanwhileIsCalledForwardAtItsEnd() {
        store.rests = new Rests(3, Duration.ofSeconds(10));
        thirdTime();
        store.store(IntStream.range(0, 400)
                .mapToObj(i -> event("many" + i, "contact:1", "f"))
                .toList());
        for (int i = 0; i < 10; i++) {
            assertThat(store.claim("f")).isEmpty();
        }
        assertThat(store.column("SELECT count(*) FROM open_run WHERE waits_for = 'lane'"))
                .doesNotContain("0");

        later(Duration.ofSeconds(10));
        List<ClaimedRun> first = store.claim("f");

        assertThat(first.isEmpty() ? next() : first.get(0))
                .extracting(ClaimedRun::id)
                .isEqualTo(store.column("SELECT min(id) FROM open_run WHERE state <> 'dead'").stream()
                        .map(Long::valueOf)
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void whoRestsAndWhoWaitsForItIsTold() throws SQLException {
        thirdTime();
        comes("contact:1");
        comes("contact:2");
        later(Duration.ofMinutes(10));
        var data = store.database.dataSource();
        List<Backlog.Line> lines = new Backlog(data).read(store.now);
        var runs = new History(data).runs(RunFilter.ALL.record("contact:1"), 10);

        assertThat(lines).extracting(Backlog.Line::resting).containsExactly(1L, 0L);
        assertThat(lines).extracting(Backlog.Line::held).containsExactly(0L, 1L);
        assertThat(lines.get(1).due()).as("contact:2 is late").isNotNull();
        assertThat(runs.get(1).waitsFor()).isEqualTo("rest");
        assertThat(runs.get(1).dueAt()).isEqualTo(store.now.plus(Duration.ofMinutes(5)));
        assertThat(runs.get(0).behind()).isEqualTo(runs.get(1).id());
        assertThat(store.resuming().patterns(DEAD, 10, 10, Duration.ZERO))
                .singleElement()
                .extracting(Resume.Pattern::resting)
                .isEqualTo(1L);
        assertThat(new AlertSights(data).patterns(store.now).get(0).blast())
                .extracting(blast -> blast.resting() + " rests, " + blast.held() + " waits")
                .isEqualTo("1 rests, 1 waits");

        store.done(next());
        assertThat(new Backlog(data).read(store.now).get(1).due())
                .as("what waits for its record to have rested is not late")
                .isNull();
    }

    private void manyWait() {
        store.store(IntStream.range(0, 400)
                .mapToObj(i -> event("many" + i, "contact:1", "f"))
                .toList());
    }

    private String first() {
        return store.column("SELECT min(id) FROM open_run WHERE state = 'waiting'")
                .get(0);
    }

    /** As often as a hub looks within a few seconds. */
    private List<ClaimedRun> looks() {
        return IntStream.range(0, 10)
                .mapToObj(i -> store.claim("f"))
                .flatMap(List::stream)
                .toList();
    }

    /** But for a few of the last ones: they cost nothing to look at. */
    private boolean nearlyAllStepBackUntilItsEnd() {
        return store.column("SELECT count(*) > 380 FROM open_run WHERE waits_for = 'lane'"
                        + " AND due_at = (SELECT due_at FROM open_run WHERE waits_for = 'rest')")
                .equals(List.of("t"));
    }

    @Test
    void whatWaitsStepsBackUntilTheEndOfTheRestAndIsNotLookedAtMeanwhile() {
        thirdTime();
        manyWait();
        comes("contact:2");

        List<ClaimedRun> others = looks();
        assertThat(others).extracting(run -> run.event().record()).containsExactly("contact:2");
        store.done(others.get(0));
        assertThat(nearlyAllStepBackUntilItsEnd()).isTrue();
        String versions = "SELECT sum(xmin::text::bigint) FROM open_run WHERE waits_for = 'lane'";
        List<String> before = store.column(versions);
        later(QUARTER.minusMillis(1));
        assertThat(looks()).isEmpty();
        assertThat(store.column(versions)).isEqualTo(before);

        later(Duration.ofSeconds(1));
        String first = first();
        List<ClaimedRun> tried = looks();
        assertThat(tried).extracting(run -> Long.toString(run.id())).containsExactly(first);
        isRefused(tried.get(0), "no list 4444");
        later(Duration.ofMinutes(1));
        assertThat(looks()).isEmpty();
        assertThat(nearlyAllStepBackUntilItsEnd())
                .as("the end of the next rest")
                .isTrue();
    }

    @Test
    void whatSteppedBackComesForwardWhenARestIsEndedByHandAlsoSlowly() throws SQLException {
        thirdTime();
        manyWait();
        assertThat(looks()).isEmpty();

        store.resuming()
                .resume(
                        new Resume.Order(DEAD, Optional.empty(), Pace.of("1/h").behind(store.now), 10),
                        ADA,
                        soFar -> {});

        later(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            String first = store.column("SELECT min(id) FROM open_run WHERE state = 'waiting' AND holds")
                    .get(0);
            List<ClaimedRun> claimed = looks();
            assertThat(claimed).extracting(run -> Long.toString(run.id())).containsExactly(first);
            store.done(claimed.get(0));
        }
    }

    @Test
    void whatSteppedBackComesForwardWhenTheLastOneIsGivenUp() throws SQLException {
        thirdTime();
        manyWait();
        assertThat(looks()).isEmpty();

        new Discard(store.database.dataSource(), () -> store.now)
                .discard(DEAD.reason("no list 333"), 10, ADA, soFar -> {});

        assertThat(looks()).extracting(run -> Long.toString(run.id())).hasSize(1);
    }
}
