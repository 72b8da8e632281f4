package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.run.Owner;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InboxAndRunsTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static Database database;

    private Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final InstantSource clock = () -> now;
    private Inbox inbox;

    @BeforeAll
    static void openDatabase() {
        database = TestDatabase.open();
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        try (var connection = database.dataSource().getConnection()) {
            connection
                    .createStatement()
                    .execute(
                            "TRUNCATE event, event_key, record_version, open_run, done_run, step, attempt, cursor, audit");
        }
        inbox = new Inbox(database.dataSource(), clock, 100);
    }

    /** PostgreSQL would refuse it each time it is sent, and with it all that came in the same request. */
    @Test
    void aTimeThatNoCalendarHoldsKeepsNoEventOut() throws Exception {
        for (String time : List.of("+12000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "2026-11-21T10:00:00Z")) {
            var event = new NewEvent(
                    "crm",
                    "told",
                    time,
                    Optional.empty(),
                    "contact:1",
                    "",
                    Optional.of(Instant.parse(time)),
                    "application/json",
                    "{}".getBytes(StandardCharsets.UTF_8),
                    List.of());
            inbox.append(List.of(event)).toCompletableFuture().get();
        }

        assertThat(TestDatabase.column(database.dataSource(), "SELECT occurred_at IS NULL FROM event ORDER BY id"))
                .containsExactly("t", "t", "f");
    }

    @Test
    void anEventItsKeyAndItsRunsAreStoredTogetherWithTheBytesAsTheyArrived() {
        byte[] bytes = "{\"b\":1,\"a\":1.0,\"a\":2}".getBytes(StandardCharsets.UTF_8);

        Receipt receipt = store(event("k1", "contact:1", bytes, "f", "g"));

        assertThat(receipt.duplicate()).isFalse();
        assertThat(history().payloadOf(receipt)).isEqualTo(bytes);
        assertThat(claim("hub-a", 10, "f", "g")).extracting(ClaimedRun::flow).containsExactlyInAnyOrder("f", "g");
    }

    @Test
    void theSameKeyAgainIsADuplicateOfTheFirstWithinOneRequestAndAcrossThem() {
        Receipt first = store(event("k1", "contact:1"));
        List<Receipt> both = inbox.append(List.of(event("k2", "contact:1"), event("k2", "contact:1")))
                .toCompletableFuture()
                .join();
        Receipt again = store(event("k1", "contact:1"));

        assertThat(again).isEqualTo(new Receipt(first.eventId(), true));
        assertThat(both).extracting(Receipt::duplicate).containsExactly(false, true);
        assertThat(both.get(0).eventId()).isEqualTo(both.get(1).eventId());
        assertThat(TestDatabase.column(database.dataSource(), "SELECT count(*) FROM run"))
                .containsExactly("2");
    }

    @Test
    void aKeyThatIsOnlyAHashCountsForItsWindowAndNoLonger() {
        NewEvent hashed = new NewEvent(
                "crm",
                "t",
                "sha256:x",
                Optional.of(Duration.ofMinutes(10)),
                "r",
                "",
                Optional.empty(),
                "json",
                new byte[] {1},
                List.of("f"));

        assertThat(store(hashed).duplicate()).isFalse();
        now = now.plus(Duration.ofMinutes(9));
        assertThat(store(hashed).duplicate()).isTrue();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(store(hashed).duplicate()).isFalse();
    }

    @Test
    void fortyConcurrentRequestsWithOneKeyStoreItOnceThoughTwoHubsWrite() {
        var other = new Inbox(database.dataSource(), clock, 100);

        List<Receipt> receipts = IntStream.range(0, 40)
                .parallel()
                .mapToObj(i -> (i % 2 == 0 ? inbox : other)
                        .append(List.of(event("same", "contact:1")))
                        .toCompletableFuture()
                        .join()
                        .get(0))
                .toList();

        assertThat(receipts)
                .extracting(Receipt::eventId)
                .containsOnly(receipts.get(0).eventId());
        assertThat(receipts.stream().filter(r -> !r.duplicate())).hasSize(1);
    }

    @Test
    void largeBodiesThatWaitForTheirCommitAreBoundedByTheirSize() throws Exception {
        byte[] large = new byte[5 << 20];
        try (var lock = database.dataSource().getConnection()) {
            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE event_key");
            var waiting = new ArrayList<java.util.concurrent.CompletionStage<List<Receipt>>>();

            assertThatThrownBy(() -> {
                        for (int i = 0; i < 20; i++) {
                            waiting.add(inbox.append(List.of(event("large-" + i, "contact:1", large, "f"))));
                        }
                    })
                    .isInstanceOf(Inbox.Busy.class);

            assertThat(waiting).hasSize(12);
            lock.rollback();
            waiting.forEach(stage -> stage.toCompletableFuture().join());
        }
        assertThat(store(event("after", "contact:1")).duplicate()).isFalse();
    }

    @Test
    void onlyTheHeadOfALaneIsDueAndAnotherRecordIsNotHeldUp() throws Exception {
        store(event("1", "contact:1"));
        store(event("2", "contact:1"));
        store(event("3", "contact:2"));

        List<ClaimedRun> heads = claim("hub-a", 10, "f");
        assertThat(heads).extracting(r -> r.event().record()).containsExactly("contact:1", "contact:2");
        assertThat(claim("hub-b", 10, "f")).isEmpty();

        runs("hub-a")
                .done(heads.get(0), Runs.Account.NONE)
                .toCompletableFuture()
                .join();
        assertThat(claim("hub-b", 10, "f")).extracting(r -> r.event().record()).containsExactly("contact:1");
    }

    @Test
    void aWaitingRetryHoldsItsLaneUntilItIsDue() throws Exception {
        store(event("1", "contact:1"));
        store(event("2", "contact:1"));
        ClaimedRun first = claim("hub-a", 10, "f").get(0);

        runs("hub-a")
                .retry(first, now.plus(Duration.ofMinutes(1)), new Runs.Failure("s", "503", Owner.TRANSIENT))
                .toCompletableFuture()
                .join();
        assertThat(claim("hub-a", 10, "f")).isEmpty();

        now = now.plus(Duration.ofMinutes(2));
        assertThat(claim("hub-a", 10, "f")).extracting(ClaimedRun::id).containsExactly(first.id());
    }

    @Test
    void theRunOfADeadHubIsClaimedWhenItsLeaseEndsAndTheOldHubLearnsThatItLostIt() throws Exception {
        store(event("1", "contact:1"));
        ClaimedRun lost = claim("hub-a", 10, "f").get(0);

        assertThat(claim("hub-b", 10, "f")).isEmpty();
        now = now.plus(LEASE).plusSeconds(1);
        ClaimedRun taken = claim("hub-b", 10, "f").get(0);

        assertThat(taken.id()).isEqualTo(lost.id());
        assertThat(taken.resumed()).isTrue();
        assertThat(runs("hub-a")
                        .done(lost, Runs.Account.NONE)
                        .toCompletableFuture()
                        .join())
                .isFalse();
        assertThat(runs("hub-b")
                        .done(taken, Runs.Account.NONE)
                        .toCompletableFuture()
                        .join())
                .isTrue();
    }

    @Test
    void aClockThatIsSetBackKeepsNoDeadHubsRuns() throws Exception {
        store(event("1", "contact:1"));
        assertThat(claim("hub-a", 10, "f")).hasSize(1);
        assertThat(claim("hub-b", 10, "f")).isEmpty();
        now = now.minus(Duration.ofHours(1));
        Instant then = now.minusSeconds(1);
        TestDatabase.column(
                database.dataSource(),
                "UPDATE open_run SET lease_until = '" + then + "', due_at = '" + then + "' RETURNING 1");

        assertThat(claim("hub-b", 10, "f")).hasSize(1);
    }

    @Test
    void aRenewedLeaseDoesNotEnd() throws Exception {
        store(event("1", "contact:1"));
        ClaimedRun run = claim("hub-a", 10, "f").get(0);

        now = now.plus(LEASE.dividedBy(2));
        runs("hub-a").renew(List.of(run), LEASE);
        now = now.plus(LEASE.dividedBy(2)).plusSeconds(1);

        assertThat(run.lease().holds(now)).isTrue();
        assertThat(claim("hub-b", 10, "f")).isEmpty();
    }

    @Test
    void aHubWhoseClockIsAheadTakesNoRunThatAnotherHolds() throws Exception {
        store(event("1", "contact:1"));
        try (var here = byTheDatabase("hub-a", Duration.ZERO);
                var ahead = byTheDatabase("hub-b", LEASE.multipliedBy(2));
                var later = byTheDatabase("hub-b", LEASE.multipliedBy(2))) {
            List<ClaimedRun> held = here.claim(shares("f"), terms(10));
            here.renew(held, LEASE);

            assertThat(ahead.claim(shares("f"), terms(10))).isEmpty();
            assertThat(held).hasSize(1).allMatch(run -> run.lease().holds(Instant.now()));

            TestDatabase.column(
                    database.dataSource(), "UPDATE open_run SET lease_until = clock_timestamp() RETURNING 1");
            assertThat(later.claim(shares("f"), terms(10)))
                    .extracting(ClaimedRun::id)
                    .containsExactly(held.get(0).id());
        }
    }

    @Test
    void whatAHubWhoseClockIsBehindHandsItselfIsNotTakenByAnother() throws Exception {
        var taken = new ConcurrentLinkedQueue<ClaimedRun>();
        InstantSource behind = () -> Instant.now().minus(LEASE.multipliedBy(2));
        try (var inboxBehind = new Inbox(database.dataSource(), behind, LeaseClock.OF_THE_DATABASE, 100);
                var here = byTheDatabase("hub-a", Duration.ZERO)) {
            inboxBehind.handTo(new Handover() {
                @Override
                public Offer reserve(int wanted) {
                    return new Offer("hub-b", LEASE, wanted);
                }

                @Override
                public boolean takes(String flow) {
                    return true;
                }

                @Override
                public void take(List<ClaimedRun> runs, int waiting, Offer offer) {
                    taken.addAll(runs);
                }
            });
            inboxBehind
                    .append(List.of(event("1", "contact:1")))
                    .toCompletableFuture()
                    .join();

            assertThat(taken).hasSize(1).allMatch(run -> run.lease().holds(behind.instant()));
            assertThat(here.claim(shares("f"), terms(10))).isEmpty();
        }
    }

    private static Runs byTheDatabase(String hub, Duration ahead) {
        return new Runs(
                database.dataSource(), () -> Instant.now().plus(ahead), LeaseClock.OF_THE_DATABASE, hub, Rests.NEVER);
    }

    @Test
    void aHubThatWasFrozenKnowsThatItsLeaseHasEndedAndThatAnotherOneTookOver() throws Exception {
        store(event("1", "contact:1"));
        ClaimedRun run = claim("hub-a", 10, "f").get(0);

        now = now.plus(LEASE).plusSeconds(1);
        assertThat(run.lease().holds(now)).isFalse();
        claim("hub-b", 10, "f");
        runs("hub-a").renew(List.of(run), LEASE);

        assertThat(run.lease().holds(now)).isFalse();
    }

    @Test
    void aRunThatNeverComesToAnOutcomeIsSetAside() throws Exception {
        store(event("1", "contact:1"));
        for (int i = 0; i < 5; i++) {
            assertThat(claim("hub-a", 10, "f")).hasSize(1);
            now = now.plus(LEASE).plusSeconds(1);
        }

        assertThat(claim("hub-a", 10, "f")).isEmpty();

        var history = new History(database.dataSource());
        await().until(() ->
                history.runs(RunFilter.ALL.states(List.of("dead")), 10).size() == 1);
        assertThat(history.runs(RunFilter.ALL.states(List.of("dead")), 10)
                        .get(0)
                        .reason())
                .startsWith("claimed 5 times");
    }

    @Test
    @Timeout(300)
    void fourClaimersTakeEveryRunOnceAndInTheOrderOfItsLane() {
        int lanes = 20;
        int perLane = 15;
        var all = new ArrayList<NewEvent>();
        for (int i = 0; i < lanes * perLane; i++) {
            all.add(event("k" + i, "contact:" + i % lanes));
        }
        inbox.append(all).toCompletableFuture().join();
        var order = new ConcurrentLinkedQueue<ClaimedRun>();

        IntStream.range(0, 4).parallel().forEach(hub -> {
            var runs = runs("hub-" + hub);
            while (order.size() < lanes * perLane) {
                try {
                    for (ClaimedRun run : runs.claim(shares("f"), terms(3))) {
                        order.add(run);
                        runs.done(run, Runs.Account.NONE).toCompletableFuture().join();
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        });

        assertThat(order).extracting(ClaimedRun::id).doesNotHaveDuplicates();
        for (int lane = 0; lane < lanes; lane++) {
            String record = "contact:" + lane;
            assertThat(order.stream()
                            .filter(r -> r.event().record().equals(record))
                            .map(ClaimedRun::id))
                    .isSorted();
        }
    }

    private Receipt store(NewEvent event) {
        return inbox.append(List.of(event)).toCompletableFuture().join().get(0);
    }

    private static NewEvent event(String key, String record) {
        return event(key, record, "{}".getBytes(StandardCharsets.UTF_8), "f");
    }

    private static NewEvent event(String key, String record, byte[] payload, String... flows) {
        return new NewEvent(
                "crm",
                "contact.updated",
                key,
                Optional.empty(),
                record,
                "",
                Optional.empty(),
                "application/json",
                payload,
                List.of(flows));
    }

    private static List<Runs.Share> shares(String... flows) {
        return Stream.of(flows)
                .map(flow -> new Runs.Share(flow, 100, 4, 0, false, 1, Duration.ZERO))
                .toList();
    }

    private static Runs.Terms terms(int room) {
        return new Runs.Terms(room, 1 << 20, LEASE, 5, true);
    }

    private Runs runs(String hub) {
        return new Runs(database.dataSource(), clock, hub);
    }

    private List<ClaimedRun> claim(String hub, int room, String... flows) {
        try {
            return runs(hub).claim(shares(flows), terms(room));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Payloads history() {
        return new Payloads(new History(database.dataSource()));
    }

    private record Payloads(History history) {
        byte[] payloadOf(Receipt receipt) {
            try {
                return history.payload(receipt.eventId()).orElseThrow().bytes();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
