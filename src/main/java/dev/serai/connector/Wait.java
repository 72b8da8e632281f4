package dev.serai.connector;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How long a remote asks to wait.
 *
 * @param fixed always so long; null when the answer tells
 * @param field dotted path into the body of what tells it; empty when a header does
 */
record Wait(Duration fixed, String field, String header, Unit unit) {
    /** No exponent: 1e500000000 written out would fill the memory. */
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,9})?");

    /** How it is told. */
    enum Unit {
        SECONDS,
        MILLISECONDS,
        /** The moment, in seconds since 1970. */
        EPOCH_S,
        EPOCH_MS,
        RFC3339,
        /** RFC 9110, 5.6.7: {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
        HTTP_DATE
    }

    static Wait always(Duration wait) {
        return new Wait(wait, "", "", Unit.SECONDS);
    }

    /** Empty when the answer says nothing that can be read; may be negative. A moment is one of the remote's clock. */
    Optional<Duration> in(Answer answer, Instant now) {
        if (fixed != null) {
            return Optional.of(fixed);
        }
        String told = header.isEmpty()
                ? Json.at(answer.json(), field).asText("")
                : answer.header(header).orElse("");
        try {
            return told.isBlank() ? Optional.empty() : Optional.of(read(told.strip(), answer.moment(now)));
        } catch (NumberFormatException | DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private Duration read(String told, Instant now) {
        return switch (unit) {
            case SECONDS -> ofMillis(told, 3);
            case MILLISECONDS -> ofMillis(told, 0);
            case EPOCH_S -> ofMillis(told, 3).minusMillis(now.toEpochMilli());
            case EPOCH_MS -> ofMillis(told, 0).minusMillis(now.toEpochMilli());
            case RFC3339 -> Duration.between(now, OffsetDateTime.parse(told).toInstant());
            case HTTP_DATE ->
                Duration.between(
                        now,
                        ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
        };
    }

    private static Duration ofMillis(String number, int shift) {
        if (!NUMBER.matcher(number).matches()) {
            throw new NumberFormatException(number);
        }
        return Duration.ofMillis(new BigDecimal(number)
                .movePointRight(shift)
                .setScale(0, java.math.RoundingMode.CEILING)
                .longValueExact());
    }
}
