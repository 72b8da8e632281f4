package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.record.Identified;
import dev.serai.run.Correction;
import dev.serai.run.Owner;
import dev.serai.run.Pace;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people do with runs that nobody goes on with: resume, discard, settle. */
class ResumeTest {
    private static final ByHand ADA = new ByHand("ada", "mended");
    private static final RunFilter DEAD = RunFilter.ALL.states(List.of("dead"));
    private static Database database;

    /** Of whole microseconds, as the database keeps them: the driver and the server round halves of one differently. */
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

    private final InstantSource clock = InstantSource.fixed(now);

    @BeforeAll
    static void openDatabase() {
        database = TestDatabase.open();
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void emptyTables() {
        sql("TRUNCATE event, event_key, open_run, done_run, step, attempt, audit");
    }

    @Test
    void aDeadRunIsResumedOnceHoweverManyAskAtTheSameMoment() throws Exception {
        dead(3000, "{\"n\":1}");
        var resumed = new ArrayList<Long>();
        var threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Resume.Result> ask = () -> resume().resume(atOnce(DEAD), ADA, soFar -> {});
            for (var each : threads.invokeAll(List.of(ask, ask, ask, ask))) {
                resumed.addAll(each.get().resumed());
            }
        } finally {
            threads.shutdown();
        }

        assertThat(resumed).hasSize(3000).doesNotHaveDuplicates();
        assertThat(column("SELECT count(*) || ' ' || count(DISTINCT run_id) FROM audit WHERE what = 'resume'"))
                .containsExactly("3000 3000");
        assertThat(column("SELECT DISTINCT state FROM open_run")).containsExactly("waiting");
    }

    @Test
    @Timeout(300)
    void tenThousandAreCorrectedByOnePatchChunkByChunk() throws Exception {
        dead(10_000, "{\"country\":\"DEU\"}");
        var patch = Correction.patch("[{\"op\":\"replace\",\"path\":\"/country\",\"value\":\"DE\"}]");
        var told = new ArrayList<Long>();

        resume().resume(new Resume.Order(DEAD, Optional.of(patch), Pace.AT_ONCE, Resume.MOST), ADA, told::add);

        assertThat(column("SELECT convert_from(payload, 'UTF8') || ' ' || count(*) FROM open_run GROUP BY payload"))
                .containsExactly("{\"country\":\"DE\"} 10000");
        assertThat(column("SELECT count(DISTINCT run_id) FROM audit")).containsExactly("10000");
        assertThat(told).hasSize(20).isSorted();
    }

    @Test
    void aCorrectedPayloadLiesBesideTheEventAndIsWhatTheFlowGets() throws Exception {
        dead(1, "{\"email\":\" ADA@example.com\"}");

        var patch = Correction.patch("[{\"op\":\"add\",\"path\":\"/country\",\"value\":\"DE\"}]");
        resume().resume(new Resume.Order(DEAD, Optional.of(patch), Pace.AT_ONCE, 10), ADA, soFar -> {});

        var shares = List.of(new Runs.Share("f", 10, 4, 0, false, 1, Duration.ZERO));
        ClaimedRun claimed;
        try (var runs = new Runs(database.dataSource(), clock, "hub-a")) {
            claimed = runs.claim(shares, new Runs.Terms(10, 1 << 20, Duration.ofMinutes(1), 5, true))
                    .get(0);
        }
        assertThat(claimed.event().payload())
                .asString()
                .isEqualTo("{\"email\":\" ADA@example.com\",\"country\":\"DE\"}");
        assertThat(column("SELECT convert_from(payload, 'UTF8') FROM event"))
                .containsExactly("{\"email\":\" ADA@example.com\"}");
        assertThat(column("SELECT who || ' ' || why || ' ' || patch FROM audit"))
                .containsExactly("ada mended [{\"op\":\"add\",\"path\":\"/country\",\"value\":\"DE\"}]");
    }

