package dev.serai.connector;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** How a remote writes a moment, or the number by which it orders its records. */
enum TimeFormat {
    EPOCH_MS,
    EPOCH_S,
    RFC3339,
    /** {@code 2026-01-31 10:00:00}, UTC without saying so. */
    LOCAL,
    /** {@code 2026-01-31T10:00:00}, UTC without saying so. */
    UTC,
    /** {@code 2026-01-31}. */
    DATE,
    /** RFC 9110, 5.6.7: {@code Sun, 06 Nov 1994 08:49:37 GMT}. */
    HTTP_DATE,
    /** No moment at all but a number that grows; it is kept as the moment so many milliseconds after 1970. */
    NUMBER;

    private static final DateTimeFormatter SPACED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);

    /** The smallest difference it can tell. */
    Duration step() {
        return switch (this) {
            case EPOCH_MS, NUMBER -> Duration.ofMillis(1);
            case DATE -> Duration.ofDays(1);
            default -> Duration.ofSeconds(1);
        };
    }

    String write(Instant moment) {
        return switch (this) {
            case EPOCH_MS, NUMBER -> Long.toString(moment.toEpochMilli());
            case EPOCH_S -> Long.toString(moment.getEpochSecond());
            case RFC3339 -> DateTimeFormatter.ISO_INSTANT.format(moment);
            case LOCAL -> SPACED.format(moment.atOffset(ZoneOffset.UTC));
            case UTC -> SECONDS.format(moment.atOffset(ZoneOffset.UTC));
            case DATE -> DateTimeFormatter.ISO_LOCAL_DATE.format(moment.atOffset(ZoneOffset.UTC));
            case HTTP_DATE ->
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        moment.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
        };
    }

    /** Digits are counted in this format's unit (milliseconds unless it says seconds); all else must be RFC 3339 or as this format has it. */
    Optional<Instant> read(String text) {
        try {
            if (text.matches("-?\\d{1,18}")) {
                long number = Long.parseLong(text);
                return Optional.of(this == EPOCH_S ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
            }
            return this == NUMBER ? Optional.empty() : Optional.of(moment(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private Instant moment(String text) {
        return switch (this) {
            case LOCAL -> LocalDateTime.parse(text, SPACED).toInstant(ZoneOffset.UTC);
            case UTC -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            case DATE -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            case HTTP_DATE ->
                ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            // Salesforce writes +0000
            default ->
                OffsetDateTime.parse(text.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2"))
                        .toInstant();
        };
    }
}
