package dev.serai.store;

import static dev.serai.store.TestStore.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final TestStore store = TestStore.empty();
    private final Local local = new Local();

    @BeforeEach
    void handTo() {
        store.inbox.handTo(local);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aCommittedRunIsHandedOverAsClaimedAndNobodyElseGetsIt() {
        Receipt receipt = store.store(event("1", "contact:1", "f"));

        assertThat(local.taken).extracting(run -> run.event().id()).containsExactly(receipt.eventId());
        assertThat(local.taken.get(0).event().payload()).asString().contains("\"1\"");
        assertThat(store.claim("f")).isEmpty();
        assertThat(TestStore.joined(store.hub("here").done(local.taken.get(0), Runs.Account.NONE)))
                .isTrue();
        assertThat(store.column("SELECT state FROM run")).containsExactly("done");
    }

    @Test
    void whatThereIsNoRoomForWaitsAndIsAnnounced() {
        local.room = 2;

        store.store(IntStream.range(0, 5)
                .mapToObj(i -> event("k" + i, "contact:" + i, "f"))
                .toList());

        assertThat(local.taken).hasSize(2);
        assertThat(local.waiting).isEqualTo(3);
        assertThat(store.claim("f")).hasSize(3);
    }

    @Test
    void theNextEventOfARecordWaitsForTheOneBefore() {
        store.store(List.of(event("1", "contact:1", "f"), event("2", "contact:1", "f")));
        store.store(event("3", "contact:1", "f"));
        assertThat(local.taken).hasSize(1);
        assertThat(store.claim("f")).isEmpty();

        TestStore.joined(store.hub("here").done(local.taken.get(0), Runs.Account.NONE));

        assertThat(store.claim("f"))
                .hasSize(1)
                .allMatch(run -> run.id() == local.taken.get(0).id() + 1);
    }

    @Test
    void aFlowThatMayNotBeHandedOverIsClaimedAsUsual() {
        store.store(event("1", "contact:1", "gathers"));

        assertThat(local.taken).isEmpty();
        assertThat(store.claim("gathers")).hasSize(1);
    }

    @Test
    void aRepeatHandsNothingOver() {
        store.store(event("1", "contact:1", "f"));
        store.store(event("1", "contact:1", "f"));

        assertThat(local.taken).hasSize(1);
        assertThat(local.room).isEqualTo(9);
    }

    @Test
    void aHubThatDiesWithWhatItWasHandedIsReplacedWhenItsLeaseEnds() {
        store.store(event("1", "contact:1", "f"));

        store.now = store.now.plus(TestStore.LEASE).plusSeconds(1);

        assertThat(store.claim("f")).hasSize(1).allMatch(ClaimedRun::resumed);
    }

    @Test
    void theDatabaseItselfRefusesTwoClaimsInOneLane() {
        store.store(List.of(event("1", "contact:1", "f"), event("2", "contact:1", "f")));

        assertThatThrownBy(() -> {
                    try (var connection = store.database.dataSource().getConnection();
                            var statement = connection.createStatement()) {
                        statement.execute("UPDATE open_run SET state = 'claimed'");
                    }
                })
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("open_run_one_claim_a_lane");
    }

    @Test
    void aClaimThatAnotherHubHasCommittedMeanwhileCostsNoEvent() throws Exception {
        store.store(event("1", "contact:2", "f"));
        try (var other = store.database.dataSource().getConnection()) {
            // another hub's claim in the same lane, which our statement can't see yet
            other.setAutoCommit(false);
            other.createStatement().execute("""
                    INSERT INTO open_run (event_id, flow, lane, state, claims, claimed_by, lease_until)
                    VALUES (1, 'f', 'f contact:1', 'claimed', 1, 'other', now() + interval '1 minute')""");
            var receipts = store.inbox.append(List.of(event("2", "contact:1", "f")));
            org.awaitility.Awaitility.await()
                    .until(() -> store.column("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                    + " AND datname = current_database()")
                            .equals(List.of("1")));
            other.commit();

            assertThat(TestStore.joined(receipts).get(0).duplicate()).isFalse();
        }
        assertThat(local.taken).hasSize(1);
        assertThat(store.column("SELECT state FROM run WHERE flow = 'f' ORDER BY id"))
                .containsExactly("claimed", "claimed", "waiting");
    }

    /** A hub with room for ten. */
    private static final class Local implements Handover {
        private final List<ClaimedRun> taken = new ArrayList<>();
        private int room = 10;
        private int waiting;

        @Override
        public Offer reserve(int wanted) {
            int runs = Math.min(room, wanted);
            room -= runs;
            return new Offer("here", TestStore.LEASE, runs);
        }

        @Override
        public boolean takes(String flow) {
            return !flow.equals("gathers");
        }

        @Override
        public void take(List<ClaimedRun> runs, int waiting, Offer offer) {
            taken.addAll(runs);
            room += offer.runs() - runs.size();
            this.waiting = waiting;
            assertThat(offer.lease()).isEqualTo(Duration.ofMinutes(1));
        }
    }
}
