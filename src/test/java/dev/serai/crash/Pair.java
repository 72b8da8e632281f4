package dev.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Two hubs on a database and a vendor of their own, for the events of one kind. One dies, the other takes over; what was
 * dead comes back when all is over, with everything it remembers, and must do no harm. Then they change places. A lease ends
 * only when a dead hub holds it, however slow the machine is: the time of both hubs is made to pass then.
 */
final class Pair implements AutoCloseable {
    /** The other hub takes a run now and then before the one that is to die. */
    private static final int TRIES = 100;

    private static final int WATCHED = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final WriteKind kind;
    private final Vendor vendor = new Vendor();
    private final Time time = new Time();
    private final Tables tables;
    private final List<MortalHub> hubs = new ArrayList<>();
    private final Map<String, Integer> requests = new HashMap<>();
    private final Map<String, List<Tables.Run>> outcomes = new HashMap<>();
    private int cases;

    Pair(WriteKind kind, Path folder) throws IOException, SQLException {
        this.kind = kind;
        Map<String, String> database = TestDatabase.fresh();
        tables = new Tables(database);
        for (String name : List.of("a", "b")) {
            hubs.add(new MortalHub(kind.word() + "-" + name, new MortalHub.Shared(folder, database, vendor, time)));
        }
    }

    /** The boundaries on the way of every event, found by watching some: a try that is made again now and then is none. */
    List<Boundary> boundaries() {
        List<Boundary> common = new ArrayList<>(watched(0));
        for (int i = 1; i < WATCHED; i++) {
            common.retainAll(watched(i));
        }
        common.removeIf(boundary -> boundary.isOfClaim() && !kind.isClaimed());
        return common;
    }

    private List<Boundary> watched(int number) {
        Mortal mortal = hubs.get(0).mortal();
        for (int i = 0; i < TRIES; i++) {
            String event = event(kind.word() + "-watched-" + number + "-" + i, 1);
            mortal.watch();
            assertThat(hubs.get(0).tell(kind.event(), event).accepted()).isTrue();
            eventually(() -> tables.settled(event));
            List<Boundary> passed = mortal.passed();
            mortal.rest();
            if (passed.stream().anyMatch(b -> b.what().equals("when PUT notes is answered"))) {
                return passed;
            }
        }
        throw new AssertionError("the other hub was faster " + TRIES + " times");
    }

    /** Kills a hub at a boundary, lets the other one take over, and checks what became of the event. */
    void crash(Boundary at) {
        cases++;
        for (int i = 0; i < TRIES; i++) {
            MortalHub victim = hubs.get(cases % 2);
            MortalHub heir = hubs.get(1 - cases % 2);
            String record = kind.word() + "-" + cases + "-" + i;
            String event = event(record, 1);
            var death = new AtomicReference<Death>();
            victim.mortal().watch(at, () -> death.set(death(event)));
            boolean acknowledged = victim.tell(kind.event(), event).accepted();
            eventually(() -> victim.mortal().dead() || tables.settled(event));
            if (victim.mortal().dead()) {
                try {
                    timePassesIfItHolds(victim, event);
                    theSenderRepeatsWhatWasNotAcknowledged(heir, death.get(), acknowledged);
                    takeOver(heir, record, death.get());
                } finally {
                    victim.mortal().comeBack();
                }
                return;
            }
            victim.mortal().rest();
        }
        throw new AssertionError("no event came " + at + ", in " + TRIES + " tries");
    }

    /** Seen in the very moment: the other hub may go on before a slow test looks. */
    private Death death(String event) {
        return new Death(
                kind,
                event,
                tables.events(event) > 0,
                tables.steps(event),
                vendor.ledger().received(e -> e.event().equals(event)));
    }

    /** What a dead hub holds is free when its lease has ended. What it does not hold is taken up, or was never stored. */
    private void timePassesIfItHolds(MortalHub victim, String event) {
        eventually(() -> tables.isHeldBy(victim.name(), event) || tables.settled(event) || tables.events(event) == 0);
        if (tables.isHeldBy(victim.name(), event)) {
            time.passes(MortalHub.LEASE);
        }
    }

    private void takeOver(MortalHub heir, String record, Death death) {
        String event = event(record, 1);
        String next = event(record, 2);
        untilAccepted(heir, next);

        eventually(() -> tables.settled(event));
        var aftermath = new Aftermath(death, tables, vendor.ledger());
        if (aftermath.inDoubt()) {
            // when one that came later is done, its turn would have come
            String other = event(record + "-other", 1);
            untilAccepted(heir, other);
            eventually(() -> tables.settled(other));
        } else {
            eventually(() -> tables.settled(next));
        }
        aftermath.check();
        aftermath.checkOrder(next);
        for (String one : List.of(event, next)) {
            requests.put(one, requestsFor(one));
            outcomes.put(one, tables.runs(one));
        }
    }

    /** A hub that was dead before may meet a connection that broke then, answer 503, and be asked again. */
    private MortalHub.Reply untilAccepted(MortalHub hub, String event) {
        return await().atMost(PATIENCE).until(() -> hub.tell(kind.event(), event), MortalHub.Reply::accepted);
    }

    private void theSenderRepeatsWhatWasNotAcknowledged(MortalHub heir, Death death, boolean acknowledged) {
        assertThat(death.stored() || !acknowledged)
                .as("what is acknowledged is stored")
                .isTrue();
        if (!acknowledged) {
            assertThat(untilAccepted(heir, death.event()).duplicate())
                    .as("recognised as a repeat")
                    .isEqualTo(death.stored());
        }
    }

    /** After all came back: nothing that was settled has changed, and nothing more was sent for it. */
    void checkThatTheDeadDidNoHarm() {
        String last = event(kind.word() + "-last", 1);
        hubs.forEach(hub -> eventually(() -> hub.tell(kind.event(), last).accepted()));
        eventually(() -> tables.settled(last));
        outcomes.forEach((event, runs) -> {
            assertThat(tables.runs(event)).as(event).isEqualTo(runs);
            assertThat(requestsFor(event)).as("requests for " + event).isEqualTo(requests.get(event));
        });
    }

    private int requestsFor(String event) {
        return vendor.ledger()
                .received(e -> e.event().equals(event) && !e.collection().equals("accounts"))
                .size();
    }

    private static String event(String record, int number) {
        return record + "." + number;
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    @Override
    public void close() throws SQLException {
        hubs.forEach(MortalHub::close);
        vendor.close();
        tables.close();
    }
}