    /** In doubt a new key would do it twice. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            keyed      | 400 fail                     | r_1:s:again-1
            keyed      | 429 rate_limited, 402 fail   | r_1:s:again-1
            upsert     | 200 success, 400 fail        | r_1:s:again-1
            keyed      | 200 fail                     | r_1:s:again-1
            keyed      | 202 success, 404 fail        | r_1:s
            keyed      | 503 retry                    | r_1:s
            keyed      | null retry, 400 fail         | r_1:s
            keyed      | 500 fail                     | r_1:s
            keyed      | 409 fail                     | r_1:s
            keyed      | 400 fail, null retry         | r_1:s
            idempotent | 400 fail                     | r_1:s
            """)
    void aStepThatWasCertainlyNotDoneGoesUnderANewKeyWhenItIsResumed(String kind, String attempts, String key)
            throws Exception {
        dead(1, "{}");
        sql("INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key) VALUES"
                + " (1, 's', 'failed', 'stripe', 'create_customer', '" + kind + "', 'r_1:s'),"
                + " (1, 'before', 'succeeded', 'stripe', 'create_customer', 'keyed', 'r_1:before')");
        int number = 0;
        for (String attempt : attempts.split(", ")) {
            String[] told = attempt.split(" ");
            sql("INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, duration_ms)"
                    + " VALUES (1, 's', now() + '" + number++ + " s', 1, '', 0, " + told[0] + ", '" + told[1]
                    + "', 0)");
        }

        resume().resume(atOnce(DEAD), ADA, soFar -> {});

        assertThat(column("SELECT idempotency_key FROM step ORDER BY step")).containsExactly("r_1:before", key);
        sql("UPDATE open_run SET state = 'dead'");
        resume().resume(atOnce(DEAD), ADA, soFar -> {});
        assertThat(column("SELECT idempotency_key FROM step WHERE step = 's'"))
                .containsExactly(key.replace("again-1", "again-2"));
    }

    @Test
    void aKeyedStepWhoseRefusalLeftItOpenKeepsItsKey() throws Exception {
        dead(1, "{}");
        sql("INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key)"
                + " VALUES (1, 's', 'intended', 'stripe', 'create_customer', 'keyed', 'r_1:s');"
                + " INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, duration_ms)"
                + " VALUES (1, 's', now(), 1, '', 0, 200, 'fail', 0)");

        resume().resume(atOnce(DEAD), ADA, soFar -> {});

        assertThat(column("SELECT idempotency_key FROM step")).containsExactly("r_1:s");
    }

    @Test
    void aClaimThatLeftNoTraceMayHaveSentSoTheKeyStays() throws Exception {
        dead(1, "{}");
        sql("UPDATE open_run SET claims = 2;"
                + " INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key)"
                + " VALUES (1, 's', 'failed', 'stripe', 'create_customer', 'keyed', 'r_1:s');"
                + " INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, duration_ms)"
                + " VALUES (1, 's', now(), 1, '', 0, 400, 'fail', 0), (1, 's', now(), 2, '', 0, 400, 'fail', 0)");

        resume().resume(atOnce(DEAD), ADA, soFar -> {});

        assertThat(column("SELECT idempotency_key FROM step")).containsExactly("r_1:s");
    }

    @Test
    void aPatchOnACorrectedPayloadGoesOnFromTheCorrection() throws Exception {
        dead(1, "{\"a\":1}");
        correct("[{\"op\":\"replace\",\"path\":\"/a\",\"value\":2}]");
        sql("UPDATE open_run SET state = 'dead'");
        correct("[{\"op\":\"test\",\"path\":\"/a\",\"value\":2},{\"op\":\"add\",\"path\":\"/b\",\"value\":3}]");

        assertThat(column("SELECT convert_from(payload, 'UTF8') FROM open_run")).containsExactly("{\"a\":2,\"b\":3}");
    }

    @Test
    void whatAPatchDoesNotFitIsLeftAloneAndTheRestGoesOn() throws Exception {
        dead(5, "{\"a\":1}");
        sql("UPDATE event SET payload = 'no json' WHERE id = 2; UPDATE event SET payload = '{\"b\":1}' WHERE id = 4;"
                + " DELETE FROM event WHERE id = 5");

        Resume.Result result = correct("[{\"op\":\"replace\",\"path\":\"/a\",\"value\":2}]");

        assertThat(result.resumed()).containsExactly(1L, 3L);
        assertThat(result.refused()).extracting(Refusal::run).containsExactly(2L, 4L, 5L);
        assertThat(result.refused().get(1).why())
                .isEqualTo("operation 1 of the patch: replace /a: the payload has no such place");
        assertThat(column("SELECT id FROM open_run WHERE state = 'dead' ORDER BY id"))
                .containsExactly("2", "4", "5");
        assertThat(column("SELECT run_id FROM audit ORDER BY 1")).containsExactly("1", "3");
    }

    @Test
    void tryingOutChangesNothing() throws Exception {
        dead(3, "{\"a\":1}");
        var patch = Correction.patch("[{\"op\":\"remove\",\"path\":\"/a\"}]");

        Resume.Result result =
                resume().tryOut(new Resume.Order(DEAD, Optional.of(patch), Pace.AT_ONCE, 10), soFar -> {});

        assertThat(result.resumed()).hasSize(3);
        assertThat(column("SELECT count(*) FROM open_run WHERE state = 'dead' AND payload IS NULL"))
                .containsExactly("3");
        assertThat(column("SELECT count(*) FROM audit")).containsExactly("0");
    }

    @Test
    void aPaceSpreadsThemAndUntilItsTurnARunHoldsNobodyUp() throws Exception {
        dead(1201, "{}");

        Resume.Result result =
                resume().resume(new Resume.Order(DEAD, Optional.empty(), Pace.of("10/s"), 5000), ADA, soFar -> {});

        assertThat(result.lastDue()).isEqualTo(now.plusSeconds(120));
        assertThat(column("SELECT count(*) FROM open_run WHERE due_at <= TIMESTAMPTZ '" + now.plusSeconds(60) + "'"))
                .containsExactly("601");
        assertThat(
                        column(
                                "SELECT waits_for || ' ' || holds || ' ' || count(*) FROM open_run WHERE id > 1 GROUP BY waits_for, holds"))
                .containsExactly("pace false 1200");
        assertThat(column("SELECT holds FROM open_run WHERE id = 1")).containsExactly("t");
    }

    @Test
    void notMoreThanAskedForAreTakenAndTheRestIsCounted() throws Exception {
        dead(1300, "{}");

        Resume.Result result =
                resume().resume(new Resume.Order(DEAD, Optional.empty(), Pace.AT_ONCE, 700), ADA, soFar -> {});

        assertThat(result.resumed()).hasSize(700).endsWith(700L);
        assertThat(result.left()).isEqualTo(600);
    }

    @Test
    void aFilterMeansWhatItSays() throws Exception {
        dead(6, "{}");
        sql("UPDATE open_run SET flow = 'g', step = 's2', owner = 'transient', reason = 'Answered 503' WHERE id = 1;"
                + " UPDATE open_run SET created_at = created_at - interval '1 day' WHERE id = 2;"
                + " UPDATE event SET source = 'api', type = 'x', record = 'contact:x' WHERE id = 3;"
                + " INSERT INTO step (run_id, step, state, connection, operation, idempotency_key)"
                + " VALUES (4, 's', 'failed', 'slack', 'o', 'k'), (5, 'other', 'failed', 'slack', 'o', 'k')");

        assertThat(found(RunFilter.ALL.flow("g"))).containsExactly(1L);
        assertThat(found(RunFilter.ALL.step("s2"))).containsExactly(1L);
        assertThat(found(RunFilter.ALL.owner(Owner.TRANSIENT))).containsExactly(1L);
        assertThat(found(RunFilter.ALL.reason("answered 50"))).containsExactly(1L);
        assertThat(found(RunFilter.ALL.reason("%"))).isEmpty();
        assertThat(found(RunFilter.ALL.until(now.minus(Duration.ofHours(1))))).containsExactly(2L);
        assertThat(found(RunFilter.ALL.since(now.minus(Duration.ofHours(1))))).containsExactly(1L, 3L, 4L, 5L, 6L);
        assertThat(found(RunFilter.ALL.source("api"))).containsExactly(3L);
        assertThat(found(RunFilter.ALL.type("x"))).containsExactly(3L);
        assertThat(found(RunFilter.ALL.record("contact:x"))).containsExactly(3L);
        assertThat(found(RunFilter.ALL.connection("slack"))).containsExactly(4L);
        assertThat(found(RunFilter.ALL.ids(List.of(2L, 99L)))).containsExactly(2L);
        assertThat(found(RunFilter.ALL.flow("f').--"))).isEmpty();
        assertThat(found(DEAD.flow("").reason(null))).hasSize(6);
        assertThat(found(DEAD.ids(List.of()))).isEmpty();
    }

    @Test
    void runsThatFailedAlikeAreOnePattern() throws Exception {
        dead(10, "{}");
        sql(
                "UPDATE open_run SET reason = 'shop answered 503: order ' || id || ' of ' || id || '@example.com is \"' || id"
                        + " || '\"' WHERE id <= 7");

        List<Resume.Pattern> patterns = resume().patterns(DEAD, 1000, 10, Duration.ZERO);

        assertThat(patterns)
                .extracting(p -> p.runs() + " " + p.reason() + " " + p.oldest() + "-" + p.newest())
                .containsExactly("7 shop answered N: order N of …@… is \"…\" 1-7", "3 email: is missing 8-10");
    }

    @Test
    void namesInQuotesMakeNoPatternOfTheirOwnHoweverTheyAreQuotedOrCut() throws Exception {
        List<String> reasons = List.of(
                "contact 'Ada O'Hara' isn't the customers' own",
                "contact 'Grace' isn't the customers' own",
                "„Ada Lovelace“ and “Grace Hopper” are no members",
                "a@example.com said \"" + "Ada ".repeat(120),
                "a@example.com said '" + "Ada ".repeat(120),
                "x ".repeat(140) + "\"" + "Ada ".repeat(30) + "\" is archived");
        dead(reasons.size(), "{}");
        for (int i = 0; i < reasons.size(); i++) {
            sql("UPDATE open_run SET reason = '" + reasons.get(i).replace("'", "''") + "' WHERE id = " + (i + 1));
        }

        assertThat(resume().patterns(DEAD, 1000, 10, Duration.ZERO))
                .extracting(p -> p.runs() + " " + p.reason())
                .containsExactlyInAnyOrder(
                        "2 contact \"…\" isn't the customers' own",
                        "1 \"…\" and \"…\" are no members",
                        "2 …@… said \"…\"",
                        "1 " + "x ".repeat(140) + "\"…\" is archived");
    }

    /** One run for each reason, in their order. */
    private void dead(List<String> reasons) {
        dead(reasons.size(), "{}");
        for (int i = 0; i < reasons.size(); i++) {
            sql("UPDATE open_run SET reason = '" + reasons.get(i).replace("'", "''") + "' WHERE id = " + (i + 1));
        }
    }

