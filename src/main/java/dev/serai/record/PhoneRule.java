package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;

/** Phone numbers, by Google's numbering plans. */
final class PhoneRule {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    private PhoneRule() {}

    /** @param region a country in any form {@link Countries} reads; needed unless the number starts with {@code +} */
    static JsonNode e164(JsonNode value, String region) {
        String text = TextRules.strip(TextRules.text(value));
        String country = region == null ? null : Countries.code(region).orElse(null);
        if (country == null && !text.startsWith("+")) {
            throw new Unacceptable("is a phone number without a country; write it with +, or give the field a region:");
        }
        try {
            var number = PLANS.parse(withoutPunctuation(text), country);
            // asked of the likely country first, which spares a walk through all that share its calling code
            if (country != null && PLANS.isValidNumberForRegion(number, country) || PLANS.isValidNumber(number)) {
                return TextNode.valueOf(PLANS.format(number, PhoneNumberFormat.E164));
            }
        } catch (NumberParseException e) {
            // said below, in the same words as for a number that is no one's
        }
        throw new Unacceptable("is not a phone number" + (country == null ? "" : " in " + country));
    }

    /**
     * The digits alone, where nothing else but the usual marks between them is there: the library drops these as well, at a
     * third of the whole cost. All other texts, as those with an extension, are left to it.
     */
    private static String withoutPunctuation(String text) {
        var digits = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' || c == '+' && i == 0) {
                digits.append(c);
            } else if (" ().-".indexOf(c) < 0) {
                return text;
            }
        }
        return digits.toString();
    }
}
