package dev.serai.route;

import dev.serai.metric.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * What {@code routes/errors.camel.yaml} asks about a failure. The retry policy decides alone: Camel's own redelivery
 * policy only obeys. For each failure Camel asks {@link #noQuickRetry} first, then calls {@link #process}.
 */
public final class FailureBeans implements Processor {
    private static final String COUNT = "SeraiQuickRetries";

    private final Retries retries;
    private final Metrics metrics;
    private final InstantSource clock;

    FailureBeans(Retries retries, Metrics metrics, InstantSource clock) {
        this.retries = retries;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** @param at which step, and which turn of it */
    private record Count(String at, int retries) {}

    /**
     * Whether redelivering in memory makes no sense: the failure is final, nothing may be sent now, the quick tries are
     * used up, or the remote asks for a longer patience than a run should be held for. A bean, because a Simple expression
     * that throws in its place would fail the exchange with no retry, no dead letter and no log line.
     */
    public boolean noQuickRetry(Exchange exchange) {
        Throwable failure = failure(exchange);
        return Failures.parked(failure).isPresent() || next(exchange, failure).isEmpty();
    }

    /** {@code waitAsAsked}: counts the retry and makes Camel wait as the policy says. */
    @Override
    public void process(Exchange exchange) {
        Optional<Instant> due = next(exchange, failure(exchange));
        exchange.setProperty(COUNT, new Count(at(exchange), count(exchange) + 1));
        long wait =
                due.map(at -> Duration.between(clock.instant(), at).toMillis()).orElse(0L);
        exchange.getMessage().setHeader(Exchange.REDELIVERY_DELAY, Math.max(1, wait));
        RunScope.leading(exchange)
                .ifPresent(scope -> metrics.backsOff(scope.run().flow(), "quick", Duration.ofMillis(wait)));
    }

    private Optional<Instant> next(Exchange exchange, Throwable failure) {
        return retries.quickly(RunScope.leading(exchange).map(RunScope::run), failure, count(exchange) + 1)
                .due();
    }

    private static int count(Exchange exchange) {
        Count count = exchange.getProperty(COUNT, Count.class);
        return count != null && count.at.equals(at(exchange)) ? count.retries : 0;
    }

    /** Camel does not tell the failed step's id here; the journal's step, the endpoint and the turn of a loop are as good. */
    private static String at(Exchange exchange) {
        return RunScope.leading(exchange).map(RunScope::lastStep).orElse("") + " "
                + exchange.getProperty(Exchange.TO_ENDPOINT, "", String.class) + " "
                + exchange.getProperty(Exchange.LOOP_INDEX, "", String.class);
    }

    private static Throwable failure(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        return failure == null ? exchange.getException() : failure;
    }
}
