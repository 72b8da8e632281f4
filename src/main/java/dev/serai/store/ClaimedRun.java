package dev.serai.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A run this hub may work on until its lease ends.
 *
 * @param claim counts the run's claims; an outcome is only taken from the newest
 * @param retries durable retries so far
 * @param resumed whether an earlier claim may have done some of its steps already
 */
public record ClaimedRun(long id, String flow, int claim, int retries, boolean resumed, Lease lease, Event event) {

    /** The event it goes through the flow with. */
    public record Event(
            long id,
            String source,
            String type,
            String record,
            Optional<Instant> occurredAt,
            String contentType,
            byte[] payload) {}

    /** {@code r_81}. */
    public String name() {
        return Names.run(id);
    }
}
