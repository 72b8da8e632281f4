package dev.serai.route;

import dev.serai.connector.webhook.Incoming;
import dev.serai.run.Outcome;
import dev.serai.store.Inbox;
import dev.serai.store.Receipt;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Publishes the body as an event; the exchange goes on once it is committed, with the receipt in a header. */
final class EventProducer extends DefaultProducer {
    static final String SOURCE = "route";

    private final EventEndpoint endpoint;

    EventProducer(EventEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Optional<Batch> batch = Batch.of(exchange);
        if (batch.isPresent()) {
            batch.get().each(exchange, this::publish);
        } else {
            publish(exchange);
        }
    }

    private void publish(Exchange exchange) {
        byte[] payload = Bodies.bytes(exchange);
        Optional<String> key = key(exchange);
        var event = new Incoming(
                key.orElseGet(() -> Incoming.hashKey(endpoint.getType(), Bodies.json(exchange))),
                key.isEmpty(),
                endpoint.getType(),
                Arguments.evaluate(exchange, endpoint.getRecord()),
                Optional.of(endpoint.hub().clock().instant()),
                Optional.empty(),
                payload,
                "application/json");
        try {
            Receipt receipt = endpoint.hub()
                    .intake()
                    .append(SOURCE, List.of(event))
                    .toCompletableFuture()
                    .join()
                    .get(0);
            exchange.getMessage().setHeader("SeraiReceipt", receipt.name());
            RunScope.of(exchange).ifPresent(RunScope::end);
        } catch (Inbox.Busy | CompletionException e) {
            throw new StepFailed(Outcome.retry("the event could not be stored: " + e.getMessage()), e);
        }
    }

    /** Within a flow a step publishes its event once, however often the run is resumed. */
    private Optional<String> key(Exchange exchange) {
        Optional<String> given = Arguments.evaluate(exchange, endpoint.getKey());
        return given.isPresent()
                ? given
                : RunScope.of(exchange)
                        .map(scope -> scope.run().name() + ":"
                                + Steps.begin(
                                        exchange, scope, endpoint.hub().stores().journal()));
    }
}
