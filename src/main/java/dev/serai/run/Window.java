package dev.serai.run;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/**
 * One limit of a remote: so many units within a time.
 *
 * @param name for people, and for what the remote calls it
 * @param limit units within {@code per}; of a flowing one, what it holds when it is full
 * @param per of a day or a month about how long it is; of a flowing one, how long it takes to fill
 * @param zone in which days and months begin
 * @param points whether the remote counts points here, and not calls
 * @param cap units within {@code per} that we take at most, whatever the remote tells; 0 for as many as it allows
 */
public record Window(String name, long limit, Counting counting, Duration per, ZoneId zone, boolean points, long cap) {
    /** From this length on it is a budget: people are told how much is used, and it is spread rather than used up. */
    private static final Duration BUDGET = Duration.ofHours(1);

    /** How the remote counts. */
    public enum Counting {
        /** What was used in the last {@code per}, at any moment. Keeps to the limits of a fixed one as well. */
        SLIDING,
        /** Period after period, as the remote tells their ends; the first begins with the first call. */
        FIXED,
        /** From midnight to midnight. */
        DAY,
        /** From the first of a month on. */
        MONTH,
        /** A bucket that fills again all the time. */
        FLOWING
    }

    public boolean budget() {
        return counting != Counting.FLOWING && per.compareTo(BUDGET) >= 0;
    }

    long of(Units units) {
        return points ? units.points() : units.calls();
    }

    /** When the day or month began that holds this moment. */
    Instant begin(Instant at) {
        return first(at).toInstant();
    }

    /** When the day or month ends that holds this moment. */
    public Instant end(Instant at) {
        ZonedDateTime first = first(at);
        return (counting == Counting.DAY ? first.plusDays(1) : first.plusMonths(1)).toInstant();
    }

    private ZonedDateTime first(Instant at) {
        ZonedDateTime day = at.atZone(zone).toLocalDate().atStartOfDay(zone);
        return counting == Counting.DAY ? day : day.withDayOfMonth(1);
    }

    /** {@code 5 calls in 10s (burst)}, for a person. */
    public String words() {
        String span =
                switch (counting) {
                    case DAY -> "a day";
                    case MONTH -> "a month";
                    default -> "in " + per.toString().substring(2).toLowerCase(Locale.ROOT);
                };
        return limit + (points ? " points " : " calls ") + span + " (" + name + ")";
    }
}
