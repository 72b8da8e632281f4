package dev.serai.route;

import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.MulticastDefinition;
import org.apache.camel.model.RecipientListDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * The first step that fails for good ends its run, in a split or a multicast as anywhere. Camel by itself gives each part an
 * exchange of its own, so that it would go on with the next ones, and then behind them, while the run is dead or already
 * tried again elsewhere.
 */
final class FirstFailure implements InterceptStrategy {

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext context, NamedNode step, Processor target, Processor next) {
        boolean whole = hasParts(step) || step instanceof RecipientListDefinition;
        if (!whole && !hasParts(step.getParent())) {
            return target;
        }
        return new DelegateAsyncProcessor(target) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                if (stops(exchange)) {
                    callback.done(true);
                    return true;
                }
                return super.process(exchange, doneSync -> {
                    stops(exchange);
                    callback.done(doneSync);
                });
            }
        };
    }

    private static boolean hasParts(NamedNode step) {
        return step instanceof SplitDefinition || step instanceof MulticastDefinition;
    }

    /** Ends the flow for a run that has come to something. */
    private static boolean stops(Exchange exchange) {
        boolean ended = RunScope.of(exchange).flatMap(RunScope::settled).isPresent();
        if (ended) {
            exchange.setRouteStop(true);
        }
        return ended;
    }
}
