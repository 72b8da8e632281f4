package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Amounts and currencies; the number of decimals is that of ISO 4217. */
final class Money {
    /** What may stand around the digits of an amount: at most a sign, a code and brackets. */
    private static final Pattern MARK = Pattern.compile("[-+(]{0,2}\\s*(\\p{Sc}|[A-Za-z]{1,3}\\p{Sc}?)?\\s*[-+)]{0,2}");

    /** A vendor's own decimals of one currency. */
    private static final Pattern OWN = Pattern.compile("[A-Z]{3} [0-4]");

    private static final int CODE = 3;

    private Money() {}

    /** Signs and English names that only one currency has, by the JDK's locale data (CLDR); $ and ¥ are many's. */
    private static final Map<String, String> BY_SIGN = signs();

    static JsonNode currency(JsonNode value) {
        String text = TextRules.strip(TextRules.text(value));
        String named = BY_SIGN.get(Countries.fold(text).isEmpty() ? text : Countries.fold(text));
        return TextNode.valueOf(named != null ? named : find(text).getCurrencyCode());
    }

    private static Map<String, String> signs() {
        var signs = new HashMap<String, String>();
        for (Currency currency : Currency.getAvailableCurrencies()) {
            String sign = currency.getSymbol(Locale.ENGLISH);
            boolean ofOne = Countries.fold(sign).isEmpty() && !sign.equals("$") && !sign.equals("\u00a5");
            if (ofOne) {
                signs.put(sign, currency.getCurrencyCode());
            }
            signs.put(Countries.fold(currency.getDisplayName(Locale.ENGLISH)), currency.getCurrencyCode());
        }
        return Map.copyOf(signs);
    }

    /** The number in it; a sign or code before or after it is left out, not read. */
    static JsonNode amount(JsonNode value, String locale) {
        if (value.isNumber()) {
            return value;
        }
        String text = TextRules.strip(TextRules.text(value));
        boolean minus = text.startsWith("-") || text.startsWith("(") && text.endsWith(")");
        int from = 0;
        int to = text.length();
        while (from < to && !Character.isDigit(text.charAt(from))) {
            from++;
        }
        while (to > from && !Character.isDigit(text.charAt(to - 1))) {
            to--;
        }
        if (!MARK.matcher(text.substring(0, from)).matches()
                || !MARK.matcher(text.substring(to)).matches()) {
            throw new Unacceptable("is not an amount; digits and a currency are expected");
        }
        return Numbers.number(
                TextNode.valueOf((minus ? "-" : "") + text.substring(from, to)), locale == null ? "en" : locale);
    }

    static JsonNode minorUnits(JsonNode value, String currency, String own) {
        int decimals = decimals(currency, own);
        BigDecimal amount = Numbers.decimal(value).movePointRight(decimals);
        try {
            return Numbers.whole(amount.toBigIntegerExact());
        } catch (ArithmeticException e) {
            throw new Unacceptable(
                    "has more decimals than " + currency.toUpperCase(Locale.ROOT) + " has (" + decimals + ")");
        }
    }

    static JsonNode majorUnits(JsonNode value, String currency, String own) {
        int decimals = decimals(currency, own);
        try {
            BigDecimal units = new BigDecimal(Numbers.decimal(value).toBigIntegerExact());
            return decimals == 0
                    ? Numbers.whole(units.toBigIntegerExact())
                    : JsonNodeFactory.instance.numberNode(units.movePointLeft(decimals));
        } catch (ArithmeticException e) {
            throw new Unacceptable("is not a whole number of the currency's smallest unit");
        }
    }

    /** What is wrong with a vendor's own decimals, if anything is. */
    static Optional<String> problemOfDecimals(String own) {
        for (String entry : own.split(", ")) {
            if (!OWN.matcher(entry).matches()) {
                return Optional.of("\"" + entry + "\" is not a currency and its decimals; ISK: 2 is such an entry");
            }
            try {
                Currency.getInstance(entry.substring(0, CODE));
            } catch (IllegalArgumentException e) {
                return Optional.of("\"" + entry.substring(0, CODE) + "\" is not an ISO 4217 code such as EUR");
            }
        }
        return Optional.empty();
    }

    /** @param own what a vendor has decided otherwise, as {@code ISK 2, MGA 0}; null for nothing */
    private static int decimals(String currency, String own) {
        if (currency == null) {
            throw new Unacceptable("is an amount without a currency; the record must name one");
        }
        try {
            Currency found = find(currency);
            int at = own == null ? -1 : own.indexOf(found.getCurrencyCode() + " ");
            // funds and metals (XAU, XDR) have none: -1
            return at < 0
                    ? Math.max(0, found.getDefaultFractionDigits())
                    : Character.digit(own.charAt(at + CODE + 1), 10);
        } catch (Unacceptable e) {
            throw new Unacceptable("is an amount in an unknown currency; an ISO 4217 code such as EUR is expected");
        }
    }

    private static Currency find(String code) {
        try {
            return Currency.getInstance(TextRules.strip(code).toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Unacceptable("is not a currency; an ISO 4217 code such as EUR is expected");
        }
    }
}
