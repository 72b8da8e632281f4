package dev.serai.store;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Versions of records as vendors write them: counters, seconds or milliseconds, times of RFC 3339. */
final class Versions {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,30}(\\.\\d{1,9})?");

    private Versions() {}

    /** The version as a number, newer is greater; empty when it is neither a number nor a time and can't be compared. */
    static Optional<BigDecimal> rank(String version) {
        if (NUMBER.matcher(version).matches()) {
            return Optional.of(new BigDecimal(version));
        }
        try {
            Instant at = OffsetDateTime.parse(version).toInstant();
            return Optional.of(BigDecimal.valueOf(at.getEpochSecond()).add(BigDecimal.valueOf(at.getNano(), 9)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
