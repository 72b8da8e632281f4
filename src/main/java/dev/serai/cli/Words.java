package dev.serai.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Numbers and times as people read them. */
public final class Words {
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private Words() {}

    /** {@code 1 problem}, {@code 2 problems}. */
    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code 2026-11-21 09:30:00Z}. */
    static String time(Instant time) {
        return UTC.format(time);
    }

    /** {@code 09:30:00.123Z}. */
    static String clock(Instant time) {
        return CLOCK.format(time);
    }

    /** {@code 5 s ago}, {@code in 3 min}. */
    static String age(Instant time, Instant now) {
        Duration age = Duration.between(time, now);
        return age.isNegative() ? "in " + span(age.negated()) : span(age) + " ago";
    }

    static String span(Duration time) {
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2 ? time.toHours() + " h" : time.toDays() + " d";
    }

    /** At most that many characters, the end replaced by an ellipsis when it is longer. */
    public static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
