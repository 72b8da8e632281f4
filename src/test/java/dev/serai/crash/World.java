package dev.serai.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.api.ApiParts;
import dev.serai.run.Owner;
import dev.serai.run.Pace;
import dev.serai.store.ByHand;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Handover;
import dev.serai.store.NewEvent;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import dev.serai.store.Runs;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** What must be true of runs, claims and lanes, held against the store after each move. Flows and records are its own. */
final class World {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(15);
    private static final Runs.Failure WHY = new Runs.Failure("step", "a test wants it", Owner.SYSTEM);

    private enum State {
        WAITING,
        CLAIMED,
        IN_DOUBT,
        DEAD_IN_THE_WAY,
        DEAD,
        DONE
    }

    /** A run as it must be. */
    private static final class Run {
        private final String key;
        private final String lane;
        private final int number;
        private State state = State.WAITING;
        private Instant due;
        private ClaimedRun claim;
        private Instant leaseEnd;

        Run(String key, String lane, int number, Instant due) {
            this.key = key;
            this.lane = lane;
            this.number = number;
            this.due = due;
        }

        boolean finished() {
            return state == State.DONE || state == State.DEAD;
        }

        boolean heldAt(Instant now) {
            return state == State.CLAIMED && now.isBefore(leaseEnd);
        }

        @Override
        public String toString() {
            return key + " in " + lane + " (" + state + ")";
        }
    }

    private final SharedStore store;
    private final String name;
    private final List<String> flows;
    private final Map<String, Run> runs = new HashMap<>();
    /** By hub: what it believes to hold, and what it held when it froze. */
    private final Map<Integer, List<ClaimedRun>> held = new HashMap<>();

    private final Map<Integer, List<ClaimedRun>> frozen = new HashMap<>();

    /** @param name unlike any other world's in the same store */
    World(SharedStore store, String name) {
        this.store = store;
        this.name = name;
        this.flows = List.of("lead-" + name, "deal-" + name);
    }

    /** @param hub the one that may be handed the run, or -1 */
    void arrives(int record, int flow, int hub) {
        int number = runs.size();
        String key = name + "-" + number;
        var run = new Run(key, flows.get(flow) + " contact:" + record, number, store.now());
        runs.put(key, run);
        var handed = new ArrayList<ClaimedRun>();
        store.inbox().handTo(hub < 0 ? Handover.NOBODY : handOver(hub, handed));
        joined(store.inbox().append(List.of(event(key, "contact:" + record, flows.get(flow)))));
        claimed(hub, handed);
    }

    private static NewEvent event(String key, String record, String flow) {
        return new NewEvent(
                "crm",
                "contact.updated",
                key,
                Optional.empty(),
                record,
                "",
                Optional.empty(),
                "text/plain",
                key.getBytes(StandardCharsets.UTF_8),
                List.of(flow));
    }

    private Handover handOver(int hub, List<ClaimedRun> to) {
        return new Handover() {
            @Override
            public Offer reserve(int wanted) {
                return new Offer(store.hub(hub).hub(), LEASE, wanted);
            }

            @Override
            public boolean takes(String flow) {
                return true;
            }

            @Override
            public void take(List<ClaimedRun> runs, int waiting, Offer offer) {
                to.addAll(runs);
            }
        };
    }

