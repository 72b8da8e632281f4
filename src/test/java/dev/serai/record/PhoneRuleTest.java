package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PhoneRuleTest {
    private static final PhoneNumberUtil PLANS = PhoneNumberUtil.getInstance();

    @Test
    void anExampleOfEveryKindInEveryCountryIsReadAsTheLibraryReadsIt() {
        int tried = 0;
        for (String country : PLANS.getSupportedRegions()) {
            if (Countries.code(country).isEmpty()) {
                continue; // Ascension and a few others have numbers, but no code of their own in ISO 3166-1
            }
            for (PhoneNumberType type : PhoneNumberType.values()) {
                PhoneNumber number = PLANS.getExampleNumberForType(country, type);
                if (number == null) {
                    continue;
                }
                for (PhoneNumberFormat format : PhoneNumberFormat.values()) {
                    readsLikeTheLibrary(PLANS.format(number, format), country);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(5_000);
    }

    @Test
    void soIsWhatIsAlmostANumber() {
        var random = new Random(7);
        String signs = "0123456789 ()-.+/x#٣";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(PLANS.format(PLANS.getExampleNumber("DE"), PhoneNumberFormat.INTERNATIONAL));
            for (int change = random.nextInt(4); change >= 0; change--) {
                text.setCharAt(random.nextInt(text.length()), signs.charAt(random.nextInt(signs.length())));
            }
            readsLikeTheLibrary(text.toString(), i % 2 == 0 ? "DE" : "US");
        }
    }

    private static void readsLikeTheLibrary(String text, String country) {
        assertThat(ours(text, country)).as("%s in %s", text, country).isEqualTo(theirs(text, country));
    }

    private static String ours(String text, String country) {
        try {
            return PhoneRule.e164(TextNode.valueOf(text), country).asText();
        } catch (Unacceptable e) {
            return "none";
        }
    }

    private static String theirs(String text, String country) {
        try {
            PhoneNumber number = PLANS.parse(text, country);
            return PLANS.isValidNumber(number) ? PLANS.format(number, PhoneNumberFormat.E164) : "none";
        } catch (NumberParseException e) {
            return "none";
        }
    }
}
