package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Normalizer.Option;
import dev.serai.record.Normalizer.Options;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Points in time. */
final class Times {
    /** Epoch numbers from here on are milliseconds: as seconds this is the year 5138, as milliseconds March 1973. */
    private static final BigDecimal MILLISECONDS_FROM = BigDecimal.valueOf(100_000_000_000L);

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final String EXPECTED = "2026-01-31T12:00:00Z or an epoch time is expected";

    /** The formats stand in the files, so there are few. */
    private static final Map<String, DateTimeFormatter> FORMATS = new ConcurrentHashMap<>();

    private Times() {}

    static JsonNode timestamp(JsonNode value, Options options) {
        if (value.isTextual() && isSurelyUtc(value.textValue())) {
            // what most systems send, worth the fifth part of a mapping's time
            String text = value.textValue();
            if (text.length() == 20) {
                return value;
            }
            if (text.endsWith(".000Z") && text.length() == 24) {
                return TextNode.valueOf(text.substring(0, 19) + "Z");
            }
        }
        return TextNode.valueOf(instant(value, options).toString());
    }

    private static Instant instant(JsonNode value, Options options) {
        String format = options.get(Option.FORMAT);
        Instant instant;
        try {
            if (format != null) {
                String text = TextRules.strip(TextRules.text(value));
                // a time in its one form is one, whatever others look like
                instant = isSurelyUtc(text) ? Instant.parse(text) : atZone(text, format, options);
            } else {
                instant = value.isNumber()
                        ? epoch(Numbers.decimal(value))
                        : read(TextRules.strip(TextRules.text(value)), options.get(Option.ZONE));
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new Unacceptable(
                    format == null ? "is not a time; " + EXPECTED : "is not a time written as " + format);
        }
        if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new Unacceptable("is a time outside the years 1 to 9999; " + EXPECTED);
        }
        return instant;
    }

    /** Reads what the format has: an offset or zone of its own, else the option; a date alone begins at midnight. */
    private static Instant atZone(String text, String format, Options options) {
        TemporalAccessor read = formatter(format, options)
                .parseBest(text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        if (read instanceof ZonedDateTime || read instanceof OffsetDateTime) {
            return Instant.from(read);
        }
        LocalDateTime local = read instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) read;
        return local.atZone(zone(options)).toInstant();
    }

    /** A time that says neither offset nor zone is a guess: refused, unless the mapping says whose time it is. */
    private static ZoneId zone(Options options) {
        String zone = options.get(Option.ZONE);
        if (zone == null) {
            throw new Unacceptable("is a time without a zone; give the field a zone:");
        }
        return Zones.find(zone);
    }

    static JsonNode text(JsonNode value, Options options) {
        Instant instant = instant(value, Options.NONE);
        String format = options.get(Option.FORMAT);
        if (format == null) {
            return TextNode.valueOf(instant.toString());
        }
        String zone = options.get(Option.ZONE);
        return written(instant.atZone(zone == null ? ZoneOffset.UTC : Zones.find(zone)), format, options);
    }

    private static JsonNode written(TemporalAccessor time, String format, Options options) {
        try {
            return TextNode.valueOf(formatter(format, options).format(time));
        } catch (DateTimeException e) {
            throw new Unacceptable("cannot be written as " + format);
        }
    }

    static JsonNode date(JsonNode value, Options options) {
        String text = TextRules.strip(TextRules.text(value));
        String format = options.get(Option.FORMAT);
        try {
            if (text.length() == 10 && text.charAt(4) == '-' && text.charAt(7) == '-') {
                return TextNode.valueOf(LocalDate.parse(text).toString());
            }
            if (format != null) {
                return TextNode.valueOf(
                        LocalDate.from(formatter(format, options).parse(text)).toString());
            }
        } catch (DateTimeException e) {
            throw new Unacceptable(
                    format == null ? "is not a date; 2026-01-31 is expected" : "is not a date written as " + format);
        }
        String zone = options.get(Option.ZONE);
        return TextNode.valueOf(instant(value, options)
                .atZone(zone == null ? ZoneOffset.UTC : Zones.find(zone))
                .toLocalDate()
                .toString());
    }

    static JsonNode dateText(JsonNode value, Options options) {
        LocalDate date = LocalDate.parse(date(value, Options.NONE).textValue());
        String format = options.get(Option.FORMAT);
        return format == null ? TextNode.valueOf(date.toString()) : written(date, format, options);
    }

    static JsonNode epochSeconds(JsonNode value) {
        return JsonNodeFactory.instance.numberNode(instant(value, Options.NONE).getEpochSecond());
    }

    static JsonNode epochMillis(JsonNode value) {
        return JsonNodeFactory.instance.numberNode(instant(value, Options.NONE).toEpochMilli());
    }

    static Optional<String> problemOfFormat(String format) {
        try {
            compiled(format, "en");
            return Optional.empty();
        } catch (Unacceptable e) {
            return Optional.of(e.getMessage());
        }
    }

    private static DateTimeFormatter formatter(String format, Options options) {
        String locale = options.get(Option.LOCALE);
        return compiled(format, locale == null ? "en" : locale);
    }

    /** {@code yyyy} is read as {@code uuuu}: with it, strict reading would want an era too. */
    private static DateTimeFormatter compiled(String format, String locale) {
        DateTimeFormatter known = FORMATS.get(locale + " " + format);
        if (known != null) {
            return known;
        }
        try {
            var formatter = new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(format.contains("G") ? format : format.replace('y', 'u'))
                    .toFormatter(Locale.forLanguageTag(locale))
                    .withResolverStyle(ResolverStyle.STRICT);
            FORMATS.put(locale + " " + format, formatter);
            return formatter;
        } catch (IllegalArgumentException e) {
            throw new Unacceptable("is not a date format; letters as in dd.MM.yyyy HH:mm are expected");
        }
    }

    private static Instant read(String text, String zone) {
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
        if (zone != null
                && iso.length() >= 16
                && iso.indexOf('Z') < 0
                && iso.indexOf('+') < 0
                && iso.lastIndexOf('-') < 10) {
            return LocalDateTime.parse(iso).atZone(Zones.find(zone)).toInstant();
        }
        // ISO 8601's basic offset beside an extended time, as some systems send it: +0000
        int sign = Math.max(iso.lastIndexOf('+'), iso.lastIndexOf('-'));
        boolean basic = sign > 10 && iso.length() - sign == 5;
        return OffsetDateTime.parse(basic ? iso.substring(0, sign + 3) + ":" + iso.substring(sign + 3) : iso)
                .toInstant();
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
