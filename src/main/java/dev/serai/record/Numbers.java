package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers and truth values. */
final class Numbers {
    /** Digits before or after the point; more is no amount, count or id, and 1e999999999 would take all memory. */
    private static final int MOST_DIGITS = 60;

    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);

    private Numbers() {}

    /** The exact number of a number or of text that is one. @throws Unacceptable when it is none, or is absurdly long */
    static BigDecimal decimal(JsonNode value) {
        BigDecimal number;
        try {
            number = value.isNumber() ? value.decimalValue() : new BigDecimal(shortEnough(value));
        } catch (NumberFormatException e) {
            throw new Unacceptable("is not a number; digits with a point for decimals are expected");
        }
        // as long, since the scale of 1e2147483647 minus its digits leaves the range of int
        long before = (long) number.precision() - number.scale();
        if (Math.abs(before) > MOST_DIGITS || number.scale() > MOST_DIGITS) {
            throw new Unacceptable("is a number of more than " + MOST_DIGITS + " digits");
        }
        return number;
    }

    private static String shortEnough(JsonNode value) {
        String text = TextRules.strip(TextRules.text(value));
        if (text.length() > 2 * MOST_DIGITS) {
            throw new Unacceptable("is not a number; digits with a point for decimals are expected");
        }
        return text;
    }

    static JsonNode number(JsonNode value, String locale) {
        if (value.isNumber()) {
            return value;
        }
        BigDecimal number = locale == null ? decimal(value) : localDecimal(value, locale);
        return number.scale() <= 0 ? whole(number.toBigIntegerExact()) : JsonNodeFactory.instance.numberNode(number);
    }

    static JsonNode integer(JsonNode value, String locale) {
        if (value.isIntegralNumber()) {
            return value;
        }
        try {
            boolean local = locale != null && !value.isNumber();
            return whole((local ? localDecimal(value, locale) : decimal(value)).toBigIntegerExact());
        } catch (ArithmeticException e) {
            throw new Unacceptable("is not a whole number");
        }
    }

    /** A number as people of that language write it, its groups of three checked: 1.5 is no German number. */
    static BigDecimal localDecimal(JsonNode value, String locale) {
        var signs = DecimalFormatSymbols.getInstance(Locale.forLanguageTag(locale));
        String text = shortEnough(value).replace('\u2212', '-').replace('\u2019', '\'');
        int point = text.lastIndexOf(signs.getDecimalSeparator());
        String whole = point < 0 ? text : text.substring(0, point);
        String decimals = point < 0 ? "" : text.substring(point + 1);
        char group = signs.getGroupingSeparator() == '\u2019' ? '\'' : signs.getGroupingSeparator();
        boolean spaced = Character.isSpaceChar(group);
        String groups = spaced ? whole.replaceAll("[ \\u00a0\\u202f]", " ") : whole.replace(group, ' ');
        String expected = "as in " + Locale.forLanguageTag(locale).toLanguageTag() + ", such as 1"
                + (spaced ? ' ' : group) + "234" + signs.getDecimalSeparator() + "5";
        if (!groups.matches("[+-]?(\\d+|\\d{1,3}( \\d{3})+)")
                || !decimals.matches("\\d*")
                || point >= 0 && decimals.isEmpty()) {
            throw new Unacceptable("is not a number " + expected);
        }
        return decimal(TextNode.valueOf(groups.replace(" ", "") + (decimals.isEmpty() ? "" : "." + decimals)));
    }

    static JsonNode whole(BigInteger number) {
        boolean fits = number.compareTo(LONG_MIN) >= 0 && number.compareTo(LONG_MAX) <= 0;
        return fits
                ? JsonNodeFactory.instance.numberNode(number.longValueExact())
                : JsonNodeFactory.instance.numberNode(number);
    }

    static JsonNode bool(JsonNode value) {
        if (value.isBoolean()) {
            return value;
        }
        return switch (TextRules.strip(TextRules.text(value)).toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y", "t", "on", "1" -> BooleanNode.TRUE;
            case "false", "no", "n", "f", "off", "0" -> BooleanNode.FALSE;
            default ->
                throw new Unacceptable("is neither true nor false; true, yes, on, 1, false, no, off or 0 is expected");
        };
    }
}
