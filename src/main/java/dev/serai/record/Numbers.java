package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
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

    static JsonNode number(JsonNode value) {
        if (value.isNumber()) {
            return value;
        }
        BigDecimal number = decimal(value);
        return number.scale() <= 0 ? whole(number.toBigIntegerExact()) : JsonNodeFactory.instance.numberNode(number);
    }

    static JsonNode integer(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value;
        }
        try {
            return whole(decimal(value).toBigIntegerExact());
        } catch (ArithmeticException e) {
            throw new Unacceptable("is not a whole number");
        }
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
            case "true", "yes", "on", "1" -> BooleanNode.TRUE;
            case "false", "no", "off", "0" -> BooleanNode.FALSE;
            default ->
                throw new Unacceptable("is neither true nor false; true, yes, on, 1, false, no, off or 0 is expected");
        };
    }
}