    @Test
    void idsThatVendorsMadeMakeNoPatternOfTheirOwn() throws Exception {
        dead(200, "{}");
        sql("UPDATE open_run SET reason = 'a answered 409: ' || gen_random_uuid() || ' exists' WHERE id <= 50");
        sql(
                "UPDATE open_run SET reason = 'b answered 409: ' || left(md5(id::text), 8 + id::int % 25) || ' exists' WHERE id > 50");
        sql(
                "UPDATE open_run SET reason = 'c answered 409: 0035g00000' || chr(65 + id::int % 26) || chr(97 + id::int % 25)"
                        + " || 'CdEAAW exists' WHERE id > 100");
        sql("UPDATE open_run SET reason = 'd answered 409: customer cus_Nf' || chr(65 + id::int % 26)"
                + " || 'rFeUfNV2Hib and U0' || chr(65 + id::int % 26) || 'BCDEFG' WHERE id > 150");

        assertThat(resume().patterns(DEAD, 1000, 100, Duration.ZERO))
                .extracting(p -> p.runs() + " " + p.reason())
                .containsExactlyInAnyOrder(
                        "50 a answered N: N exists",
                        "50 b answered N: N exists",
                        "50 c answered N: N exists",
                        "50 d answered N: customer cusN and N");
    }

