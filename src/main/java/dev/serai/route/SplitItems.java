package dev.serai.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.connector.webhook.Incoming;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Remembers which item of a list an exchange is about, as the split handed it out: before any step has made something else
 * of it. What a step sends may tell the time, or be shaped by a mapping that was mended since.
 */
final class SplitItems implements InterceptStrategy {
    private static final String PROPERTY = "SeraiSplitItem";

    /** @param exchange the one that was made for it: a list within an item is split into others @param hash of what it says */
    private record Item(String exchange, String hash) {}

    /** What tells the item of an exchange from others; empty outside of splits, and of what is neither data nor text. */
    static Optional<String> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getProperty(PROPERTY, Item.class))
                .map(Item::hash)
                .filter(hash -> !hash.isEmpty());
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        Processor itself = step instanceof SplitDefinition ? leavingItems(target) : target;
        if (!(step.getParent() instanceof SplitDefinition)) {
            return itself;
        }
        return new DelegateAsyncProcessor(itself) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                remember(exchange);
                return super.process(exchange, callback);
            }
        };
    }

    /** What is behind a split is about no item of it, though a strategy that aggregates may hand on the exchange of one. */
    private static Processor leavingItems(Processor split) {
        return new DelegateAsyncProcessor(split) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                Item around = exchange.getProperty(PROPERTY, Item.class);
                return super.process(exchange, doneSync -> {
                    exchange.setProperty(PROPERTY, around);
                    callback.done(doneSync);
                });
            }
        };
    }

    private static void remember(Exchange exchange) {
        Item known = exchange.getProperty(PROPERTY, Item.class);
        if (known != null && known.exchange.equals(exchange.getExchangeId())
                || RunScope.of(exchange).isEmpty()) {
            return;
        }
        String within = known == null ? "" : known.hash;
        exchange.setProperty(PROPERTY, new Item(exchange.getExchangeId(), hash(within, exchange)));
    }

    private static String hash(String within, Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof String text) {
            return Incoming.hashKey(within, TextNode.valueOf(text));
        }
        boolean data = body instanceof Map
                || body instanceof List
                || body instanceof JsonNode
                || body instanceof Number
                || body instanceof Boolean;
        return data ? Incoming.hashKey(within, Bodies.json(exchange)) : "";
    }
}
