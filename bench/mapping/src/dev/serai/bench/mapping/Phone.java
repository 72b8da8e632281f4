package dev.serai.bench.mapping;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;

/** A phone number as somebody would write it by hand with the library; what is lent to each engine that takes functions. */
final class Phone {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    private Phone() {}

    static String e164(String text, String country) {
        try {
            var number = PLANS.parse(text, country);
            return PLANS.isValidNumber(number) ? PLANS.format(number, PhoneNumberFormat.E164) : null;
        } catch (NumberParseException e) {
            return null;
        }
    }
}
