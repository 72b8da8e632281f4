package dev.serai.store;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
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
 * @param occurredAt empty as well for a time that no calendar of ours holds, before the year 1 or after 9999
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
        List<String> flows) {

    /** The same with other bytes. */
    NewEvent with(byte[] other) {
        return new NewEvent(source, type, key, keyHolds, record, version, occurredAt, contentType, other, flows);
    }

    private static final Instant FIRST = Instant.parse("0001-01-02T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    /** Longest text an index entry takes with room to spare. */
    private static final int LONGEST = 500;

    public NewEvent {
        source = storable(source);
        type = storable(type);
        key = storable(key);
        record = storable(record);
        version = storable(version);
        // a number that is none, or a year nobody meant: it is told in the payload all the same
        occurredAt = occurredAt.filter(at -> at.isAfter(FIRST) && at.isBefore(LAST));
    }

    /**
     * PostgreSQL's text knows no NUL and its indexes no long entries; an event with either would be refused for ever,
     * however often it is sent. A long text keeps its beginning and gets its hash, so that it stays distinct.
     */
    private static String storable(String text) {
        String clean = text.replace('\0', '\uFFFD');
        if (clean.length() <= LONGEST) {
            return clean;
        }
        return clean.substring(0, LONGEST - 80) + "…sha256:"
                + HexFormat.of().formatHex(Digest.sha256(text.getBytes(StandardCharsets.UTF_8)));
    }
}
