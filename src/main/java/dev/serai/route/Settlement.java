package dev.serai.route;

import dev.serai.run.Outcome;
import dev.serai.run.RetryPolicy;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Runs;
import dev.serai.store.Runs.Failure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
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

    private final Runs runs;
    private final RetryPolicy policy;
    private final InstantSource clock;
    private final Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    public Settlement(Runs runs, RetryPolicy policy, InstantSource clock) {
        this.runs = runs;
        this.policy = policy;
        this.clock = clock;
    }

    /**
     * The end of the dead-letter route: called as a bean by {@code routes/errors.camel.yaml} when the quick redeliveries
     * are used up or make no sense.
     */
    public void retryLaterOrDeadLetter(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        RunScope.of(exchange).ifPresent(scope -> failed(scope, failure));
        Batch.of(exchange).ifPresent(batch -> batch.open().forEach(scope -> failed(scope, failure)));
    }

    CompletionStage<Boolean> failed(RunScope scope, Throwable failure) {
        ClaimedRun run = scope.run();
        Outcome outcome = Failures.of(failure);
        var why = new Failure(scope.lastStep(), outcome.reason(), outcome.owner());
        if (Failures.inDoubt(failure)) {
            log(Level.WARN, run, why).log("run.in_doubt");
            return scope.settle(write(run, () -> runs.inDoubt(run, why)));
        }
        Optional<Instant> next = policy.nextAttempt(
                run.retries() + 1,
                outcome,
                clock.instant(),
                ThreadLocalRandom.current().nextDouble());
        if (next.isPresent()) {
            log(Level.INFO, run, why)
                    .addKeyValue("retry", run.retries() + 1 + "/" + policy.maxAttempts())
                    .addKeyValue("due", next.get())
                    .log("run.retry");
            return scope.settle(write(run, () -> runs.retry(run, next.get(), why)));
        }
        log(Level.WARN, run, why).log("run.dead");
        return scope.settle(write(run, () -> runs.dead(run, why, scope.options().holdOnDeadLetter())));
    }

    private static LoggingEventBuilder log(Level level, ClaimedRun run, Failure why) {
        return LOG.atLevel(level)
                .addKeyValue("run", run.name())
                .addKeyValue("flow", run.flow())
                .addKeyValue("step", why.step())
                .addKeyValue("owner", why.owner().name().toLowerCase(Locale.ROOT))
                .addKeyValue("reason", why.reason());
    }

    CompletionStage<Boolean> done(RunScope scope) {
        ClaimedRun run = scope.run();
        return scope.settle(write(run, () -> runs.done(run)));
    }

    /** There is nothing to do for it, and why. */
    CompletionStage<Boolean> skipped(RunScope scope, String why) {
        ClaimedRun run = scope.run();
        LOG.atInfo()
                .addKeyValue("run", run.name())
                .addKeyValue("flow", run.flow())
                .addKeyValue("reason", why)
                .log("run.skipped");
        return scope.settle(write(run, () -> runs.skipped(run, why)));
    }

    /** Nothing was sent, or the hub is stopping: any hub may take it. */
    CompletionStage<Boolean> release(RunScope scope) {
        return scope.settle(write(scope.run(), () -> runs.release(scope.run())));
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
                    LOG.warn("run.outcome_not_stored run={}: {}; trying again", run.name(), failure.getMessage());
                    return CompletableFuture.supplyAsync(() -> null, later).thenCompose(x -> write(run, outcome));
                })
                .thenCompose(stage -> stage);
    }
}
