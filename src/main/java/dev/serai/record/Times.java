package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Points in time. */
final class Times {
    /** Epoch numbers from here on are milliseconds: as seconds this is the year 5138, as milliseconds March 1973. */
    private static final BigDecimal MILLISECONDS_FROM = BigDecimal.valueOf(100_000_000_000L);

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final String EXPECTED = "2026-01-31T12:00:00Z or an epoch time is expected";

    private Times() {}

    static JsonNode timestamp(JsonNode value) {
        Instant instant;
        try {
            instant = value.isNumber() ? epoch(Numbers.decimal(value)) : read(TextRules.strip(TextRules.text(value)));
        } catch (DateTimeException | ArithmeticException e) {
            throw new Unacceptable("is not a time; " + EXPECTED);
        }
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new Unacceptable("is a time outside the years 1 to 9999; " + EXPECTED);
        }
        return TextNode.valueOf(instant.toString());
    }

    private static Instant read(String text) {
        if (!text.isEmpty()
                && text.length() <= 30
                && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-' || c == '.')
                && text.lastIndexOf('-') <= 0) {
            return epoch(Numbers.decimal(TextNode.valueOf(text)));
        }
        if (!text.isEmpty() && Character.isLetter(text.charAt(0))) {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        }
        // RFC 3339 allows a space where ISO 8601 has the T
        String iso =
                text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + "T" + text.substring(11) : text;
        return OffsetDateTime.parse(iso).toInstant();
    }

    private static Instant epoch(BigDecimal number) {
        BigDecimal seconds = number.abs().compareTo(MILLISECONDS_FROM) < 0 ? number : number.movePointLeft(3);
        BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
        long nanos = seconds.subtract(whole).movePointRight(9).longValue();
        return Instant.ofEpochSecond(whole.longValueExact(), nanos);
    }

    /** Whether it is a time as {@link #timestamp} writes it; no may also mean "not sure". */
    static boolean isSurelyUtc(String text) {
        int end = text.length() - 1;
        return end >= 19
                && end <= 29
                && text.charAt(end) == 'Z'
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && (end == 19 || text.charAt(19) == '.' && end > 20 && digits(text, 20, end) >= 0)
                && digits(text, 0, 4) > 0
                && within(digits(text, 5, 7), 1, 12)
                && within(
                        digits(text, 8, 10),
                        1,
                        YearMonth.of(digits(text, 0, 4), digits(text, 5, 7)).lengthOfMonth())
                && within(digits(text, 11, 13), 0, 23)
                && within(digits(text, 14, 16), 0, 59)
                && within(digits(text, 17, 19), 0, 59);
    }

    private static boolean within(int number, int least, int most) {
        return number >= least && number <= most;
    }

    /** The number written there; -1 when something else is. */
    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
