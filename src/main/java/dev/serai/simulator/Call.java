package dev.serai.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One call as the ledger keeps it.
 *
 * @param operation the contract's id; empty when no operation fits the request
 */
public record Call(Instant at, String vendor, String operation, Asked asked, Done done) {

    /**
     * What came of it.
     *
     * @param status answered; 0 when the connection was closed instead
     * @param violation how the request breaks the contract; empty when it does not
     * @param fault what was made to go wrong; empty when nothing was
     * @param record key of the record it met, several joined by commas
     * @param effect {@code created}, {@code updated}, {@code unchanged}, {@code deleted}, {@code read},
     *     {@code replayed} or empty; a batch joins several by commas
     */
    public record Done(int status, String violation, String fault, String record, String effect) {}

    public int status() {
        return done.status;
    }

    public String violation() {
        return done.violation;
    }

    public String effect() {
        return done.effect;
    }

    public String record() {
        return done.record;
    }

    public String body() {
        return asked.body();
    }

    /** The body as JSON. */
    public JsonNode json() {
        return Json.parse(asked.body());
    }
}
