package dev.serai.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A run this hub may work on until its lease ends.
 *
 * @param claim counts the run's claims; an outcome is only taken from the newest
 * @param retries durable retries so far
 * @param unfinished claims in a row that came to no outcome, this one included
 * @param triedSince when its tries began: its event arrived, or a person resumed it
 */
public record ClaimedRun(
        long id, String flow, int claim, int retries, int unfinished, Instant triedSince, Lease lease, Event event) {
    /** Unfinished claims from which a run is suspected of ending the process: such ones are tried one at a time. */
    static final int SUSPECT = 3;

    /**
     * The event it goes through the flow with.
     *
     * @param newer the event that told a newer version of the record before this one came; empty for all others
     * @param payload the bytes as they arrived, or as a person has corrected them
     */
    public record Event(
            long id,
            String source,
            String type,
            String record,
            Instant receivedAt,
            Optional<Instant> occurredAt,
            Optional<Receipt> newer,
            String contentType,
            byte[] payload) {}

    /** Whether an earlier claim may have done some of its steps already. */
    public boolean resumed() {
        return claim > 1;
    }

    /** Whether a person has said that it is to go on, whatever came of it before. */
    public boolean ordered() {
        return resumed() && triedSince.isAfter(event.receivedAt);
    }

    /** Whether it may be what ended the process, several times over. */
    public boolean suspect() {
        return unfinished >= SUSPECT;
    }

    /** {@code r_81}. */
    public String name() {
        return Names.run(id);
    }
}
