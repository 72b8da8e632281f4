package dev.serai.route;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A moment of each week, in UTC. @param day null for never */
public record Weekly(DayOfWeek day, LocalTime time) {

    /** @param text {@code mon 07:00} or {@code off}, as the settings have checked */
    public static Weekly of(String text) {
        if (text.equals("off")) {
            return new Weekly(null, LocalTime.MIDNIGHT);
        }
        DayOfWeek day = Arrays.stream(DayOfWeek.values())
                .filter(d -> d.name().toLowerCase(Locale.ROOT).startsWith(text.substring(0, 3)))
                .findFirst()
                .orElseThrow();
        return new Weekly(day, LocalTime.parse(text.substring(4)));
    }

    /** The last such moment that is not after the given one. */
    Optional<Instant> before(Instant now) {
        if (day == null) {
            return Optional.empty();
        }
        ZonedDateTime at = now.atZone(ZoneOffset.UTC)
                .with(TemporalAdjusters.previousOrSame(day))
                .with(time);
        return Optional.of((at.toInstant().isAfter(now) ? at.minusWeeks(1) : at).toInstant());
    }
}