    void claims(int hub, int room) {
        var shares = flows.stream()
                .map(flow -> new Runs.Share(flow, room, 1, 0, false, 1, Duration.ZERO))
                .toList();
        try {
            List<ClaimedRun> taken =
                    store.hub(hub).claim(shares, new Runs.Terms(room, 1 << 20, LEASE, Integer.MAX_VALUE, true));
            assertThat(taken).as("claimed with room for " + room).hasSizeLessThanOrEqualTo(room);
            claimed(hub, taken);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void claimed(int hub, List<ClaimedRun> taken) {
        for (ClaimedRun claim : taken) {
            Run run = runOf(claim);
            assertThat(run.heldAt(store.now()))
                    .as("%s was held and is claimed", run)
                    .isFalse();
            assertThat(run.state).as("%s is claimed", run).isIn(State.WAITING, State.CLAIMED);
            if (run.state == State.WAITING) {
                assertThat(run.due).as("%s is claimed before it is due", run).isBeforeOrEqualTo(store.now());
            }
            assertThat(lane(run).filter(r -> r.number < run.number && !r.finished()))
                    .as("unfinished before %s, which is claimed", run)
                    .isEmpty();
            assertThat(lane(run).filter(r -> r != run && r.heldAt(store.now())))
                    .as("held beside %s, which is claimed", run)
                    .isEmpty();
            run.state = State.CLAIMED;
            run.claim = claim;
            run.leaseEnd = store.now().plus(LEASE);
            held(hub).add(claim);
        }
    }

    void ends(int hub, int which, Move.Outcome outcome) {
        if (!held(hub).isEmpty()) {
            end(hub, held(hub).remove(which % held(hub).size()), outcome);
        }
    }

    private void end(int hub, ClaimedRun claim, Move.Outcome outcome) {
        Run run = runOf(claim);
        boolean newest = run.state == State.CLAIMED && run.claim == claim;
        boolean accepted = joined(write(store.hub(hub), claim, outcome));
        if (accepted) {
            assertThat(newest).as("an old claim of %s changed it", run).isTrue();
            run.state = switch (outcome) {
                case DONE -> State.DONE;
                case RETRY, RELEASED -> State.WAITING;
                case DEAD -> State.DEAD;
                case DEAD_IN_THE_WAY -> State.DEAD_IN_THE_WAY;
                case IN_DOUBT -> State.IN_DOUBT;
            };
            run.due = outcome == Move.Outcome.RETRY ? store.now().plus(RETRY) : store.now();
        } else {
            assertThat(newest && run.heldAt(store.now()))
                    .as("the outcome of %s was refused, though its lease holds", run)
                    .isFalse();
        }
    }

    private CompletionStage<Boolean> write(Runs hub, ClaimedRun claim, Move.Outcome outcome) {
        return switch (outcome) {
            case DONE -> hub.done(claim, Runs.Account.NONE);
            case RETRY -> hub.retry(claim, store.now().plus(RETRY), WHY);
            case RELEASED -> hub.release(claim);
            case DEAD -> hub.dead(claim, WHY, false);
            case DEAD_IN_THE_WAY -> hub.dead(claim, WHY, true);
            case IN_DOUBT -> hub.inDoubt(claim, WHY);
        };
    }

    void renews(int hub) {
        try {
            store.hub(hub).renew(held(hub), LEASE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        for (ClaimedRun claim : held(hub)) {
            Run run = runOf(claim);
            boolean newest = run.state == State.CLAIMED && run.claim == claim;
            if (claim.lease().holds(store.now())) {
                assertThat(newest).as("an old claim of %s was renewed", run).isTrue();
                run.leaseEnd = store.now().plus(LEASE);
            } else {
                assertThat(newest && run.heldAt(store.now()))
                        .as("the claim of %s was not renewed, though its lease holds", run)
                        .isFalse();
            }
        }
    }

    void freezes(int hub) {
        frozen.computeIfAbsent(hub, h -> new ArrayList<>()).addAll(held(hub));
        held(hub).clear();
    }

    void thaws(int hub, Move.Outcome outcome) {
        List<ClaimedRun> late = frozen.getOrDefault(hub, List.of());
        if (!late.isEmpty()) {
            end(hub, late.remove(0), outcome);
        }
    }

    void passes(Duration time) {
        store.pass(time);
    }

    void resumes(int which) {
        List<Run> aside = inOrder()
                .filter(r -> r.state == State.DEAD || r.state == State.DEAD_IN_THE_WAY || r.state == State.IN_DOUBT)
                .toList();
        if (!aside.isEmpty()) {
            resume(aside.get(which % aside.size()));
        }
    }

    private void resume(Run run) {
        try {
            var which = RunFilter.ALL.ids(List.of(run.claim.id()));
            var order = new Resume.Order(which, Optional.empty(), Pace.AT_ONCE, 1);
            assertThat(ApiParts.resume(store.data(), store::now)
                            .resume(order, new ByHand("ada", "looked"), soFar -> {})
                            .resumed())
                    .as("%s is resumed", run)
                    .hasSize(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        run.state = State.WAITING;
        run.due = store.now();
    }

    /** Of the claims that were handed out and have not ended, those whose lease says yes: at most one a lane. */
    void check() {
        var sure = new HashMap<String, List<ClaimedRun>>();
        Stream.concat(held.values().stream(), frozen.values().stream())
                .flatMap(List::stream)
                .filter(claim -> claim.lease().holds(store.now()))
                .forEach(claim -> sure.computeIfAbsent(runOf(claim).lane, lane -> new ArrayList<>())
                        .add(claim));
        sure.forEach((lane, claims) ->
                assertThat(claims).as("claims that hold in lane " + lane).hasSizeLessThan(2));
    }

    /** Everybody is healthy again, a person has looked at what was set aside: then every run comes to its end. */
    void comesToRest() {
        held.clear();
        frozen.clear();
        for (int round = 0; round <= 2 * runs.size() && !runs.values().stream().allMatch(Run::finished); round++) {
            passes(RETRY);
            inOrder()
                    .filter(r -> r.state == State.IN_DOUBT || r.state == State.DEAD_IN_THE_WAY)
                    .toList()
                    .forEach(this::resume);
            claims(round % SharedStore.HUBS, 10);
            check();
            int hub = round % SharedStore.HUBS;
            List.copyOf(held(hub)).forEach(claim -> end(hub, claim, Move.Outcome.DONE));
            held(hub).clear();
        }
        assertThat(inOrder().filter(run -> !run.finished())).as("left over").isEmpty();
    }

    private Stream<Run> inOrder() {
        return runs.values().stream().sorted(Comparator.comparingInt(run -> run.number));
    }

    private Stream<Run> lane(Run run) {
        return inOrder().filter(other -> other.lane.equals(run.lane));
    }

    private Run runOf(ClaimedRun claim) {
        return runs.get(new String(claim.event().payload(), StandardCharsets.UTF_8));
    }

    private List<ClaimedRun> held(int hub) {
        return held.computeIfAbsent(hub, h -> new ArrayList<>());
    }

    private static <T> T joined(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
