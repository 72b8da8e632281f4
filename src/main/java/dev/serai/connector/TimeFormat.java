package dev.serai.connector;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How a remote writes a moment in a question. */
enum TimeFormat {
    EPOCH_MS,
    EPOCH_S,
    RFC3339;

    /** The smallest difference it can tell. */
    Duration step() {
        return this == EPOCH_MS ? Duration.ofMillis(1) : Duration.ofSeconds(1);
    }

    String write(Instant moment) {
        return switch (this) {
            case EPOCH_MS -> Long.toString(moment.toEpochMilli());
            case EPOCH_S -> Long.toString(moment.getEpochSecond());
            case RFC3339 -> DateTimeFormatter.ISO_INSTANT.format(moment);
        };
    }

    /** Digits are counted in this format's unit (milliseconds unless it says seconds); all else must be RFC 3339. */
    Optional<Instant> read(String text) {
        try {
            if (text.matches("-?\\d{1,18}")) {
                long number = Long.parseLong(text);
                return Optional.of(this == EPOCH_S ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number));
            }
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
