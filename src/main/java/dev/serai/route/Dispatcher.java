package dev.serai.route;

import dev.serai.route.FlowOptions.Priority;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Handover;
import dev.serai.store.Runs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives runs to their flows: those committed here at once, while nothing older waits; all others as it claims them, never
 * more than there is room for. Keeps the leases of what it holds.
 */
public final class Dispatcher implements Handover, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MOST_PER_CLAIM = 128;
    private static final Duration LOOK_AROUND = Duration.ofMillis(250);
    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(1);

    /** @param room runs held at the same moment, those that wait for a redelivery included */
    public record Limits(int threads, int room, Duration lease, int maxClaims) {}

    private final Runs runs;
    private final Subscribers subscribers;
    private final Settlement settlement;
    private final Limits limits;
    private final ThreadPoolExecutor workers;
    private final Room room;
    private final Shares shares;
    private final Map<Long, Held> held = new ConcurrentHashMap<>();
    private final AtomicLong begun = new AtomicLong();
    private final Semaphore wake = new Semaphore(0);
    private final Thread claimer = new Thread(this::claimLoop, "serai-claim");
    private final Thread renewer;
    private volatile boolean stopping;
    /** Whether runs may lie in the table that are due: they go before those that arrive. */
    private volatile boolean behind = true;
    /** Whether a batch found too little room: it is looked for again when another one ends. */
    private volatile boolean crowded;

    private boolean leasesInDoubt;

    public Dispatcher(Runs runs, Subscribers subscribers, Settlement settlement, Limits limits) {
        this.runs = runs;
        this.subscribers = subscribers;
        this.settlement = settlement;
        this.limits = limits;
        var number = new AtomicInteger();
        this.workers = new ThreadPoolExecutor(
                limits.threads, limits.threads, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), task -> {
                    var thread = new Thread(task, "serai-run-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        this.room = new Room(limits.room, limits.threads, workers.getQueue()::size);
        this.shares = new Shares(subscribers, limits.room);
        runs.onFreed(this::wake);
        this.renewer = new Thread(
                new LeaseKeeper(
                        limits.lease.dividedBy(3),
                        this::heldRuns,
                        () -> stopping,
                        held -> runs.renew(held, limits.lease)),
                "serai-lease");
        claimer.setDaemon(true);
        renewer.setDaemon(true);
    }

    void start() {
        claimer.start();
        renewer.start();
    }

    /** Runs may be due. */
    void wake() {
        behind = true;
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    @Override
    public Offer reserve(int wanted) {
        return new Offer(runs.hub(), limits.lease, behind || stopping ? 0 : room.reserve(wanted));
    }

    @Override
    public boolean takes(String flow) {
        return subscribers.options(flow).filter(FlowOptions::handedOver).isPresent();
    }

    @Override
    public void take(List<ClaimedRun> committed, int waiting, Offer offer) {
        room.release(offer.runs() - committed.size());
        committed.forEach(run -> begin(List.of(run)));
        if (waiting > 0) {
            wake();
        }
    }

    private void claimLoop() {
        while (!stopping) {
            try {
                if (!claim()) {
                    wake.tryAcquire(LOOK_AROUND.toMillis(), TimeUnit.MILLISECONDS);
                    wake.drainPermits();
                }
            } catch (SQLException e) {
                LOG.warn("runs.not_claimed: {}; trying again", e.getMessage());
                leasesInDoubt = true;
                behind = true;
                pause(DATABASE_PAUSE);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("runs.not_claimed: a fault of Serai; trying again", e);
                pause(DATABASE_PAUSE);
            }
        }
    }

    /** @return whether more may be due, and there is room for it */
    private boolean claim() throws SQLException {
        if (leasesInDoubt) {
            // leases ended while the database was away: take them back before claiming one's own runs a second time
            runs.renew(heldRuns(), limits.lease);
            leasesInDoubt = false;
        }
        boolean more = claimSingly();
        crowded = false;
        for (String flow : subscribers.working()) {
            Optional<FlowOptions> options = subscribers
                    .options(flow)
                    .filter(FlowOptions::gathers)
                    .filter(each -> !settlement.awaitsItsTurn(flow));
            more |= options.isPresent() && claimTogether(flow, options.get());
        }
        return more;
    }

    private boolean claimSingly() throws SQLException {
        int places = room.reserve(MOST_PER_CLAIM);
        int left = places;
        try {
            List<Runs.Share> wanted = places == 0 ? List.of() : shares.singly(places, bulkHeld());
            if (wanted.isEmpty()) {
                return false;
            }
            // what is committed from here on is seen by this claim, or wakes the next one
            behind = false;
            List<ClaimedRun> claimed = runs.claim(wanted, terms(places));
            left -= claimed.size();
            claimed.forEach(run -> begin(List.of(run)));
            behind |= left == 0;
            return left == 0;
        } finally {
            room.release(left);
        }
    }

    /** One batch of a flow, when it is full or its first event has waited long enough. */
    private boolean claimTogether(String flow, FlowOptions options) throws SQLException {
        int places = room.reserveTogether(options.gathering().most());
        int left = places;
        try {
            Runs.Share share = shares.of(flow, options, places, bulkHeld());
            // before it looks whether one is held: that one may end meanwhile
            crowded |= share.most() < options.gathering().most();
            // the places of another batch come free together: one waits for them rather than to spend a call on a few
            if (share.most() <= 0 || share.most() < options.gathering().most() && batchesHeld()) {
                return false;
            }
            List<ClaimedRun> claimed = runs.claim(List.of(share), terms(places));
            left -= claimed.size();
            // what may be what ends the process takes no others with it
            claimed.stream().filter(ClaimedRun::suspect).forEach(run -> begin(List.of(run)));
            var rest = claimed.stream().filter(run -> !run.suspect()).toList();
            if (!rest.isEmpty()) {
                begin(rest);
            }
            return !claimed.isEmpty();
        } finally {
            room.release(left);
        }
    }

    private Runs.Terms terms(int places) {
        return new Runs.Terms(places, room.bytesLeft(), limits.lease, limits.maxClaims, !suspectHeld());
    }

    private int bulkHeld() {
        return (int) held.values().stream()
                .filter(h -> h.work.priority == Priority.BULK)
                .count();
    }

    private boolean batchesHeld() {
        return held.values().stream().anyMatch(h -> h.work.runs.size() > 1);
    }

    /** A run this hub holds, and what it is worked on with. */
    private record Held(ClaimedRun run, Work work) {}

    /** A run, or a batch of them, on its way through its flow. */
    private final class Work implements Runnable, Comparable<Work> {
        private final List<ClaimedRun> runs;
        private final Priority priority;
        private final long number = begun.incrementAndGet();
        private final AtomicInteger open;

        Work(List<ClaimedRun> runs, Priority priority) {
            this.runs = runs;
            this.priority = priority;
            this.open = new AtomicInteger(runs.size());
        }

        @Override
        public void run() {
            work(this);
        }

        @Override
        public int compareTo(Work other) {
            int byPriority = priority.compareTo(other.priority);
            return byPriority == 0 ? Long.compare(number, other.number) : byPriority;
        }
    }

    /** @param runs of one flow */
    private void begin(List<ClaimedRun> runs) {
        var priority = subscribers
                .options(runs.get(0).flow())
                .map(FlowOptions::priority)
                .orElse(Priority.NORMAL);
        var work = new Work(runs, priority);
        for (ClaimedRun run : runs) {
            held.put(run.id(), new Held(run, work));
            room.fill(run);
        }
        try {
            workers.execute(work);
        } catch (RejectedExecutionException e) {
            // committed while the hub was closing: any other one, or this one after its start, takes it up
            release(runs);
        }
    }

    private void work(Work work) {
        Optional<EventConsumer> flow =
                stopping ? Optional.empty() : subscribers.ready(work.runs.get(0).flow());
        List<CompletionStage<Boolean>> outcomes;
        try {
            outcomes =
                    flow.map(consumer -> consumer.take(work.runs, settlement)).orElseGet(() -> release(work.runs));
        } catch (RuntimeException e) {
            // or they would be held for ever, their leases renewed and their lanes blocked
            LOG.error("run.not_begun run={}: a fault of Serai", work.runs.get(0).name(), e);
            outcomes = work.runs.stream()
                    .map(run -> settlement.failed(scope(run), e))
                    .toList();
        }
        for (int i = 0; i < work.runs.size(); i++) {
            ClaimedRun run = work.runs.get(i);
            outcomes.get(i).whenComplete((ours, failure) -> ended(run, work));
        }
    }

    private List<CompletionStage<Boolean>> release(List<ClaimedRun> runs) {
        return runs.stream().map(run -> settlement.release(scope(run))).toList();
    }

    private RunScope scope(ClaimedRun run) {
        return new RunScope(run, subscribers.options(run.flow()).orElse(FlowOptions.USUAL), Map.of());
    }

    private void ended(ClaimedRun run, Work work) {
        // only this claim of it: after a pause the hub may have claimed its own run anew
        held.remove(run.id(), new Held(run, work));
        room.leave(run);
        boolean last = work.open.decrementAndGet() == 0;
        if ((behind || crowded && last) && room.wantsMore()) {
            wake();
        }
    }

    private boolean suspectHeld() {
        return held.values().stream().anyMatch(h -> h.run.suspect());
    }

    private List<ClaimedRun> heldRuns() {
        return held.values().stream().map(Held::run).toList();
    }

    private static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Claims nothing more, so that what is held can come to its end. */
    void drain() {
        stopping = true;
        wake();
    }

    @Override
    public void close() {
        drain();
        workers.shutdown();
        try {
            workers.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        renewer.interrupt();
    }
}
