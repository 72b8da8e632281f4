package dev.serai.route;

import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.store.ClaimedRun;
import dev.serai.store.Journal;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** Runs a flow: one exchange per claimed run, or per batch of them, and an outcome written down for each run. */
final class EventConsumer extends DefaultConsumer implements ShutdownAware {
    private final EventEndpoint endpoint;
    /** Runs that were handed over and are not among Camel's exchanges yet; a route must not stop before they are. */
    private final AtomicInteger beginning = new AtomicInteger();

    private volatile boolean takes;

    EventConsumer(EventEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        takes = true;
        endpoint.hub().metrics().lives(getRouteId());
        endpoint.hub()
                .subscribers()
                .arrive(
                        new Subscribers.Subscription(
                                getRouteId(),
                                endpoint.types(),
                                endpoint.getSource(),
                                endpoint.getReplaces(),
                                endpoint.options()),
                        this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.hub().subscribers().pause(getRouteId(), this);
        takes = false;
        super.doStop();
    }

    @Override
    public int getPendingExchangesSize() {
        return beginning.get();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return false;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // nothing is held here
    }

    /**
     * Takes claimed runs through the flow, together when it gathers them, else one after the other. When the flow is being
     * stopped they are given back, for its new version or another hub.
     *
     * @return for each run what completes when its outcome is stored, or its claim was lost
     */
    List<CompletionStage<Boolean>> take(List<ClaimedRun> runs, Settlement settlement) {
        // counted first and asked afterwards: whoever stops the flow does it the other way round
        beginning.incrementAndGet();
        try {
            if (!takes) {
                return runs.stream()
                        .map(run -> settlement.release(new RunScope(run, endpoint.options(), Map.of())))
                        .toList();
            }
            List<RunScope> scopes = begin(runs, settlement);
            return endpoint.options().gathers()
                    ? together(scopes, settlement)
                    : scopes.stream().map(scope -> alone(scope, settlement)).toList();
        } finally {
            beginning.decrementAndGet();
        }
    }

    private CompletionStage<Boolean> alone(RunScope scope, Settlement settlement) {
        if (scope.settled().isPresent()) {
            return scope.settled().get();
        }
        ClaimedRun run = scope.run();
        Exchange exchange = createExchange(false);
        exchange.getMessage().setHeaders(headers(run.event(), run));
        exchange.getMessage()
                .setBody(Bodies.read(run.event().contentType(), run.event().payload()));
        scope.attachTo(exchange);
        var finished = new CompletableFuture<Boolean>();
        getAsyncProcessor().process(exchange, doneSync -> {
            end(List.of(scope), exchange.getException(), settlement);
            scope.outcome().whenComplete((ours, failure) -> finished.complete(failure == null && ours));
            releaseExchange(exchange, false);
        });
        return finished;
    }

    private List<CompletionStage<Boolean>> together(List<RunScope> scopes, Settlement settlement) {
        var open = scopes.stream().filter(scope -> scope.settled().isEmpty()).toList();
        if (!open.isEmpty()) {
            Exchange exchange = createExchange(false);
            var batch = new Batch(
                    settlement,
                    open.stream()
                            .map(scope ->
                                    new Batch.Member(scope, headers(scope.run().event(), scope.run())))
                            .toList());
            exchange.getMessage()
                    .setHeader("SeraiEventType", open.get(0).run().event().type());
            batch.attachTo(
                    exchange,
                    open.stream()
                            .map(scope -> scope.run().event())
                            .map(event -> Bodies.read(event.contentType(), event.payload()))
                            .toList());
            String flow = open.get(0).run().flow();
            Metrics metrics = endpoint.hub().metrics();
            metrics.batchBegan(flow, open.size());
            open.forEach(scope -> scope.outcome().whenComplete((ours, failure) -> metrics.batchRecordEnded(flow)));
            getAsyncProcessor().process(exchange, doneSync -> {
                end(batch.open(), exchange.getException(), settlement);
                metrics.batchEnded(flow);
                releaseExchange(exchange, false);
            });
        }
        return scopes.stream().map(RunScope::outcome).toList();
    }

    /** The scopes of runs; of one that could not be begun it is settled already. */
    private List<RunScope> begin(List<ClaimedRun> runs, Settlement settlement) {
        Map<Long, Map<String, Journal.Recorded>> recorded;
        try {
            recorded = endpoint.hub()
                    .stores()
                    .journal()
                    .stepsOf(
                            runs.stream()
                                    .filter(ClaimedRun::resumed)
                                    .map(ClaimedRun::id)
                                    .toList(),
                            endpoint.hub().clock());
        } catch (SQLException e) {
            var scopes = runs.stream()
                    .map(run -> new RunScope(run, endpoint.options(), Map.of()))
                    .toList();
            scopes.forEach(settlement::release);
            return scopes;
        }
        return runs.stream()
                .map(run -> begin(run, recorded.getOrDefault(run.id(), Map.of()), settlement))
                .toList();
    }

    /** The scope of a run, settled already when there is nothing to do for it. */
    private RunScope begin(ClaimedRun run, Map<String, Journal.Recorded> recorded, Settlement settlement) {
        FlowOptions options = endpoint.options();
        var scope = new RunScope(run, options, recorded);
        var event = run.event();
        scope.traced(endpoint.hub()
                .traces()
                .run(new Traces.Stored("e_" + event.id(), event.source(), event.type()), run.flow(), run.name()));
        // whichever claim it is: the one before may have ended before it came to this
        boolean begun = !recorded.isEmpty() || run.ordered();
        if (event.newer().isPresent() && options.skipStale() && !begun) {
            settlement.skipped(
                    scope,
                    "a newer version of " + event.record() + " came before it, "
                            + event.newer().get().name());
        }
        return scope;
    }

    private static Map<String, Object> headers(ClaimedRun.Event event, ClaimedRun run) {
        var headers = new HashMap<String, Object>();
        headers.put("SeraiRun", run.name());
        headers.put("SeraiReceipt", "e_" + event.id());
        headers.put("SeraiEventType", event.type());
        headers.put("SeraiSource", event.source());
        headers.put("SeraiRecord", event.record());
        headers.put("SeraiRecordId", event.record().substring(event.record().indexOf(':') + 1));
        headers.put("SeraiStale", event.newer().isPresent());
        event.occurredAt().ifPresent(at -> headers.put("SeraiOccurredAt", at.toString()));
        return headers;
    }

    /** Writes down what became of those that have no outcome of their own: each has one afterwards, come what may. */
    static void end(List<RunScope> scopes, Throwable failure, Settlement settlement) {
        for (RunScope scope : scopes) {
            try {
                end(scope, failure, settlement);
            } catch (RuntimeException e) {
                settlement.unjudged(scope, e);
            }
        }
    }

    private static void end(RunScope scope, Throwable failure, Settlement settlement) {
        if (scope.settled().isPresent()) {
            return;
        }
        if (failure == null) {
            settlement.done(scope);
        } else if (failure instanceof RejectedExecutionException) {
            settlement.release(scope);
        } else {
            settlement.failed(scope, failure);
        }
    }
}
