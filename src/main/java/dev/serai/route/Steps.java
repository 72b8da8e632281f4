package dev.serai.route;

import org.apache.camel.Exchange;

/** Finds out which step of its flow an exchange is at. */
final class Steps {
    private Steps() {}

    /** The id of the node that is being worked on, as the file gives it. */
    static String id(Exchange exchange) {
        String id = exchange.getExchangeExtension().getHistoryNodeId();
        return id == null ? "step" : id;
    }
}
