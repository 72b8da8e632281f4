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
    private final Map<Long, Work> held = new ConcurrentHashMap<>();
    private final AtomicLong begun = new AtomicLong();
    private final Semaphore wake = new Semaphore(0);
    private final Thread claimer = new Thread(this::claimLoop, "serai-claim");
    private final Thread renewer = new Thread(this::renewLoop, "serai-lease");
    private volatile boolean stopping;
    /** Whether runs may lie in the table that are due: they go before those that arrive. */
    private volatile boolean behind = true;

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
        runs.onFreed(this::wake);
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
        committed.forEach(this::begin);
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
        int places = room.reserve(MOST_PER_CLAIM);
        int left = places;
        try {
            List<Runs.Share> shares = places == 0 ? List.of() : shares(places);
            if (shares.isEmpty()) {
                return false;
            }
            // what is committed from here on is seen by this claim, or wakes the next one
            behind = false;
            var terms = new Runs.Terms(places, room.bytesLeft(), limits.lease, limits.maxClaims, !suspectHeld());
            List<ClaimedRun> claimed = runs.claim(shares, terms);
            left -= claimed.size();
            claimed.forEach(this::begin);
            behind |= left == 0;
            return left == 0;
        } finally {
            room.release(left);
        }
    }

    /** What each flow that can work now may have, so that none keeps the others from their turn. */
    private List<Runs.Share> shares(int places) {
        long bulk =
                held.values().stream().filter(w -> w.priority == Priority.BULK).count();
        int roomForBulk = (int) Math.max(0, room.all() / 2 - bulk);
        return subscribers.working().stream()
                .map(flow -> share(flow, subscribers.options(flow).orElseThrow(), places, roomForBulk))
                .filter(share -> share.most() > 0)
                .toList();
    }

    private static Runs.Share share(String flow, FlowOptions options, int places, int roomForBulk) {
        int most = options.priority() == Priority.BULK ? Math.min(places, roomForBulk) : places;
        return new Runs.Share(flow, most, options.priority().weight(), options.concurrent(), 1, Duration.ZERO);
    }

    /** A run on its way through its flow. */
    private final class Work implements Runnable, Comparable<Work> {
        private final ClaimedRun run;
        private final Priority priority;
        private final long number = begun.incrementAndGet();

        Work(ClaimedRun run, Priority priority) {
            this.run = run;
            this.priority = priority;
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

    private void begin(ClaimedRun run) {
        var priority =
                subscribers.options(run.flow()).map(FlowOptions::priority).orElse(Priority.NORMAL);
        var work = new Work(run, priority);
        held.put(run.id(), work);
        room.fill(run);
        try {
            workers.execute(work);
        } catch (RejectedExecutionException e) {
            // committed while the hub was closing: any other one, or this one after its start, takes it up
            settlement.release(new RunScope(run, FlowOptions.USUAL, Map.of()));
        }
    }

    private void work(Work work) {
        ClaimedRun run = work.run;
        Optional<EventConsumer> flow = stopping ? Optional.empty() : subscribers.consumer(run.flow());
        var scope = new RunScope(run, FlowOptions.USUAL, Map.of());
        CompletionStage<Boolean> outcome;
        try {
            outcome = flow.map(consumer -> consumer.take(run, settlement)).orElseGet(() -> settlement.release(scope));
        } catch (RuntimeException e) {
            // or it would be held for ever, its lease renewed and its lane blocked
            LOG.error("run.not_begun run={}: a fault of Serai", run.name(), e);
            outcome = settlement.failed(scope, e);
        }
        outcome.whenComplete((ours, failure) -> {
            // only this claim of it: after a pause the hub may have claimed its own run anew
            held.remove(run.id(), work);
            room.leave(run);
            if (behind && room.wantsMore()) {
                wake();
            }
        });
    }

    private boolean suspectHeld() {
        return held.values().stream().anyMatch(work -> work.run.suspect());
    }

    private List<ClaimedRun> heldRuns() {
        return held.values().stream().map(work -> work.run).toList();
    }

    private void renewLoop() {
        while (!stopping || !held.isEmpty()) {
            pause(limits.lease.dividedBy(3));
            if (held.isEmpty()) {
                continue;
            }
            try {
                runs.renew(heldRuns(), limits.lease);
            } catch (SQLException e) {
                LOG.warn("leases.not_renewed: {}; trying again", e.getMessage());
            }
        }
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
