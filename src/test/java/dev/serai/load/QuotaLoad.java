package dev.serai.load;

import dev.serai.TestHub;
import dev.serai.simulator.Call;
import dev.serai.store.ByHand;
import dev.serai.store.Database;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import dev.serai.store.Inbox;
import dev.serai.store.NewEvent;
import dev.serai.store.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much of a vendor's limit a hub uses: changed contacts wait in the store, then the shipped flow {@code
 * contacts-to-hubspot} takes them in batches of a hundred, against the simulated HubSpot, which refuses the 191st call of any
 * ten seconds.
 */
public final class QuotaLoad {
    private static final String FLOW = "contacts-to-hubspot";
    private static final int BATCH = 100;
    private static final int AT_ONCE = 190;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private QuotaLoad() {}

    /** @param given how many contacts, 50,000 unless said; how many rounds, one after the other in the same hub */
    public static void main(String[] given) throws Exception {
        int contacts = given.length == 0 ? 50_000 : Integer.parseInt(given[0]);
        int rounds = given.length < 2 ? 1 : Integer.parseInt(given[1]);
        Map<String, String> settings = new HashMap<>(TestDatabase.fresh());
        settings.put(FLOW, "true");
        settings.put("serai.drift.sample", "0");
        try (TestHub hub = TestHub.with(settings)) {
            hub.simulator().limits("hubspot");
            var switches = new FlowSwitches(hub.wiring().database().dataSource());
            for (int round = 1; round <= rounds; round++) {
                flow(hub, switches, State.PAUSED);
                store(contacts, round, hub.wiring().database());
                // so that the calls of the round before count no more
                Thread.sleep(WINDOW.toMillis());
                hub.simulator().ledger().clear();
                flow(hub, switches, State.ON);
                print(round, contacts, until(hub, round * contacts));
            }
        }
    }

    private static void flow(TestHub hub, FlowSwitches switches, State state) throws Exception {
        switches.set(FLOW, state, Instant.now(), new ByHand("bench", "a round begins"));
        while (hub.wiring().hub().flowState(FLOW) != state) {
            Thread.sleep(10);
        }
    }

    private static void store(int contacts, int round, Database database) {
        try (Inbox inbox = new Inbox(database.intake(), InstantSource.system(), 1000)) {
            var waiting = new ArrayList<NewEvent>();
            for (int i = 1; i <= contacts; i++) {
                waiting.add(event((round - 1) * contacts + i));
                if (waiting.size() == 1000 || i == contacts) {
                    inbox.append(List.copyOf(waiting)).toCompletableFuture().join();
                    waiting.clear();
                }
            }
        }
    }

    private static NewEvent event(int number) {
        String contact = "{\"id\":\"c-" + number + "\",\"properties\":{\"email\":\"p" + number
                + "@example.com\",\"firstname\":\"Ada\"}}";
        return new NewEvent(
                "crm",
                "contact.updated",
                "load-" + number,
                Optional.empty(),
                "contact:" + number,
                "",
                Optional.empty(),
                "application/json",
                contact.getBytes(StandardCharsets.UTF_8),
                List.of(FLOW));
    }

    private static List<Call> until(TestHub hub, int contacts) throws InterruptedException {
        Instant end = Instant.now().plus(LONGEST);
        while (Instant.now().isBefore(end)) {
            int done =
                    Integer.parseInt(hub.column("SELECT count(*) FROM done_run").get(0));
            if (done == contacts
                    || !hub.column("SELECT id FROM open_run WHERE state IN ('dead', 'in_doubt') LIMIT 1")
                            .isEmpty()) {
                break;
            }
            Thread.sleep(500);
        }
        return hub.simulator().ledger().calls("hubspot");
    }

    /**
     * Beside the time that the limit alone leaves stands the one that a machine of this pace needs under it: the last window's calls
     * can be made no quicker than those of the first, which nothing held back.
     */
    private static void print(int round, int contacts, List<Call> calls) {
        int batches = (contacts + BATCH - 1) / BATCH;
        Duration least = WINDOW.multipliedBy((batches - 1) / AT_ONCE);
        long refused = calls.stream().filter(call -> call.status() == 429).count();
        List<Instant> moments = calls.stream().map(Call::at).sorted().toList();
        Instant first = moments.get(0);
        Duration took = Duration.between(first, moments.get(moments.size() - 1));
        long atOnce =
                moments.stream().filter(at -> at.isBefore(first.plus(WINDOW))).count();
        Duration quickest = Duration.between(first, moments.get(Math.min(AT_ONCE, moments.size()) - 1));
        int last = (batches - 1) % AT_ONCE + 1;
        Duration paced = least.plus(quickest.multipliedBy(last).dividedBy(Math.min(AT_ONCE, batches)));
        System.out.printf(
                "quota: round=%d contacts=%d calls=%d least_calls=%d first_window=%d/%d refused_429=%d took_ms=%d"
                        + " least_ms=%d ratio=%.3f first_%d_calls_ms=%d least_at_this_pace_ms=%d ratio_at_this_pace=%.3f%n",
                round,
                contacts,
                calls.size(),
                batches,
                atOnce,
                AT_ONCE,
                refused,
                took.toMillis(),
                least.toMillis(),
                ratio(took, least),
                AT_ONCE,
                quickest.toMillis(),
                paced.toMillis(),
                ratio(took, paced));
    }

    private static double ratio(Duration took, Duration least) {
        return took.toMillis() / (double) Math.max(1, least.toMillis());
    }
}
