package dev.serai.route;

import dev.serai.store.ClaimedRun;
import dev.serai.store.Journal;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;

/** Runs a flow: one exchange per claimed run, its outcome written down when the exchange is done. */
final class EventConsumer extends DefaultConsumer {
    private final EventEndpoint endpoint;

    EventConsumer(EventEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        endpoint.hub()
                .subscribers()
                .arrive(
                        new Subscribers.Subscription(
                                getRouteId(), endpoint.types(), endpoint.getSource(), endpoint.options()),
                        this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.hub().subscribers().pause(getRouteId(), this);
        super.doStop();
    }

    /** Takes a claimed run through the flow. Completes when its outcome is stored, or its claim was lost. */
    CompletionStage<Boolean> take(ClaimedRun run, Settlement settlement) {
        FlowOptions options = endpoint.options();
        RunScope scope;
        try {
            scope = new RunScope(run, options, run.resumed() ? stepsOf(run) : Map.of());
        } catch (SQLException e) {
            return settlement.release(new RunScope(run, options, Map.of()));
        }
        if (run.event().newer().isPresent() && options.skipStale() && !run.resumed()) {
            return settlement.skipped(
                    scope,
                    "a newer version of " + run.event().record() + " came before it, "
                            + run.event().newer().get().name());
        }
        Exchange exchange = exchangeFor(run);
        scope.attachTo(exchange);
        var finished = new CompletableFuture<Boolean>();
        getAsyncProcessor().process(exchange, doneSync -> {
            outcome(scope, exchange, settlement)
                    .whenComplete((ours, failure) -> finished.complete(failure == null && ours));
            releaseExchange(exchange, false);
        });
        return finished;
    }

    private Map<String, Journal.Recorded> stepsOf(ClaimedRun run) throws SQLException {
        return endpoint.hub().stores().journal().stepsOf(run.id());
    }

    private Exchange exchangeFor(ClaimedRun run) {
        ClaimedRun.Event event = run.event();
        Exchange exchange = createExchange(false);
        var message = exchange.getMessage();
        message.setBody(Bodies.read(event.contentType(), event.payload()));
        message.setHeader("SeraiRun", run.name());
        message.setHeader("SeraiReceipt", "e_" + event.id());
        message.setHeader("SeraiEventType", event.type());
        message.setHeader("SeraiSource", event.source());
        message.setHeader("SeraiRecord", event.record());
        message.setHeader(
                "SeraiRecordId", event.record().substring(event.record().indexOf(':') + 1));
        message.setHeader("SeraiStale", event.newer().isPresent());
        event.occurredAt().ifPresent(at -> message.setHeader("SeraiOccurredAt", at.toString()));
        return exchange;
    }

    private static CompletionStage<Boolean> outcome(RunScope scope, Exchange exchange, Settlement settlement) {
        Throwable failure = exchange.getException();
        if (scope.settled().isPresent()) {
            return scope.settled().get();
        }
        if (failure == null) {
            return settlement.done(scope);
        }
        return failure instanceof RejectedExecutionException
                ? settlement.release(scope)
                : settlement.failed(scope, failure);
    }
}
