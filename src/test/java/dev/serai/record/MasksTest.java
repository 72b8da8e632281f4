package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

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
