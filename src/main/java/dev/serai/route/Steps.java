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

    /** The id in the file, of a step as the journal names it: {@code tell} of {@code tell#2}. */
    static String declared(String step) {
        int turn = step.lastIndexOf('#');
        return turn < 0 ? step : step.substring(0, turn);
    }
}
