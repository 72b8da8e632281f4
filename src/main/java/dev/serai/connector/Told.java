package dev.serai.connector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.run.Heard;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where answers tell how a window stands.
 *
 * @param usage used and allowed at once, as in {@code api-usage=18/5000}
 * @param restore of a flowing one, how much comes back in a second
 */
record Told(Place limit, Place remaining, Place usage, Place restore, Place reset, ResetAs resetAs) {
    private static final Pattern USAGE = Pattern.compile("(\\d{1,18})\\s*/\\s*(\\d{1,18})");
    private static final Pattern NUMBER = Pattern.compile("\\s*(\\d{1,18})(\\.\\d{1,18})?\\s*");
    /** A remote that counts in whole seconds may have cut off nearly one. */
    private static final Duration CUT_OFF = Duration.ofSeconds(1);

    /** @param header its name, or empty @param body a dotted path, or empty */
    record Place(String header, String body) {
        boolean isEmpty() {
            return header.isEmpty() && body.isEmpty();
        }

        Optional<String> in(Answer answer) {
            if (!header.isEmpty()) {
                return answer.header(header);
            }
            JsonNode value = body.isEmpty() ? null : Json.at(answer.json(), body);
            return value == null || !value.isValueNode() ? Optional.empty() : Optional.of(value.asText());
        }
    }

    /** How the moment of the reset is written. */
    enum ResetAs {
        SECONDS,
        MILLISECONDS,
        EPOCH_SECONDS,
        EPOCH_MILLISECONDS,
        DATE
    }

    boolean isEmpty() {
        return limit.isEmpty() && remaining.isEmpty() && usage.isEmpty() && restore.isEmpty() && reset.isEmpty();
    }

    /** Empty when the answer says nothing of it; what can't be read is passed over. A moment is one of the remote's clock. */
    Optional<Heard> heard(String window, Answer answer, Instant now) {
        OptionalLong most = limit.in(answer).map(Told::number).orElse(OptionalLong.empty());
        OptionalLong left = remaining.in(answer).map(Told::number).orElse(OptionalLong.empty());
        Matcher used = USAGE.matcher(usage.in(answer).orElse(""));
        if (used.find()) {
            most = OptionalLong.of(Long.parseLong(used.group(2)));
            left = OptionalLong.of(Math.max(0, most.getAsLong() - Long.parseLong(used.group(1))));
        }
        Optional<Duration> end = reset.in(answer).flatMap(text -> until(text.strip(), answer.moment(now)));
        OptionalLong flow = restore.in(answer).map(Told::number).orElse(OptionalLong.empty());
        return most.isEmpty() && left.isEmpty() && end.isEmpty() && flow.isEmpty()
                ? Optional.empty()
                : Optional.of(new Heard(window, most, left, flow, end));
    }

    private static OptionalLong number(String text) {
        Matcher match = NUMBER.matcher(text);
        return match.matches() ? OptionalLong.of(Long.parseLong(match.group(1))) : OptionalLong.empty();
    }

    private Optional<Duration> until(String text, Instant now) {
        if (resetAs == ResetAs.DATE) {
            return date(text).map(at -> Duration.between(now, at).plus(CUT_OFF));
        }
        OptionalLong number = number(text);
        if (number.isEmpty()) {
            return Optional.empty();
        }
        long value = Math.min(number.getAsLong(), Long.MAX_VALUE / 1_000_000);
        return Optional.of(
                switch (resetAs) {
                    case SECONDS -> Duration.ofSeconds(value).plus(CUT_OFF);
                    case MILLISECONDS -> Duration.ofMillis(value);
                    case EPOCH_SECONDS ->
                        Duration.ofMillis(value * 1000 - now.toEpochMilli()).plus(CUT_OFF);
                    default -> Duration.ofMillis(value - now.toEpochMilli());
                });
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(
                    text.contains(",")
                            ? ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant()
                            : ZonedDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
