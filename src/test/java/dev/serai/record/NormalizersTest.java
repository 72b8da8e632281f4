package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.record.Normalizer.Options;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizersTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Rules that change what a value is, so that a second time is another thing. */
    private static final Set<String> NOT_IDEMPOTENT = Set.of(
            "md5",
            "sha256",
            "first_name",
            "last_name",
            "minor_units",
            "major_units",
            "html_text",
            "time_text",
            "date_text",
            "epoch_millis",
            "utm",
            "click_ids");

    private static final Options US = option -> switch (option) {
        case REGION -> "US";
        case CURRENCY -> "EUR";
        case DECIMALS -> "ISK 2, MGA 0";
        case ZONE -> "America/New_York";
        case FORMAT -> "MM/dd/yyyy[ HH:mm]";
        case LOCALE -> "en";
        case SEPARATOR -> ";";
    };

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
                "html_text   |            | <p>Hi&nbsp;<b>Ada</b>,</p><p>a &lt; b<br>c</p><script>x()</script> | Hi Ada,/a < b/c",
                "first_name  |            | Ludwig van Beethoven                | Ludwig",
                "last_name   |            | Ludwig van Beethoven                | van Beethoven",
                "first_name  |            | 'Lovelace, Ada'                     | Ada",
                "last_name   |            | 'Lovelace, Ada'                     | Lovelace",
                "join        |            | one                                 | one",
                "domain      |            | Ada@Example.com                     | example.com",
                "domain      |            | https://www.Example.co.uk/a?b       | example.co.uk",
                "url         |            | www.Example.com/Pay                 | https://www.example.com/Pay",
                "subdivision | US         | california                          | US-CA",
                "subdivision | Canada     | Québec                              | CA-QC",
                "subdivision | DE         | by                                  | DE-BY",
                "subdivision |            | fr-idf                              | FR-IDF",
                "timezone    |            | europe/berlin                       | Europe/Berlin",
                "timezone    |            | Eastern Standard Time               | America/New_York",
                "timezone    |            | Pacific Time (US & Canada)          | America/Los_Angeles",
                "timezone    |            | Z                                   | UTC",
                "language    |            | pt_br                               | pt-BR",
                "language    |            | German                              | de",
                "language    |            | Français                            | fr",
                "date        |            | 2025-08-21T23:30:00-05:00           | 2025-08-22",
                "epoch_seconds |          | 2025-08-21T21:00:00.123Z            | 1755810000",
                "epoch_millis  |          | 2025-08-21T21:00:00.123Z            | 1755810000123",
                "number      | de         | '1.234.567,8'                       | 1234567.8",
                "number      | fr         | '1 234,5'                           | 1234.5",
                "number      | de-CH      | '1’234.5'                           | 1234.5",
                "number      | en-IN      | '-1,234'                            | -1234",
                "amount      |            | '$1,234.50'                         | 1234.50",
                "amount      | de         | '1.234,50 EUR'                      | 1234.50",
                "amount      |            | '-US$ 5'                            | -5",
                "amount      |            | '(12.00)'                           | -12.00",
                "currency    |            | €                                   | EUR",
                "currency    |            | US Dollar                           | USD",
                "boolean     |            | n                                   | false",
                "md5         |            | ada@example.com                     | 3e3417d7ef77d5932a6734b916515ed5",
                "sha256      |            | abc  | ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            })
    void aValueIsBroughtIntoItsOneForm(String rule, String option, String given, String expected) {
        assertThat(apply(rule, TextNode.valueOf(given), option).asText().replace('\n', '/'))
                .isEqualTo(expected);
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
                "number      | de   | 1.5                 | is not a number as in de, such as 1.234,5",
                "amount      |      | about 5 apples      | is not an amount; digits and a currency are expected",
                "currency    |      | $                   | is not a currency; an ISO 4217 code such as EUR is expected",
                "subdivision | US   | ZZ                  | is not a state or province; a code such as US-CA is expected",
                "subdivision |      | CA                  | is a state or province without a country; write it as US-CA, or give the field a region:",
                "timezone    |      | CST                 | is not a time zone; an IANA name such as Europe/Berlin is expected",
                "language    |      | Klingonese          | is not a language; a tag such as de or pt-BR is expected",
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
    void listsAreSplitJoinedAndWithoutRepeats() throws Exception {
        assertThat(apply("split", TextNode.valueOf(" press; partner ;;vip"), ";")
                        .toString())
                .isEqualTo("[\"press\",\"partner\",\"vip\"]");
        assertThat(apply("join", JSON.readTree("[\"a\",null,2,\"\",true]"), ", ")
                        .asText())
                .isEqualTo("a, 2, true");
        assertThat(apply("unique", JSON.readTree("[\"a\",\"b\",\"a\"]"), null).toString())
                .isEqualTo("[\"a\",\"b\"]");
        assertThat(apply("first", JSON.readTree("[7,8]"), null).asInt()).isEqualTo(7);
    }

    @Test
    void aLinkTellsItsCampaign() {
        JsonNode link = TextNode.valueOf(
                "https://a.example/?UTM_Source=news%20letter&utm_medium=email&utm_id=9&gclid=x1&utm_campaign=&utm_source=b#utm_term=no");

        assertThat(apply("utm", link, null).toString()).isEqualTo("{\"source\":\"news letter\",\"medium\":\"email\"}");
        assertThat(apply("click_ids", link, null).toString()).isEqualTo("{\"gclid\":\"x1\"}");
        assertThat(apply("utm", TextNode.valueOf("https://a.example/"), null).asText())
                .isEmpty();
    }

    @Test
    void aTimeWithoutAZoneIsReadInTheOneGivenAndElseRefused() {
        JsonNode local = TextNode.valueOf("2025-08-21 23:00:00");

        assertThat(of("timestamp")
                        .apply(local, option -> option == Normalizer.Option.ZONE ? "Europe/Berlin" : null)
                        .asText())
                .isEqualTo("2025-08-21T21:00:00Z");
        assertThatThrownBy(() -> of("timestamp").apply(local, Options.NONE)).hasMessageContaining("is not a time");
    }

    @Test
    void aTimeIsReadAsTheVendorWritesItAndWrittenSoAgain() {
        Options american = option -> switch (option) {
            case FORMAT -> "M/d/yyyy h:mm a";
            case ZONE -> "America/New_York";
            default -> null;
        };
        JsonNode written = TextNode.valueOf("8/21/2025 5:00 PM");
        JsonNode time = of("timestamp").apply(written, american);

        assertThat(time.asText()).isEqualTo("2025-08-21T21:00:00Z");
        assertThat(of("time_text").apply(time, american)).isEqualTo(written);
        assertThatThrownBy(() -> of("timestamp").apply(TextNode.valueOf("21.08.2025"), american))
                .hasMessage("is not a time written as M/d/yyyy h:mm a");
        assertThat(of("date")
                        .apply(TextNode.valueOf("2. Februar 2026"), option -> switch (option) {
                            case FORMAT -> "d. MMMM yyyy";
                            case LOCALE -> "de";
                            default -> null;
                        })
                        .asText())
                .isEqualTo("2026-02-02");
    }

    private static Normalizer of(String name) {
        return Normalizers.of(name).orElseThrow();
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
            for (int i = 0; i < 5_000; i++) {
                JsonNode given = TextNode.valueOf(Samples.text(random, rule.name()));
                JsonNode once;
                try {
                    once = rule.apply(given, US);
                } catch (Unacceptable e) {
                    continue;
                }
                assertThat(rule.apply(once, US))
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
                    String option = i % 3 == 0 ? null : Samples.text(random, "currency");
                    rule.apply(notNull(random), name -> option);
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
        return Normalizers.of(rule).orElseThrow().apply(value, name -> option);
    }
}
