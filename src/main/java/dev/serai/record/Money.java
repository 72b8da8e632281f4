package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;

/** Amounts and currencies; the number of decimals is that of ISO 4217. */
final class Money {
    private Money() {}

    static JsonNode currency(JsonNode value) {
        return TextNode.valueOf(find(TextRules.text(value)).getCurrencyCode());
    }

    static JsonNode minorUnits(JsonNode value, String currency) {
        int decimals = decimals(currency);
        BigDecimal amount = Numbers.decimal(value).movePointRight(decimals);
        try {
            return Numbers.whole(amount.toBigIntegerExact());
        } catch (ArithmeticException e) {
            throw new Unacceptable(
                    "has more decimals than " + currency.toUpperCase(Locale.ROOT) + " has (" + decimals + ")");
        }
    }

    static JsonNode majorUnits(JsonNode value, String currency) {
        int decimals = decimals(currency);
        try {
            BigDecimal units = new BigDecimal(Numbers.decimal(value).toBigIntegerExact());
            return decimals == 0
                    ? Numbers.whole(units.toBigIntegerExact())
                    : JsonNodeFactory.instance.numberNode(units.movePointLeft(decimals));
        } catch (ArithmeticException e) {
            throw new Unacceptable("is not a whole number of the currency's smallest unit");
        }
    }

    private static int decimals(String currency) {
        if (currency == null) {
            throw new Unacceptable("is an amount without a currency; the record must name one");
        }
        try {
            // funds and metals (XAU, XDR) have none: -1
            return Math.max(0, find(currency).getDefaultFractionDigits());
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
