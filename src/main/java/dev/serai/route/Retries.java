package dev.serai.route;

import dev.serai.library.Library;
import dev.serai.run.RetryPolicy;
import dev.serai.run.RetryPolicy.Ask;
import dev.serai.run.RetryPolicy.Next;
import dev.serai.run.RetryPresets;
import dev.serai.store.ClaimedRun;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Which retry policy counts for a failure, and what it says: the flow's, else the connector's, else that of the settings. */
public final class Retries {
    private final RetryPolicy byDefault;
    private final Supplier<Library> library;
    private final Subscribers subscribers;
    private final InstantSource clock;

    public Retries(RetryPolicy byDefault, Supplier<Library> library, Subscribers subscribers, InstantSource clock) {
        this.byDefault = byDefault;
        this.library = library;
        this.subscribers = subscribers;
        this.clock = clock;
    }

    /** Whether and when to try the failed step again in memory. @param retry counts from 1 */
    Next quickly(Optional<ClaimedRun> run, Throwable failure, int retry) {
        RetryPolicy policy = policy(run, failure);
        return policy.quickly(
                ask(run, failure, retry), ThreadLocalRandom.current().nextDouble());
    }

    /** Whether and when to try the run again from the store. */
    Next durably(ClaimedRun run, Throwable failure) {
        RetryPolicy policy = policy(Optional.of(run), failure);
        Ask ask = ask(Optional.of(run), failure, run.retries() + 1);
        return policy.durably(ask, ThreadLocalRandom.current().nextDouble());
    }

    /** Whether the run may wait as long as its remote asked it to. */
    Next asTold(ClaimedRun run, Throwable failure) {
        return policy(Optional.of(run), failure).asTold(ask(Optional.of(run), failure, 0));
    }

    private Ask ask(Optional<ClaimedRun> run, Throwable failure, int retry) {
        Instant now = clock.instant();
        Instant arrived = run.map(ClaimedRun::triedSince).orElse(now);
        return new Ask(Failures.of(failure), retry, arrived, now);
    }

    private RetryPolicy policy(Optional<ClaimedRun> run, Throwable failure) {
        return run.flatMap(this::ofFlow)
                .or(() -> Failures.connection(failure)
                        .flatMap(name -> library.get().connector(name))
                        .flatMap(connector -> connector.retry()))
                .orElse(byDefault);
    }

    private Optional<RetryPolicy> ofFlow(ClaimedRun run) {
        return subscribers
                .consumer(run.flow())
                .map(consumer -> ((EventEndpoint) consumer.getEndpoint()).getRetry())
                .flatMap(RetryPresets::policy);
    }
}