    @Test
    void whatIsAnotherCauseStaysAPatternOfItsOwnThoughANumberStandsInItsWord() throws Exception {
        dead(List.of(
                "a answered 404: S3BucketNotFound",
                "a answered 403: S3AccessDenied",
                "a answered 401: OAuth2TokenExpired",
                "a answered 401: OAuth2TokenMissing",
                "HTTP/2 is not spoken",
                "sha256 is not spoken",
                "v3 is not spoken",
                "P2P is off",
                "B2B is off",
                "address1 is missing",
                "lastname2 is missing",
                "Preferred_CommunicationChannel__c is missing",
                "Preferred_NotificationSchedule__c is missing",
                "the deadline is over",
                "the facade is over"));

        assertThat(resume().patterns(DEAD, 1000, 100, Duration.ZERO))
                .hasSize(15)
                .allMatch(p -> p.runs() == 1);
    }

    @Test
    void aPatternMeansItsRunsAndNoOthers() throws Exception {
        dead(List.of(
                "hubspot answered 409: \"Ada\" exists",
                "hubspot answered 409: \"Grace\" exists",
                "hubspot answered 409: invalid_auth",
                "hubspot answered 400: No, \n 'it' is 100 % wrong? \\d",
                "hubspot answered 400: No, \n 'that' is 7 % wrong? \\d",
                "-",
                ""));
        sql("UPDATE open_run SET reason = NULL, step = NULL WHERE id = 7");

        for (Resume.Pattern pattern : resume().patterns(DEAD, 1000, 100, Duration.ZERO)) {
            assertThat(found(DEAD.pattern(pattern.reason().isEmpty() ? "-" : pattern.reason())))
                    .as(pattern.reason())
                    .hasSize(pattern.reason().length() < 2 ? 2 : (int) pattern.runs())
                    .contains(pattern.oldest(), pattern.newest());
        }
        assertThat(found(DEAD.pattern("hubspot answered N: \"…\" exists"))).containsExactlyInAnyOrder(1L, 2L);
        assertThat(found(DEAD.pattern("hubspot answered"))).isEmpty();
        assertThat(found(DEAD.step("-"))).containsExactly(7L);
        assertThat(found(DEAD.step("-").pattern("-"))).containsExactly(7L);
    }

