package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasksTest {
    @Test
    void whatHasTheFormOfAPersonsDataIsHiddenInAnyText() {
        assertThat(Masks.inText("ada@example.com is taken, call +49 (30) 901820."))
                .isEqualTo("a***@e*** is taken, call +***.");
        assertThat(Masks.inText("pay DE89 3704 0044 0532 0130 00 or 4111 1111 1111 1111"))
                .isEqualTo("pay D*** or 4***");
    }

    @Test
    void namesTimesAndNumbersOfOursStayAsTheyAre() {
        String text =
                "r_81 of e_81 at 2026-11-21T09:30:00.123Z, key 1755810000000, 1234567890123456, contact:7, HTTP 503";

        assertThat(Masks.inText(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "004930901820",
                "0049 (30) 901820",
                "030 901820",
                "(030) 901820",
                "030 / 9018-20",
                "0171-1234567",
                "0171-12-34",
                "01711234567",
                "06 12 34 56 78",
                "020 7946 0958",
                "(415) 555-2671",
                "415.555.2671"
            })
    void aPhoneNumberIsHiddenAsPeopleDialIt(String number) {
        assertThat(Masks.inText("call " + number + ", or not")).isEqualTo("call " + number.charAt(0) + "***, or not");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order 0012345678 of 0000123456789",
                "contact:0301234567, id=01711234567, #01711234567, /v1/01711234567",
                "01234567-89ab-4cde-8f01-23456789abcd and 5f0171123456789",
                "on 05/11/2026, 05-11-2026 09:30 or 2026-01-05T09:30:00.0123456789Z",
                "since 09:30:00.123, 0.123456789 of 0123, key 1755810000000",
                "10.0.0.5:5432 answered 503 in 01234 ms"
            })
    void anIdATimeOrAnAddressOfAMachineIsNoPhoneNumber(String text) {
        assertThat(Masks.inText(text)).isEqualTo(text);
    }

    @Test
    void whatAPayloadTellsOfPeopleIsHiddenWhereItIsRepeated() throws IOException {
        var json = new ObjectMapper().readTree("""
                {"name": "Ada Lovelace", "status": "archived", "custom": "Babbage", "list": [{"phone": "901820"}], "vip": true}""");
        var people = Masks.people(json, path -> Optional.of(true).filter(yes -> path.equals("custom")));

        assertThat(people).containsExactly("Ada Lovelace", "Lovelace", "Babbage", "901820", "Ada");
        assertThat(Masks.without("Contact ADA LOVELACE (Lovelace, Ada) is archived; Adam of babbage: 901820", people))
                .isEqualTo("Contact A*** (L***, A***) is archived; Adam of b***: 9***");
    }

    @Test
    void inAPayloadAllThatNobodyCalledPlainIsHidden() throws IOException {
        var json = new ObjectMapper().readTree("""
                {"name": "Ada", "status": "past_due", "note": "likes tea", "count": 3, "big": 49301234, "vip": true, "none": null,
                 "at": "2026-11-21T09:30:00Z", "company": "Example Ltd", "list": [{"email": "a@b.co"}], "a@b.co": 1}""");
        var said = Map.of("company", false, "status", false, "count", true);

        assertThat(Masks.payload(json, path -> Optional.ofNullable(said.get(path)))
                        .toString())
                .isEqualTo(
                        "{\"name\":\"A***\",\"status\":\"past_due\",\"note\":\"l***\",\"count\":\"***\",\"big\":\"***\","
                                + "\"vip\":true,\"none\":null,\"at\":\"2026-11-21T09:30:00Z\",\"company\":\"Example Ltd\","
                                + "\"list\":[{\"email\":\"a***@b***\"}],\"a***@b***\":1}");
    }

    @Test
    void aLogInOrANameInCapitalsIsNoWordOfAProgram() throws IOException {
        var json = new ObjectMapper().readTree("""
                {"login": "anna.schmidt", "customer": "MEYER", "handle": "anna-maria", "both": "MEYER-LUND", "code": "A.SCHMIDT",
                 "status": "past_due", "currency": "EUR", "plan": "TIER_2", "source": "crm:lead"}""");

        assertThat(Masks.payload(json, path -> Optional.empty()).toString())
                .isEqualTo("{\"login\":\"a***\",\"customer\":\"M***\",\"handle\":\"a***\",\"both\":\"M***\","
                        + "\"code\":\"A***\",\"status\":\"past_due\",\"currency\":\"EUR\",\"plan\":\"TIER_2\","
                        + "\"source\":\"crm:lead\"}");
    }
}
