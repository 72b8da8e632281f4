package dev.serai.route;

import dev.serai.store.ClaimedRun;
import dev.serai.store.Runs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims due runs and hands them to their flows: never more than there is room for, woken when events are stored here,
 * looking by itself for what other hubs stored. Keeps the leases of what it holds.
 */
public final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MOST_PER_CLAIM = 64;
    private static final Duration LOOK_AROUND = Duration.ofMillis(250);
    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(1);

    /** @param room runs held at the same moment, those that wait for a redelivery included */
    public record Limits(int threads, int room, Duration lease, int maxClaims) {}

    private final Runs runs;
    private final Subscribers subscribers;
    private final Settlement settlement;
    private final Limits limits;
    private final ExecutorService workers;
    private final Map<Long, ClaimedRun> held = new ConcurrentHashMap<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread claimer = new Thread(this::claimLoop, "serai-claim");
    private final Thread renewer = new Thread(this::renewLoop, "serai-lease");
    private volatile boolean stopping;
    private boolean leasesInDoubt;

    public Dispatcher(Runs runs, Subscribers subscribers, Settlement settlement, Limits limits) {
        this.runs = runs;
        this.subscribers = subscribers;
        this.settlement = settlement;
        this.limits = limits;
        var number = new AtomicInteger();
        this.workers = Executors.newFixedThreadPool(limits.threads, task -> {
            var thread = new Thread(task, "serai-run-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        claimer.setDaemon(true);
        renewer.setDaemon(true);
    }

    void start() {
        claimer.start();
        renewer.start();
    }

    /** Runs may be due. */
    void wake() {
        if (wake.availablePermits() == 0) {
            wake.release();
        }
    }

    private void claimLoop() {
        while (!stopping) {
            try {
                int taken = claim();
                if (taken == 0) {
                    wake.tryAcquire(LOOK_AROUND.toMillis(), TimeUnit.MILLISECONDS);
                    wake.drainPermits();
                }
            } catch (SQLException e) {
                LOG.warn("runs.not_claimed: {}; trying again", e.getMessage());
                leasesInDoubt = true;
                pause(DATABASE_PAUSE);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("runs.not_claimed: a fault of Serai; trying again", e);
                pause(DATABASE_PAUSE);
            }
        }
    }

    private int claim() throws SQLException {
        int room = Math.min(MOST_PER_CLAIM, limits.room - held.size());
        Set<String> flows = subscribers.working();
        if (room <= 0 || flows.isEmpty()) {
            return 0;
        }
        if (leasesInDoubt) {
            // leases ended while the database was away: take them back before claiming one's own runs a second time
            runs.renew(List.copyOf(held.values()), limits.lease);
            leasesInDoubt = false;
        }
        List<ClaimedRun> claimed = runs.claim(flows, room, limits.lease, limits.maxClaims);
        for (ClaimedRun run : claimed) {
            held.put(run.id(), run);
            workers.execute(() -> work(run));
        }
        return claimed.size();
    }

    private void work(ClaimedRun run) {
        Optional<EventConsumer> flow = stopping ? Optional.empty() : subscribers.consumer(run.flow());
        var scope = new RunScope(run, Map.of());
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
            held.remove(run.id(), run);
            // the next run of its lane is due now
            wake();
        });
    }

    private void renewLoop() {
        while (!stopping || !held.isEmpty()) {
            pause(limits.lease.dividedBy(3));
            if (held.isEmpty()) {
                continue;
            }
            try {
                runs.renew(List.copyOf(held.values()), limits.lease);
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