    @Test
    void behindManyOldDeadLettersTheNewOnesAreStillSeen() throws Exception {
        dead(10, "{}");
        sql("UPDATE open_run SET reason = 'new' WHERE id = 10");

        assertThat(resume().newestPatterns(DEAD, 4, 10, Duration.ZERO))
                .extracting(p -> p.runs() + " " + p.reason())
                .containsExactlyInAnyOrder("3 email: is missing", "1 new");
        assertThat(resume().patterns(DEAD, 4, 10, Duration.ZERO))
                .as("as many as would be resumed")
                .extracting(p -> p.runs() + " " + p.reason())
                .containsExactly("4 email: is missing");
    }

    @Test
    void aDiscardedRunEndsWithItsReasonAndItsLaneGoesOn() throws Exception {
        dead(3, "{}");
        sql("UPDATE open_run SET lane = 'l', holds = true; UPDATE open_run SET state = 'waiting', waits_for = 'lane',"
                + " due_at = now() + interval '1 hour' WHERE id = 3");

        long discarded = new Discard(database.dataSource(), clock)
                .discard(DEAD, 10, new ByHand("ada", "cancelled"), n -> {})
                .runs();

        assertThat(discarded).isEqualTo(2);
        assertThat(column("SELECT reason FROM done_run")).containsOnly("given up by ada: cancelled");
        assertThat(column("SELECT waits_for IS NULL AND due_at <= TIMESTAMPTZ '" + now + "' FROM open_run"))
                .containsExactly("t");
        assertThat(column("SELECT what || ' ' || run_id FROM audit ORDER BY run_id"))
                .containsExactly("discard 1", "discard 2");
    }

