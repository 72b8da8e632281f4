package dev.serai.route;

import dev.serai.metric.Metrics;
import dev.serai.record.Masks;
import dev.serai.run.Outcome;
import dev.serai.run.Owner;
import dev.serai.run.RetryPolicy.Next;
import dev.serai.run.Verdict;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Receipt;
import dev.serai.store.Runs;
import dev.serai.store.Runs.Account;
import dev.serai.store.Runs.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes down what a run came to: done, to be retried, dead, or in doubt. While the database is away it keeps trying;
 * if the process dies meanwhile, the claim ends by itself and the run is taken up again.
 */
public final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** A parked run is woken; should that ever be missed, it looks by itself. */
    private static final Duration WOKEN_WITHIN = Duration.ofDays(1);

    /** Should a limit be raised meanwhile, it is noticed by then. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Of a run that was tried again, whether it helped. */
    private static final Set<String> ENDS = Set.of("done", "dead");

    private final Runs runs;
    private final Retries retries;
    private final Keeping keeping;
    private final Metrics metrics;
    private final InstantSource clock;
    private final Map<String, Turn> turns = new ConcurrentHashMap<>();
    private final Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    public Settlement(Runs runs, Retries retries, Keeping keeping, Metrics metrics, InstantSource clock) {
        this.runs = runs;
        this.retries = retries;
        this.keeping = keeping;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** The other half of the decision: what {@code routes/errors.camel.yaml} asks before it comes here. */
    FailureBeans failureBeans() {
        return new FailureBeans(retries, metrics, clock);
    }

    /**
     * The end of the dead-letter route: called as a bean by {@code routes/errors.camel.yaml} when the quick redeliveries
     * are used up or make no sense.
     */
    public void retryLaterOrDeadLetter(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        RunScope.of(exchange).filter(scope -> scope.settled().isEmpty()).ifPresent(scope -> failed(scope, failure));
        Batch.of(exchange).ifPresent(batch -> batch.open().forEach(scope -> failed(scope, failure)));
    }

    /** Until when what a flow has gathered was sent away, and what it waits for. */
    private record Turn(Instant until, String waitsFor) {}

    private void awaitTurn(String flow, StepFailed.Parked parked) {
        Instant now = clock.instant();
        parked.untilForAll()
                .filter(now::isBefore)
                .map(until -> until.isBefore(now.plus(LONGEST_WAIT)) ? until : now.plus(LONGEST_WAIT))
                .map(until -> new Turn(until, parked.waitsFor()))
                .ifPresent(turn ->
                        turns.merge(flow, turn, (a, b) -> now.isBefore(a.until) && a.until.isBefore(b.until) ? a : b));
    }

    /** Whether what the flow has gathered was sent away for a while: more would only be claimed and mapped for the same. */
    boolean awaitsItsTurn(String flow) {
        Instant now = clock.instant();
        Turn turn = turns.get(flow);
        // one that is further away was given by a clock that has been set back since
        return turn != null && now.isBefore(turn.until) && !turn.until.isAfter(now.plus(LONGEST_WAIT));
    }

    /** It is free before its time: what was sent away for it may come again. */
    void freed(String waitsFor) {
        turns.values().removeIf(turn -> turn.waitsFor.equals(waitsFor));
    }

    /** Comes to an outcome whatever was thrown: without one it would be held for ever, and block its lane. */
    CompletionStage<Boolean> failed(RunScope scope, Throwable failure) {
        try {
            return judged(scope, failure);
        } catch (RuntimeException e) {
            return unjudged(scope, e);
        }
    }

    /** What it came to can't be told. @param fault what was thrown when that was asked */
    CompletionStage<Boolean> unjudged(RunScope scope, RuntimeException fault) {
        ClaimedRun run = scope.run();
        LOG.error("run.not_judged run={} flow={}: a fault of Serai", run.name(), run.flow(), fault);
        var why = new Failure(
                scope.lastStep(),
                "what it came to could not be judged: " + fault.getClass().getSimpleName()
                        + " inside Serai; look whether it was done, then resume or discard it",
                Owner.SYSTEM);
        try {
            return scope.settle(
                    write(run, () -> runs.dead(run, why, scope.options().holdOnDeadLetter())));
        } catch (RuntimeException e) {
            LOG.error("run.not_judged run={}: it is taken up again when its lease has ended", run.name(), e);
            return scope.settle(CompletableFuture.completedFuture(false));
        }
    }

    private CompletionStage<Boolean> judged(RunScope scope, Throwable failure) {
        ClaimedRun run = scope.run();
        Optional<StepFailed.Parked> parked = Failures.parked(failure);
        if (parked.isPresent()) {
            return parked(scope, parked.get());
        }
        Outcome outcome = Failures.of(failure);
        Account account = keeping.failed(scope);
        var why = new Failure(scope.lastStep(), outcome.reason(), outcome.owner(), account);
        if (Failures.inDoubt(failure)) {
            log(Level.WARN, scope, why).log("run.in_doubt");
            return ended(scope, "in_doubt", write(run, () -> runs.inDoubt(run, why)));
        }
        Next next = retries.durably(run, failure);
        if (next.due().isPresent()) {
            Instant due = next.due().get();
            log(Level.INFO, scope, why)
                    .addKeyValue("retry", run.retries() + 1)
                    .addKeyValue("due", due)
                    .log("run.retry");
            metrics.backsOff(run.flow(), "durable", Duration.between(clock.instant(), due));
            return ended(scope, "retry", write(run, () -> runs.retry(run, due, why)));
        }
        return dead(scope, outcome.because(next.because()), account);
    }

    private CompletionStage<Boolean> dead(RunScope scope, Outcome outcome, Account account) {
        ClaimedRun run = scope.run();
        var last = new Failure(scope.lastStep(), outcome.reason(), outcome.owner(), account);
        log(Level.WARN, scope, last).log("run.dead");
        return ended(
                scope,
                "dead",
                write(run, () -> runs.dead(run, last, scope.options().holdOnDeadLetter())));
    }

    /** It waits, which is no retry; only its age ends that, where the remote itself asks to wait again and again. */
    private CompletionStage<Boolean> parked(RunScope scope, StepFailed.Parked parked) {
        if (scope.options().gathers()) {
            awaitTurn(scope.run().flow(), parked);
        }
        if (parked.outcome().verdict() == Verdict.RATE_LIMITED) {
            Next asTold = retries.asTold(scope.run(), parked);
            if (asTold.due().isEmpty()) {
                return dead(scope, parked.outcome().because(asTold.because()), keeping.failed(scope));
            }
        }
        return park(scope, parked);
    }

    private CompletionStage<Boolean> park(RunScope scope, StepFailed.Parked parked) {
        ClaimedRun run = scope.run();
        Outcome outcome = parked.outcome();
        var why = new Failure(scope.lastStep(), outcome.reason(), outcome.owner(), keeping.parked(scope));
        log(Level.INFO, scope, why).addKeyValue("waits_for", parked.waitsFor()).log("run.parked");
        Instant latest = parked.until().orElseGet(() -> clock.instant().plus(WOKEN_WITHIN));
        return ended(scope, "parked", write(run, () -> runs.park(run, latest, parked.waitsFor(), why)));
    }

    private static LoggingEventBuilder log(Level level, RunScope scope, Failure why) {
        return told(LOG.atLevel(level), scope)
                .addKeyValue("step", why.step())
                .addKeyValue("owner", why.owner().name().toLowerCase(Locale.ROOT))
                .addKeyValue("reason", Masks.inText(why.reason()));
    }

    private static LoggingEventBuilder told(LoggingEventBuilder line, RunScope scope) {
        ClaimedRun run = scope.run();
        return line.addKeyValue("run", run.name())
                .addKeyValue("receipt", new Receipt(run.event().id(), false).name())
                .addKeyValue("record", () -> Masks.inText(run.event().record()))
                .addKeyValue("payload_sha256", scope::payloadSha256)
                .addKeyValue("flow", run.flow());
    }

    CompletionStage<Boolean> done(RunScope scope) {
        ClaimedRun run = scope.run();
        metrics.delivered(run.flow(), Duration.between(run.event().receivedAt(), clock.instant()));
        Account account = keeping.done(scope);
        return ended(scope, "done", write(run, () -> runs.done(run, account)));
    }

    /** There is nothing to do for it, and why. */
    CompletionStage<Boolean> skipped(RunScope scope, String why) {
        ClaimedRun run = scope.run();
        told(LOG.atInfo(), scope).addKeyValue("reason", why).log("run.skipped");
        return ended(scope, "skipped", write(run, () -> runs.skipped(run, why)));
    }

    /** Nothing was sent, or the hub is stopping: any hub may take it. */
    CompletionStage<Boolean> release(RunScope scope) {
        scope.trace().end("released");
        return scope.settle(write(scope.run(), () -> runs.release(scope.run())));
    }

    private CompletionStage<Boolean> ended(RunScope scope, String how, CompletionStage<Boolean> stored) {
        metrics.settled(scope.run().flow(), how);
        if (scope.run().retries() > 0 && ENDS.contains(how)) {
            metrics.retried(scope.run().flow(), how);
        }
        scope.trace().end(how);
        return scope.settle(stored);
    }

    private CompletionStage<Boolean> write(ClaimedRun run, Supplier<CompletionStage<Boolean>> outcome) {
        return outcome.get()
                .handle((ours, failure) -> {
                    if (failure == null) {
                        if (!ours) {
                            LOG.warn("run.claim_lost run={} flow={}: another hub took it over", run.name(), run.flow());
                        }
                        return CompletableFuture.completedFuture(ours);
                    }
                    if (runs.closed()) {
                        LOG.warn(
                                "run.outcome_not_stored run={}: the hub closes; it is taken up again when its lease"
                                        + " has ended",
                                run.name());
                        return CompletableFuture.completedFuture(false);
                    }
                    LOG.warn("run.outcome_not_stored run={}: {}; trying again", run.name(), failure.getMessage());
                    return CompletableFuture.supplyAsync(() -> null, later).thenCompose(x -> write(run, outcome));
                })
                .thenCompose(stage -> stage);
    }
}
