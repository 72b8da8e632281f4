package dev.serai.route;

import dev.serai.run.Allowance;
import dev.serai.run.Heard;
import dev.serai.run.Share;
import dev.serai.run.Share.Asking;
import dev.serai.run.Units;
import dev.serai.store.Buckets.Exchanged;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
    /** How much longer one waits for a question that is under way: its answer is near. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Brings what a hub tells and asks to the bucket. */
    interface Exchange {
        Exchanged with(Allowance allowed, Asking asking) throws SQLException;
    }

    private final String name;
    private final Share share;
    private volatile Duration call;
    private final Exchange exchange;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>();
    private Allowance allowed = new Allowance(List.of(), 0);
    private boolean asking;
    /** The question that is under way tells of a refusal. */
    private boolean telling;

    private int sleeping;
    private long numbers;
    private final Answered answered = new Answered();
    private final Slots slots = new Slots();
    private final Turns turns = new Turns(slots);
    private final ClockWatch watch = new ClockWatch();

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

    /** Takes leave for one call, waiting for it shortly. @return null when it is given */
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
                    slots.take();
                    return null;
                }
                Instant next = answered.next(kind(caller));
                if (asking && now.isAfter(deadline.plus(PATIENCE))) {
                    return noLeave(caller, units, now);
                } else if (asking) {
                    await(Answered.PAUSE);
                } else if (first && !now.isBefore(next)) {
                    ask();
                } else if (!first && !now.isBefore(next) && !now.isAfter(deadline.plus(PATIENCE))) {
                    await(Answered.PAUSE);
                } else if (next.isAfter(deadline)
                        || now.isAfter(deadline)
                        || sleeping >= MOST_SLEEPING && !caller.patient()) {
                    return noLeave(caller, units, now);
                } else {
                    sleep(Duration.between(now, next));
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
        Duration by = watch.setBack(now);
        if (!by.isZero()) {
            LOG.warn("clock.set_back quota={} by_ms={}", name, by.toMillis());
            forget();
            share.clockWasSetBack();
            answered.clockWasSetBack(by);
        }
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

    private void sleep(Duration time) {
        sleeping++;
        try {
            await(time);
        } finally {
            sleeping--;
        }
    }

    /** Asks for all that wait; the lock is free meanwhile. */
    private void ask() {
        asking = true;
        telling = share.untold();
        Asking question = share.ask(waiters.stream().sorted().map(Waiter::want).toList(), now());
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
            telling = false;
            settle(question, answer, failure);
            changed.signalAll();
        }
    }

    private void settle(Asking question, Exchanged answer, String failure) {
        Instant now = now();
        if (answer == null) {
            if (answered.byNobody(failure, now)) {
                LOG.warn("quota.not_asked quota={}: {}; calls wait", name, failure);
            }
            share.notAsked(question);
            return;
        }
        share.granted(question, answer.grant(), now);
        boolean full = !question.report().wants().isEmpty()
                && slots.taken() >= answer.grant().slots();
        answered.by(answer, full, now);
    }

    private NoLeave noLeave(Caller caller, Units units, Instant now) {
        if (!answered.isKnown()) {
            return answered.unknown(name, now);
        }
        Turns.Known known = answered.known(allowed);
        Instant turn = turns.promise(kind(caller), units, known, now);
        return answered.closedUntil().isAfter(now)
                ? NoLeave.closed(name, turn)
                : NoLeave.usedUp(
                        name,
                        known.bucket().tightest(caller.critical(), units, answered.there(now)),
                        allowed.concurrent(),
                        turn);
    }

    /** Once a second: how many of those that were sent away may come now, sooner than they were told. */
    int callBack() {
        return known(() -> {
            boolean nobodyWaits = answered.isKnown() && waiters.isEmpty();
            return nobodyWaits ? turns.callBack(answered.known(allowed), now()) : 0;
        });
    }

    /** The call is made once more, with another token. */
    void again(Units units) {
        locked(() -> {
            share.again(units);
            slots.take();
        });
    }

    /** The call was not made after all. */
    void unsent(Units units) {
        locked(() -> {
            share.unsent(units);
            slots.free();
        });
    }

    /** The call came back, or nothing came. @param really what it took */
    void used(Units units, Units really, Instant sent) {
        locked(() -> {
            Instant now = now();
            share.used(units, really, sent, now, allowed.longest());
            slots.free(Duration.between(sent, now), call);
        });
    }

    void hear(List<Heard> told) {
        if (!told.isEmpty()) {
            locked(() -> told.forEach(share::hear));
        }
    }

    /**
     * The remote said "too many".
     *
     * @param window which limit that is, or empty
     * @param sent when the call was sent
     * @return until when nothing goes, as far as this hub knows
     */
    Instant refused(String window, Duration pause, Instant sent, Allowance limits) {
        locked(() -> {
            allowed = limits;
            share.refused(window, pause, sent);
            if (!asking) {
                ask();
            }
        });
        Instant asked = clock.instant().plus(pause);
        return known(() -> later(asked, answered.closedUntil()));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The remote let a call through. */
    void letThrough(Instant sent) {
        locked(() -> share.letThrough(sent));
    }

    /** Whether the bucket is still to be told of a refusal. */
    boolean untold() {
        return known(() -> telling || share.untold());
    }

    /** A person has let calls go on, or changed the limit: what was known of the bucket counts no more. */
    void opened() {
        locked(() -> {
            forget();
            answered.otherwise();
        });
    }

    /** Once a second: whether the remote allows more by its own word, so that those it sent away may come sooner. */
    boolean hasGrown() {
        return known(() -> {
            boolean grown = answered.hasGrown();
            if (grown) {
                forget();
            }
            return grown;
        });
    }

    /** All that were sent away come now, whatever they were told. */
    void allCome() {
        locked(turns::forget);
    }

    private void forget() {
        answered.askAgain();
        turns.forget();
    }

    /** From time to time: tells the bucket what was used, and gives back what is not needed. */
    void tell() {
        locked(() -> {
            Instant now = now();
            boolean database = !answered.isAway() || !now.isBefore(answered.next(1));
            if (!asking && database && share.shouldTell(now)) {
                ask();
            }
        });
    }

    /** This hub stops: what it does not hold any more is free for others at once. @return false when nobody could be told */
    boolean leave() {
        locked(() -> {
            if (!asking && answered.isKnown()) {
                ask();
            }
        });
        return known(() -> !answered.isAway());
    }

    private <T> T known(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable work) {
        known(() -> {
            work.run();
            changed.signalAll();
            return null;
        });
    }
}