    @Test
    void aRunThatIsOlderThanItsHistoryEndsAllTheSame() throws Exception {
        Database shared = database;
        try (Database own = TestDatabase.open()) {
            database = own;
            dead(1, "{}");
            sql("SELECT drop_slice(0, now())");

            new Discard(own.dataSource(), clock).discard(DEAD, 10, ADA, n -> {});

            assertThat(column("SELECT state FROM run")).containsExactly("done");
        } finally {
            database = shared;
        }
    }

    @Test
    void aDoubtIsSettledOnceAndNotAfterTheRunHasMoved() throws Exception {
        dead(1, "{}");
        sql(
                "UPDATE open_run SET state = 'in_doubt', claims = 2; INSERT INTO step (run_id, step, state, connection,"
                        + " operation, write_class, idempotency_key) VALUES (1, 's', 'intended', 'slack', 'post', 'once', 'r_1:s')");
        var doubts = new Doubts(database.dataSource(), clock);
        Doubts.Doubt doubt = doubts.find(1).orElseThrow();

        sql("UPDATE open_run SET claims = 3");
        assertThat(doubts.done(doubt, null, ADA)).isFalse();
        assertThat(column("SELECT state FROM step")).containsExactly("intended");

        Doubts.Doubt again = doubts.find(1).orElseThrow();
        assertThat(doubts.notDone(again, ADA)).isTrue();
        assertThat(doubts.notDone(again, ADA)).isFalse();
        assertThat(column("SELECT state FROM step")).containsExactly("failed");
        assertThat(doubts.find(1)).isEmpty();
    }

    private Resume resume() {
        var data = database.dataSource();
        return new Resume(data, clock, new Identifiers(data, new IdentifierKey(data), Identified::in));
    }

    private static Resume.Order atOnce(RunFilter which) {
        return new Resume.Order(which, Optional.empty(), Pace.AT_ONCE, Resume.MOST);
    }

    private Resume.Result correct(String patch) throws SQLException {
        var order = new Resume.Order(DEAD, Optional.of(Correction.patch(patch)), Pace.AT_ONCE, 100);
        return resume().resume(order, ADA, soFar -> {});
    }

    private List<Long> found(RunFilter which) throws SQLException {
        List<Long> listed = new History(database.dataSource())
                .runs(which, 100).stream().map(History.Run::id).sorted().toList();
        assertThat(resume().tryOut(atOnce(which), soFar -> {}).resumed()).isEqualTo(listed);
        assertThat(resume().count(which, Duration.ZERO)).isEqualTo(listed.size());
        return listed;
    }

    /** Dead runs 1 to n of flow f, each of an event of its number and in a lane of its own. */
    private void dead(int n, String payload) {
        sql(
                "INSERT INTO event (id, source, type, key, record, payload) SELECT i, 'crm', 't', 'k' || i, 'contact:' || i, '"
                        + payload + "' FROM generate_series(1, " + n + ") i");
        sql(
                "INSERT INTO open_run (id, event_id, flow, lane, state, holds, step, reason, owner, created_at, finished_at)"
                        + " SELECT i, i, 'f', 'f contact:' || i, 'dead', false, 's', 'email: is missing', 'config', '"
                        + now
                        + "', '" + now + "' FROM generate_series(1, " + n + ") i");
    }

    private static List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }

    private static void sql(String sql) {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
