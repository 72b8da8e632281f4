package dev.serai.connector.webhook;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** Points in time as remote systems write them. Anything else is empty, never an error. */
final class Times {
    /** Seconds reach this in the year 5138, milliseconds passed it in 1973: what is above counts milliseconds. */
    private static final BigDecimal FIRST_MILLISECOND = new BigDecimal("100000000000");

    private static final Pattern SECONDS = Pattern.compile("\\d{1,11}");
    private static final Pattern MILLISECONDS = Pattern.compile("\\d{1,14}");
    private static final Pattern EPOCH = Pattern.compile("\\d{1,14}(\\.\\d{1,9})?");
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private Times() {}

    /** Seconds (also with a fraction) or milliseconds since 1970, or RFC 3339, told apart by their shape. */
    static Optional<Instant> recognised(String text) {
        if (!EPOCH.matcher(text).matches()) {
            return rfc3339(text);
        }
        var number = new BigDecimal(text);
        int toNanos = number.compareTo(FIRST_MILLISECOND) < 0 ? 9 : 6;
        long nanos = number.scaleByPowerOfTen(toNanos)
                .remainder(BigDecimal.valueOf(1_000_000_000))
                .longValue();
        return Optional.of(
                Instant.ofEpochSecond(number.scaleByPowerOfTen(toNanos - 9).longValue(), nanos));
    }

    static Optional<Instant> seconds(String text) {
        return SECONDS.matcher(text).matches()
                ? Optional.of(Instant.ofEpochSecond(Long.parseLong(text)))
                : Optional.empty();
    }

    static Optional<Instant> milliseconds(String text) {
        return MILLISECONDS.matcher(text).matches()
                ? Optional.of(Instant.ofEpochMilli(Long.parseLong(text)))
                : Optional.empty();
    }

    static Optional<Instant> rfc3339(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(text.replace(' ', 'T').toUpperCase(java.util.Locale.ROOT))
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
