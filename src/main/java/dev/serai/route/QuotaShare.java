package dev.serai.route;

import dev.serai.run.Allowance;
import dev.serai.run.Bucket;
import dev.serai.run.Bucket.Refused;
import dev.serai.run.Bucket.Want;
import dev.serai.run.Heard;
import dev.serai.run.Share;
import dev.serai.run.Share.Asking;
import dev.serai.run.Units;
import dev.serai.run.Window;
import dev.serai.store.Buckets.Exchanged;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This hub's share of one bucket, for all its threads. Who finds nothing left asks the bucket, for itself and all that
 * wait beside it; who would have to wait long is sent away with a time to come again.
 */
final class QuotaShare {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaShare.class);
    /** Runs that may wait for their turn with a thread each. */
    private static final int MOST_SLEEPING = 4;
    /** At least so long between two questions that did not help. */
    private static final Duration PAUSE = Duration.ofMillis(10);
    /** When all slots are taken, one may come free without anybody saying so. */
    private static final Duration SLOT_PAUSE = Duration.ofMillis(50);
    /** How much longer one waits for a question that is under way: its answer is near. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Nobody is sent away for less: coming again takes longer. */
    private static final Duration AT_LEAST = Duration.ofMillis(100);
    /** Until the database is asked again after it did not answer. */
    private static final Duration AWAY = Duration.ofSeconds(1);

    /** A clock is slowed down by less; set back by more, nothing holds that was reckoned ahead. */
    private static final Duration SET_BACK = Duration.ofSeconds(1);

    /** Brings what a hub tells and asks to the bucket. */
    interface Exchange {
        Exchanged with(Allowance allowed, Asking asking) throws SQLException;
    }

    /** No leave now. @param due when to come again */
    record NoLeave(Instant due, String why) {}

    private record Waiter(Caller caller, Units units, long number) implements Comparable<Waiter> {
        @Override
        public int compareTo(Waiter other) {
            int byPriority = caller.priority().compareTo(other.caller.priority());
            return byPriority != 0 ? byPriority : Long.compare(number, other.number);
        }
    }

    private final String name;
    private final Share share;
    private volatile Duration call;
    private final Exchange exchange;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    /** By class: 0 critical, 1 all others. */
    private final List<Promises> promised = List.of(new Promises(), new Promises());

    private final Instant[] nextAsk = {Instant.MIN, Instant.MIN};
    /** The latest time that the clock has shown. */
    private Instant latest = Instant.EPOCH;

    private Allowance allowed;
    private Bucket bucket;
    private Duration dbAhead = Duration.ZERO;
    private String away = "";
    private boolean asking;
    private int sleeping;
    private long numbers;
    private double callMillis = 200;
    private int busy;

    QuotaShare(String name, Duration call, Exchange exchange, InstantSource clock) {
        this.name = name;
        this.share = new Share(call);
        this.call = call;
        this.exchange = exchange;
        this.clock = clock;
    }

    /** A file that was changed may give its calls more time: what they hold is kept as long. */
    QuotaShare lasting(Duration longest) {
        if (!longest.equals(call)) {
            locked(() -> {
                share.calls(longest);
                call = longest;
            });
        }
        return this;
    }

    /**
     * Takes leave for one call, waiting for it shortly.
     *
     * @return null when it is given
     */
    NoLeave take(Caller caller, Units units, Allowance limits) {
        lock.lock();
        Instant deadline = now().plus(caller.patience());
        var me = new Waiter(caller, units, numbers++);
        waiters.add(me);
        try {
            allowed = limits;
            while (true) {
                Instant now = now();
                deadline = Collections.min(List.of(deadline, now.plus(caller.patience())));
                // only the first takes and asks, for all behind him: two that ask would take from each other
                boolean first = waiters.peek() == me;
                if (first && share.take(caller.critical(), units, now)) {
                    busy++;
                    return null;
                }
                Instant next = nextAsk[kind(caller)];
                if (asking && now.isAfter(deadline.plus(PATIENCE))) {
                    return noLeave(caller, units, now);
                } else if (asking) {
                    await(PAUSE);
                } else if (first && !now.isBefore(next)) {
                    ask();
                } else if (!first && !now.isBefore(next) && !now.isAfter(deadline.plus(PATIENCE))) {
                    await(PAUSE);
                } else if (next.isAfter(deadline)
                        || now.isAfter(deadline)
                        || sleeping >= MOST_SLEEPING && !caller.patient()) {
                    return noLeave(caller, units, now);
                } else {
                    sleeping++;
                    await(Duration.between(now, next));
                    sleeping--;
                }
            }
        } finally {
            waiters.remove(me);
            changed.signalAll();
            lock.unlock();
        }
    }

    /** The time; all that was reckoned by a clock that was set back meanwhile is forgotten. */
    private Instant now() {
        Instant now = clock.instant();
        if (now.isBefore(latest.minus(SET_BACK))) {
            Duration by = Duration.between(now, latest);
            LOG.warn("clock.set_back quota={} by_ms={}", name, by.toMillis());
            nextAsk[0] = nextAsk[1] = Instant.MIN;
            promised.forEach(Promises::forget);
            share.clockWasSetBack();
            dbAhead = dbAhead.plus(by);
            latest = now;
        }
        latest = now.isAfter(latest) ? now : latest;
        return now;
    }

    private static int kind(Caller caller) {
        return caller.critical() ? 0 : 1;
    }

    private void await(Duration time) {
        try {
            changed.await(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepFailed(dev.serai.run.Outcome.retry("not sent: interrupted while it waited for its turn"));
        }
    }

    /** Asks for all that wait; the lock is free meanwhile. */
    private void ask() {
        asking = true;
        Asking question = share.ask(wants(), now());
        Allowance limits = allowed;
        lock.unlock();
        Exchanged answer = null;
        String failure = "";
        try {
            answer = exchange.with(limits, question);
        } catch (SQLException e) {
            failure = e.getMessage();
        } finally {
            lock.lock();
            asking = false;
            settle(question, answer, failure);
            changed.signalAll();
        }
    }

    private void settle(Asking question, Exchanged answer, String failure) {
        Instant now = now();
        if (answer == null) {
            if (away.isEmpty()) {
                LOG.warn("quota.not_asked quota={}: {}; calls wait", name, failure);
            }
            away = failure.isEmpty() ? "it did not answer" : failure;
            share.notAsked(question);
            nextAsk[0] = nextAsk[1] = now.plus(AWAY);
            return;
        }
        away = "";
        bucket = answer.bucket();
        dbAhead = Duration.between(now, answer.now());
        share.granted(question, answer.grant(), now);
        boolean full =
                !question.report().wants().isEmpty() && busy >= answer.grant().slots();
        nextAsk[0] = next(answer.grant().nextCritical(), now, full);
        nextAsk[1] = next(answer.grant().next(), now, full);
    }

    /** @param granted when the first goes that was not granted; {@link Instant#MAX} when all were */
    private Instant next(Instant granted, Instant now, boolean full) {
        if (granted.equals(Instant.MAX)) {
            return full ? now.plus(SLOT_PAUSE) : Instant.MIN;
        }
        Instant here = granted.minus(dbAhead);
        return here.isAfter(now.plus(PAUSE)) ? here : now.plus(PAUSE);
    }

    private List<Want> wants() {
        var wants = new ArrayList<Want>();
        waiters.stream()
                .sorted()
                .forEach(waiter -> wants.add(new Want(waiter.caller.critical(), false, 1, waiter.units)));
        return wants;
    }

    private NoLeave noLeave(Caller caller, Units units, Instant now) {
        if (!away.isEmpty() || bucket == null) {
            return new NoLeave(
                    now.plus(AWAY), "the database did not say whether the quota of " + name + " allows it: " + away);
        }
        Promises before = promised.get(kind(caller));
        Units all = before.open(now).plus(units).times(bucket.hubs());
        Instant due = bucket.due(caller.critical(), all, now.plus(dbAhead)).minus(dbAhead);
        Instant bySlots = slotFree(before.size() + 1, now);
        due = due.isAfter(bySlots) ? due : bySlots;
        due = due.isBefore(now.plus(AT_LEAST)) ? now.plus(AT_LEAST) : due;
        due = before.give(due, units);
        String tight = bucket.tightest(caller.critical(), units, now.plus(dbAhead))
                .map(Window::words)
                .orElse(allowed.concurrent() + " calls at the same time");
        return new NoLeave(due, "the quota of " + name + " is used up, " + tight);
    }

    /** When so many of those that wait have had a place among the calls at the same time. */
    private Instant slotFree(int place, Instant now) {
        if (allowed.concurrent() == 0) {
            return now.plus(PAUSE);
        }
        int slots = Math.max(1, allowed.concurrent() / bucket.hubs());
        return now.plusMillis((long) (callMillis * (1 + place / slots)));
    }

    /** The call is made once more, with another token. */
    void again(Units units) {
        locked(() -> {
            share.again(units);
            busy++;
        });
    }

    /** The call was not made after all. */
    void unsent(Units units) {
        locked(() -> {
            share.unsent(units);
            busy--;
        });
    }

    /** The call came back, or nothing came. @param really what it took */
    void used(Units units, Units really, Instant sent) {
        locked(() -> {
            Instant now = now();
            Duration longest = allowed.windows().stream()
                    .map(Window::per)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
            share.used(units, really, sent, now, longest);
            busy--;
            // a clock that is set meanwhile says neither less than nothing nor more than a call may take
            long took = Math.min(
                    call.toMillis(), Math.max(0, Duration.between(sent, now).toMillis()));
            callMillis += (took - callMillis) / 16;
        });
    }

    void hear(List<Heard> told) {
        if (!told.isEmpty()) {
            locked(() -> told.forEach(share::hear));
        }
    }

    void refused(String window, Duration pause) {
        locked(() -> {
            share.refused(new Refused(window, pause));
            if (!asking) {
                ask();
            }
        });
    }

    /** From time to time: tells the bucket what was used, and gives back what is not needed. */
    void tell() {
        locked(() -> {
            Instant now = now();
            boolean database = away.isEmpty() || !now.isBefore(nextAsk[1]);
            if (!asking && database && allowed != null && share.shouldTell(now)) {
                ask();
            }
        });
    }

    /** This hub stops: what it does not hold any more is free for others at once. @return false when nobody could be told */
    boolean leave() {
        locked(() -> {
            if (!asking && away.isEmpty() && bucket != null) {
                ask();
            }
        });
        return away.isEmpty();
    }

    private void locked(Runnable work) {
        lock.lock();
        try {
            work.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
