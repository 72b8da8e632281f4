package dev.serai.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An event about to be stored.
 *
 * @param source the connection it came through, or {@code api}
 * @param key what makes it the same event when it comes again
 * @param keyHolds how long that key counts; empty for ever (a vendor's event id), a short time for a payload's hash
 * @param record what it is about, {@code contact:123}; runs of one record and flow keep their order
 * @param version the record's version as the vendor counts it, or empty
 * @param payload the bytes as they arrived
 * @param flows the flows that get a run
 */
public record NewEvent(
        String source,
        String type,
        String key,
        Optional<Duration> keyHolds,
        String record,
        String version,
        Optional<Instant> occurredAt,
        String contentType,
        byte[] payload,
        List<String> flows) {}
