package dev.serai.store;

import static dev.serai.store.TestStore.LEASE;
import static dev.serai.store.TestStore.event;
import static dev.serai.store.TestStore.share;
import static dev.serai.store.TestStore.versioned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimTest {
    private final TestStore store = TestStore.empty();

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aFlowWithAThousandRunsDoesNotKeepAnotherOneFromItsTurn() {
        backlog("busy", 300);
        store.store(event("late", "contact:late", "quiet"));

        assertThat(store.claim(10, List.of(share("busy", 4, 0), share("quiet", 4, 0))))
                .extracting(ClaimedRun::flow)
                .contains("quiet", "busy");
    }

    @Test
    void turnsAreGivenByWeightAndNobodyGoesWithout() {
        backlog("bulk", 50);
        backlog("normal", 50);
        backlog("critical", 50);

        var turns =
                store.claim(42, List.of(share("bulk", 1, 0), share("normal", 4, 0), share("critical", 16, 0))).stream()
                        .collect(Collectors.groupingBy(ClaimedRun::flow, Collectors.counting()));

        assertThat(turns)
                .containsEntry("critical", 32L)
                .containsEntry("normal", 8L)
                .containsEntry("bulk", 2L);
    }

    @Test
    void aRunWhoseOutcomeIsBeingWrittenHoldsUpNeitherALeaseNorAClaim() throws Exception {
        backlog("flow", 3);
        List<ClaimedRun> held = store.claim("flow");
        try (var writer = store.database.dataSource().getConnection()) {
            writer.setAutoCommit(false);
            writer.createStatement()
                    .execute("SELECT 1 FROM open_run WHERE id = " + held.get(0).id() + " FOR UPDATE");

            store.now = store.now.plus(LEASE.dividedBy(2));
            withoutWaiting(() -> store.renew(held));
            store.now = store.now.plus(LEASE.dividedBy(2)).plusSeconds(1);
            assertThat(held).extracting(run -> run.lease().holds(store.now)).containsExactly(false, true, true);

            store.now = store.now.plus(LEASE);
            assertThat(withoutWaiting(() -> store.claim("flow")))
                    .extracting(ClaimedRun::id)
                    .containsExactly(held.get(1).id(), held.get(2).id());
            writer.rollback();
        }

        store.renew(held);
        assertThat(held)
                .as("the first was not lost, only left for another time; the others were claimed anew")
                .extracting(run -> run.lease().holds(store.now))
                .containsExactly(true, false, false);
    }

    /** Fails when it waits for what the test itself holds. */
    private static <T> T withoutWaiting(Supplier<T> work) throws Exception {
        return CompletableFuture.supplyAsync(work).get(1, TimeUnit.MINUTES);
    }

    @Test
    void allHubsTogetherHoldNoMoreRunsOfAFlowThanItsLimit() {
        backlog("limited", 20);
        var shares = List.of(share("limited", 4, 3));

        var first = store.claim(2, shares);
        var second = store.claim(10, shares);
        assertThat(first).hasSize(2);
        assertThat(second).hasSize(1);
        assertThat(store.claim(10, shares)).isEmpty();

        store.done(first.get(0));
        assertThat(store.claim(10, shares)).hasSize(1);
    }

    @Test
    void fourHubsAtOnceKeepToTheLimitOfAFlow() {
        backlog("limited", 100);

        long claimed = IntStream.range(0, 16)
                .parallel()
                .mapToLong(i -> store.claim(3, List.of(share("limited", 4, 5))).size())
                .sum();

        assertThat(claimed).isEqualTo(5);
    }

    @Test
    void noMoreBytesAreTakenThanThereIsRoomForButAlwaysOneRun() {
        backlog("f", 10);
        int size = store.claim(1, List.of(share("f", 4, 0))).get(0).event().payload().length;

        assertThat(claimWithin(3L * size)).hasSize(3);
        assertThat(claimWithin(1)).hasSize(1);
    }

    @Test
    void aRecordWithThousandsOfWaitingRunsIsWorkedOffInOrderWithoutHoldingUpTheOthers() {
        store.store(IntStream.range(0, 400)
                .mapToObj(i -> event("k" + i, "contact:hot", "f"))
                .toList());
        ClaimedRun head = store.claim("f").get(0);
        store.store(event("other", "contact:other", "f"));

        // the waiting ones stand before it in time; they step back until it is found
        IntStream.range(0, 10)
                .filter(i -> !store.claim("f").isEmpty())
                .findFirst()
                .orElseThrow();
        long before = head.id();
        store.done(head);
        for (int i = 0; i < 50; i++) {
            ClaimedRun next = store.claim("f").get(0);
            assertThat(next.event().record()).isEqualTo("contact:hot");
            assertThat(next.id()).isEqualTo(before + 1);
            before = next.id();
            store.done(next);
        }
    }

    @Test
    void whatMayHaveEndedTheProcessIsTriedOneAtATime() {
        backlog("f", 4);
        for (int crash = 0; crash < 3; crash++) {
            assertThat(store.claim("f")).hasSize(4);
            store.now = store.now.plus(TestStore.LEASE).plusSeconds(1);
        }

        assertThat(store.claim("f")).hasSize(1).allMatch(ClaimedRun::suspect);
        assertThat(store.claim(List.of(share("f", 4, 0)), new Runs.Terms(10, 1 << 20, TestStore.LEASE, 5, false)))
                .isEmpty();
    }

    @Test
    void aRunThatIsSetAsideHoldsItsLaneWhereTheFlowSaysSo() {
        for (boolean holds : List.of(true, false)) {
            String flow = "holds-" + holds;
            var shares = List.of(new Runs.Share(flow, 100, 4, 0, holds, 1, Duration.ZERO));
            store.store(List.of(event("1" + holds, "contact:1", flow), event("2" + holds, "contact:1", flow)));
            String dead = "SELECT 1 FROM run WHERE state = 'dead' AND flow = '" + flow + "'";
            await().until(() -> {
                store.claim(10, shares);
                store.now = store.now.plus(TestStore.LEASE).plusSeconds(1);
                return !store.column(dead).isEmpty();
            });

            assertThat(store.claim(10, shares)).hasSize(holds ? 0 : 1);
        }
    }

    @Test
    void runsAreGatheredUntilThereAreEnoughOrTheFirstHasWaitedLongEnough() {
        var gathering = List.of(new Runs.Share("f", 100, 4, 0, false, 3, Duration.ofSeconds(2)));
        backlog("f", 2);
        assertThat(store.claim(10, gathering)).isEmpty();

        store.store(event("third", "contact:third", "f"));
        assertThat(store.claim(10, gathering)).hasSize(3);

        store.store(event("fourth", "contact:fourth", "f"));
        assertThat(store.claim(10, gathering)).isEmpty();
        store.now = store.now.plusSeconds(3);
        assertThat(store.claim(10, gathering)).hasSize(1);
    }

    @Test
    void aDeadLetterLetsItsLaneGoOnUnlessTheFlowSaysOtherwise() {
        store.store(List.of(event("1", "contact:1", "goes-on", "holds"), event("2", "contact:1", "goes-on", "holds")));
        var heads = store.claim("goes-on", "holds");

        heads.forEach(head -> store.dead(head, head.flow().equals("holds")));

        assertThat(store.claim("goes-on", "holds")).extracting(ClaimedRun::flow).containsExactly("goes-on");
    }

    @Test
    void aLateEventWithAnOlderVersionKnowsTheNewerOne() {
        Receipt newer = store.store(versioned("1", "contact:1", "2026-11-21T10:00:00.5Z", "f"));
        store.done(store.claim("f").get(0));

        store.store(versioned("2", "contact:1", "2026-11-21T12:00:00+02:30", "f"));
        store.store(versioned("3", "contact:2", "2026-11-21T09:00:00Z", "f"));

        assertThat(store.claim("f"))
                .extracting(run -> run.event().newer().map(Receipt::eventId).orElse(0L))
                .containsExactly(newer.eventId(), 0L);
    }

    @Test
    void versionsThatAreNumbersAreComparedAsNumbers() {
        store.store(versioned("1", "contact:1", "10", "f"));
        store.done(store.claim("f").get(0));
        store.store(versioned("2", "contact:1", "9", "f"));
        store.store(versioned("3", "contact:1", "v11", "f"));

        ClaimedRun late = store.claim("f").get(0);
        assertThat(late.event().newer()).isPresent();
        store.done(late);
        assertThat(store.claim("f").get(0).event().newer()).isEmpty();
    }

    private List<ClaimedRun> claimWithin(long bytes) {
        return store.claim(List.of(share("f", 4, 0)), new Runs.Terms(10, bytes, TestStore.LEASE, 5, true));
    }

    private void backlog(String flow, int runs) {
        store.store(IntStream.range(0, runs)
                .mapToObj(i -> event(flow + i, "contact:" + flow + i, flow))
                .toList());
        store.now = store.now.plusMillis(1);
    }
}
