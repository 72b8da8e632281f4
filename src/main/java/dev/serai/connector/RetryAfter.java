package dev.serai.connector;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The header that asks to wait: seconds or a date (RFC 9110, 10.2.3). */
public final class RetryAfter {
    /** The longest wait taken from a remote's word, which may be a mistake of its clock. */
    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /** How long an answer asks to wait; empty when it does not say, or in no form that is known. */
    public static Optional<Duration> of(Answer answer, Instant now) {
        return answer.header("Retry-After").map(String::strip).flatMap(told -> read(told, answer.moment(now)));
    }

    private static Optional<Duration> read(String told, Instant moment) {
        if (told.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            return Optional.of(bounded(Duration.ofMillis((long) Math.ceil(Double.parseDouble(told) * 1000))));
        }
        return Answer.date(told).map(date -> bounded(Duration.between(moment, date)));
    }

    /** None that has passed, and none that is longer than is sane. */
    static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
