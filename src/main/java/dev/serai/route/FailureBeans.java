package dev.serai.route;

import org.apache.camel.Exchange;

/** What {@code routes/errors.camel.yaml} asks about a failure. */
public final class FailureBeans {

    /** See {@link Failures#noQuickRetry}. */
    public boolean noQuickRetry(Exchange exchange) {
        return Failures.noQuickRetry(exchange);
    }
}
