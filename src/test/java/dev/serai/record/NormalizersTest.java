package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Rules that change what a value is, so that a second time is another thing. */
    private static final Set<String> NOT_IDEMPOTENT =
            Set.of("md5", "sha256", "first_name", "last_name", "minor_units", "major_units");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = true,
            value = {
                "trim        |            | '\u00a0 Ada \t'                     | Ada",
                "squeeze     |            | ' Ada \n  Lovelace '                | Ada Lovelace",
                "lower       |            | ADA@ÉCOLE                           | ada@école",
                "upper       |            | straße                              | STRASSE",
                "nfc         |            | 'e\u0301'                           | é",
                "slug        |            | '  Café Uno & Söhne! '              | cafe-uno-sohne",
                "first_name  |            | Ada King Lovelace                   | Ada King",
                "last_name   |            | Ada King Lovelace                   | Lovelace",
                "email       |            | ' Ada.King+news@Example.COM '       | Ada.King+news@example.com",
                "email       |            | söfie@bücher.example                | söfie@bücher.example",
                "url         |            | HTTPS://user@Example.com/Pay?A=B    | https://user@example.com/Pay?A=B",
                "country     |            | United States                       | US",
                "country     |            | usa                                 | US",
                "country     |            | Deutschland                         | DE",
                "country     |            | Österreich                          | AT",
                "country     |            | UK                                  | GB",
                "country     |            | cote d'ivoire                       | CI",
                "country     |            | 日本                                 | JP",
                "e164        | US         | (415) 555-2671                      | +14155552671",
                "e164        | Deutschland| 030 123456                          | +4930123456",
                "e164        |            | +44 20 7946 0958                    | +442079460958",
                "timestamp   |            | 1755810000                          | 2025-08-21T21:00:00Z",
                "timestamp   |            | 1755810000123                       | 2025-08-21T21:00:00.123Z",
                "timestamp   |            | 2025-08-21T23:00:00+02:00           | 2025-08-21T21:00:00Z",
                "timestamp   |            | 2025-08-21 21:00:00Z                | 2025-08-21T21:00:00Z",
                "timestamp   |            | 'Thu, 21 Aug 2025 21:00:00 GMT'     | 2025-08-21T21:00:00Z",
                "timestamp   |            | -1                                  | 1969-12-31T23:59:59Z",
                "number      |            | ' 12.50 '                           | 12.50",
                "integer     |            | 12.0                                | 12",
                "integer     |            | 12345678901234567890                | 12345678901234567890",
                "boolean     |            | Yes                                 | true",
                "boolean     |            | 0                                   | false",
                "currency    |            | eur                                 | EUR",
                "minor_units | EUR        | 12.34                               | 1234",
                "minor_units | jpy        | 500                                 | 500",
                "major_units | usd        | 1000                                | 10.00",
                "major_units | KWD        | 1234                                | 1.234",
                "major_units | JPY        | 500                                 | 500",
                "md5         |            | ada@example.com                     | 3e3417d7ef77d5932a6734b916515ed5",
                "sha256      |            | abc  | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            })
    void aValueIsBroughtIntoItsOneForm(String rule, String option, String given, String expected) {
        assertThat(apply(rule, TextNode.valueOf(given), option).asText()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "email       |      | ada                 | is not an e-mail address; name@example.com is expected",
                "email       |      | ada@localhost       | is not an e-mail address; name@example.com is expected",
                "email       |      | a..b@example.com    | is not an e-mail address; name@example.com is expected",
                "email       |      | a@b@example.com     | is not an e-mail address; name@example.com is expected",
                "country     |      | Atlantis            | is not a country; a code such as DE or a name is expected",
                "e164        | US   | 123                 | is not a phone number in US",
                "e164        |      | 030 123456          | is a phone number without a country; write it with +, or give the field a region:",
                "timestamp   |      | 2025-08-21          | is not a time; 2026-01-31T12:00:00Z or an epoch time is expected",
                "timestamp   |      | 2025-02-30T00:00:00Z| is not a time; 2026-01-31T12:00:00Z or an epoch time is expected",
                "timestamp   |      | 99999999999999999   | is a time outside the years 1 to 9999; 2026-01-31T12:00:00Z or an epoch time is expected",
                "number      |      | '1,5'               | is not a number; digits with a point for decimals are expected",
                "integer     |      | 1e999999999         | is a number of more than 60 digits",
                "number      |      | 1e-2147483647       | is a number of more than 60 digits",
                "integer     |      | 1.5                 | is not a whole number",
                "boolean     |      | maybe               | is neither true nor false; true, yes, on, 1, false, no, off or 0 is expected",
                "currency    |      | euros               | is not a currency; an ISO 4217 code such as EUR is expected",
                "minor_units | EUR  | 12.345              | has more decimals than EUR has (2)",
                "minor_units |      | 12.34               | is an amount without a currency; the record must name one",
                "major_units | ???  | 12                  | is an amount in an unknown currency; an ISO 4217 code such as EUR is expected",
                "url         |      | javascript:alert(1) | is not a web address; https://example.com/path is expected",
            })
    void whatCannotBeBroughtIntoFormIsRefusedInASentence(String rule, String option, String given, String sentence) {
        assertThatThrownBy(() -> apply(rule.strip(), TextNode.valueOf(given), option))
                .isInstanceOf(Unacceptable.class)
                .hasMessage(sentence);
    }

    @Test
    void aListIsNormalizedItemByItem() throws Exception {
        assertThat(apply("lower", JSON.readTree("[\"A\", null, \"B\"]"), null).toString())
                .isEqualTo("[\"a\",null,\"b\"]");
    }

    @Test
    void aMapIsNoText() throws Exception {
        assertThatThrownBy(() -> apply("trim", JSON.readTree("{}"), null)).hasMessage("is a map; text is expected");
    }

    @Test
    void whatTwoRulesDoAndUndoIsUnchanged() {
        for (String currency : Set.of("EUR", "JPY", "KWD")) {
            JsonNode minor = JsonNodeFactory.instance.numberNode(123_456);
            assertThat(apply("minor_units", apply("major_units", minor, currency), currency))
                    .isEqualTo(JsonNodeFactory.instance.numberNode(123_456L));
        }
    }

    @Test
    void doingItTwiceIsDoingItOnce() {
        var random = new Random(7);
        for (Normalizer rule : Normalizers.all()) {
            if (NOT_IDEMPOTENT.contains(rule.name())) {
                continue;
            }
            for (int i = 0; i < 20_000; i++) {
                JsonNode given = TextNode.valueOf(Samples.text(random, rule.name()));
                JsonNode once;
                try {
                    once = rule.apply(given, "US");
                } catch (Unacceptable e) {
                    continue;
                }
                assertThat(rule.apply(once, "US"))
                        .as("%s of %s", rule.name(), given)
                        .isEqualTo(once);
            }
        }
    }

    @Test
    void aRuleRefusesOrAnswersWhateverItIsGiven() {
        var random = new Random(11);
        for (Normalizer rule : Normalizers.all()) {
            for (int i = 0; i < 3_000; i++) {
                try {
                    rule.apply(notNull(random), i % 3 == 0 ? null : Samples.text(random, "currency"));
                } catch (Unacceptable e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    private static JsonNode notNull(Random random) {
        JsonNode value = Samples.json(random, 3);
        return value.isNull() ? TextNode.valueOf("") : value;
    }

    private static JsonNode apply(String rule, JsonNode value, String option) {
        return Normalizers.of(rule).orElseThrow().apply(value, option);
    }
}
