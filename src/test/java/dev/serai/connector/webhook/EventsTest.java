package dev.serai.connector.webhook;

import static dev.serai.connector.webhook.Sections.post;
import static dev.serai.connector.webhook.Sections.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Webhooks whole = unsigned("type: \"{type}\"\nid: \"{id}\"");
    private final Webhooks list = unsigned("split: \".\"\ntype: x\nid: \"{id}\"");
    private final Webhooks nested = unsigned("split: data.items\ntype: x\nid: \"{id}\"");

    @Test
    void thePartsOfAListKeepTheirBytes() {
        String first = "{ \"id\" : 1.50,\n\t\"b\":\"\\u00e9é😀\",\"b\":1e2 , \"deep\":[ [ {} ] ]}";
        String second = "{\"id\":12345678901234567890123}";

        List<Incoming> events = list.events(post("  [ " + first + "\r\n ,\t" + second + " ]\n"));

        assertThat(events).extracting(EventsTest::text).containsExactly(first, second);
        assertThat(events).extracting(Incoming::key).containsExactly("1.50", "12345678901234567890123");
    }

    @Test
    void aListInsideTheBodyIsFoundByItsPath() {
        String body =
                "{\"items\":[{\"id\":0}],\"data\":{\"x\":{\"items\":[1]},\"items\":[{\"id\":1},{\"id\": 2}]},\"z\":[[]]}";

        assertThat(nested.events(post(body))).extracting(EventsTest::text).containsExactly("{\"id\":1}", "{\"id\": 2}");
    }

    @Test
    void aWholeBodyIsKeptToTheLastByte() {
        String body = " {\"type\":\"t\",\"id\":\"i\"}\r\n";

        assertThat(text(whole.events(post(body)).get(0))).isEqualTo(body);
    }

    @Test
    void anEmptyListHoldsNoEvents() {
        assertThat(list.events(post("[]"))).isEmpty();
    }

    @Test
    void eventsOfOneRequestThatShareAnIdAreToldApartUnlessTheyAreTheSame() {
        List<Incoming> events =
                list.events(post("[{\"id\":1,\"n\":1},{\"id\":1,\"n\":2},{\"n\":1,\"id\":1},{\"id\":2},{\"id\": 2}]"));
        List<Incoming> again = list.events(post("[{\"id\":1,\"n\":2},{\"id\":1,\"n\":1}]"));

        assertThat(events.get(0).key())
                .startsWith("1#sha256:")
                .isEqualTo(events.get(2).key());
        assertThat(events.get(1).key())
                .startsWith("1#sha256:")
                .isNotEqualTo(events.get(0).key());
        assertThat(events.subList(3, 5)).extracting(Incoming::key).containsExactly("2", "2");
        assertThat(again)
                .extracting(Incoming::key)
                .as("a repeat is recognised, also in another order")
                .containsExactly(events.get(1).key(), events.get(0).key());
    }

    @Test
    void aThousandEventsAreTakenAndNotOneMore() {
        String event = "{\"id\":1}";

        assertThat(list.events(post("[" + (event + ",").repeat(999) + event + "]")))
                .hasSize(1000);
        assertThatThrownBy(() -> list.events(post("[" + (event + ",").repeat(1000) + event + "]")))
                .isInstanceOf(Malformed.class)
                .hasMessage("the body has more than 1000 events; at most that many are taken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # body                | what is said
            ~~                    | the body is empty; JSON was expected
            ~ ~                   | the body is blank; an object was expected
            hello                 | the body is not JSON: it breaks at line 1, column 1
            {"type":"t"           | the body is not JSON: it breaks at line 1, column 12
            {"type":"t"} {}       | the body goes on after the end of its JSON; one JSON value was expected
            {"type":"t"}]         | the body is not JSON: it breaks at line 1, column 13
            "t"                   | the body is a text; an object was expected
            5                     | the body is a number; an object was expected
            null                  | the body is null; an object was expected
            true                  | the body is true or false; an object was expected
            [{"type":"t"}]        | the body is a list; an object was expected (a system that sends several events in one request needs event.split: ".")
            {"type":null,"id":1}  | it names no type; a value for "{type}" was expected
            {"type":"a\\u0000b"}  | its type has characters that are no plain text
            {"type":"a\\ud800b"}  | its type has characters that are no plain text
            """)
    void aBodyThatIsNoEventIsRefusedWithASentence(String body, String said) {
        assertThatThrownBy(() -> whole.events(post(body)))
                .isInstanceOf(Malformed.class)
                .hasMessage(said)
                .hasNoCause();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # body                            | what is said
            [1]                               | the body is a list; an object with "data" was expected
            {}                                | the body has no "data"; the list of events was expected there
            {"data":{"item":[]}}              | "data" has no "items"; the list of events was expected there
            {"data":{"items":{}}}             | "data.items" is an object; a list of events was expected
            {"data":{"items":[{},7]}}         | event 2 is a number; an object was expected
            {"data":{"items":[]},"data":{}}   | the body has "data" twice; once was expected
            """)
    void aListThatIsNotWhereItShouldBeIsRefusedWithASentence(String body, String said) {
        assertThatThrownBy(() -> nested.events(post(body)))
                .isInstanceOf(Malformed.class)
                .hasMessage(said);
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        for (byte[] body : List.of(
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
                "{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_16),
                "{\"type\":\"t\"}".getBytes(StandardCharsets.UTF_16LE))) {
            assertThatThrownBy(() -> whole.events(post(body))).isInstanceOf(Malformed.class);
        }
    }

    @Test
    void deepNestingIsRefusedBeforeItHurts() {
        String deep = "{\"type\":\"t\",\"x\":" + "[".repeat(100_000);

        assertThatThrownBy(() -> whole.events(post(deep)))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("nests deeper than 200 levels");
        assertThatThrownBy(() -> nested.events(post(deep))).hasMessageContaining("nests deeper than 200 levels");
    }

    @ParameterizedTest
    @CsvSource({"1e999999999", "-1E-999999999"})
    void aMonstrousNumberCostsNothing(String number) {
        assertThat(whole.events(post("{\"type\":\"t\",\"n\":" + number + "}"))).hasSize(1);
    }

    @Test
    void aNumberNobodyCanHoldIsRefused() {
        for (String number : List.of("1e99999999999", "9".repeat(1001))) {
            assertThatThrownBy(() -> whole.events(post("{\"type\":\"t\",\"n\":" + number + "}")))
                    .isInstanceOf(Malformed.class)
                    .hasMessageContaining("number or text longer than is read");
        }
    }

    @Test
    void withoutAnIdTheKeyIsAHashOfWhatTheJsonSays() {
        Incoming one = whole.events(post("{\"type\":\"t\",\"n\":1.50,\"o\":{\"a\":[1,2],\"b\":null}}"))
                .get(0);
        Incoming same = whole.events(
                        post(" {\"o\" : {\"b\":null, \"a\":[1, 2.0]}, \"n\":15e-1, \"type\":\"\\u0074\"} "))
                .get(0);
        Incoming other = whole.events(post("{\"type\":\"t\",\"n\":1.51,\"o\":{\"a\":[1,2],\"b\":null}}"))
                .get(0);

        assertThat(one.keyIsHash()).isTrue();
        assertThat(one.key())
                .matches("sha256:[0-9a-f]{64}")
                .isEqualTo(same.key())
                .isNotEqualTo(other.key());
        assertThat(text(one)).isNotEqualTo(text(same));
    }

    @Test
    void theHashOfOneBodyDiffersByTheTypeInItsHeader() {
        Webhooks byHeader = unsigned("type: \"{header.X-Topic}\"");

        assertThat(byHeader.events(post("{}", "X-Topic", "created")).get(0).key())
                .isNotEqualTo(
                        byHeader.events(post("{}", "x-topic", "paid")).get(0).key());
    }

    @Test
    void ofSeveralTemplatesTheFirstCountsThatHasAllItsValues() {
        Webhooks webhooks = unsigned("type: [\"{a}.{b}\", \"{a}\", other]");

        assertThat(webhooks.events(post("[]".replace("[]", "{\"a\":1,\"b\":2}")))
                        .get(0)
                        .type())
                .isEqualTo("1.2");
        assertThat(webhooks.events(post("{\"a\":1}")).get(0).type()).isEqualTo("1");
        assertThat(webhooks.events(post("{\"b\":1}")).get(0).type()).isEqualTo("other");
    }

    @Test
    void anIdTooLongToBeAKeyIsRefusedByItsNumber() {
        assertThatThrownBy(() -> list.events(post("[{\"id\":1},{\"id\":\"" + "x".repeat(251) + "\"}]")))
                .hasMessage("event 2: its id has 251 characters; at most 250 were expected");
    }

    /** Real bodies with bytes flipped, cut out and doubled: an event or a sentence, never anything else. */
    @Test
    void tenThousandBrokenBodiesAreEitherEventsOrRefused() {
        Webhooks hubspot = Sections.shipped("hubspot", Sections.SECRET);
        Webhooks slack = Sections.shipped("slack", Sections.SECRET);
        var random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            byte[] batch = broken(Sections.sample("hubspot-contact.batch.json"), random);
            byte[] message = broken(Sections.sample("slack-event_callback.message.json"), random);
            try {
                assertThat(slack.reply(post(message))).isEmpty();
                slack.events(post(message, "Content-Type", random.nextBoolean() ? FORM : "application/json"));
                hubspot.events(post(batch))
                        .forEach(
                                event -> assertThat(text(event)).startsWith("{").endsWith("}"));
            } catch (Malformed e) {
                refused++;
                assertThat(e).hasMessageNotContaining("jenny").hasMessageNotContaining("herd");
            }
        }
        assertThat(refused).isBetween(1_000, 9_999);
    }

    private static byte[] broken(byte[] body, Random random) {
        byte[] broken = body.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(broken.length - 20);
            int length = random.nextInt(20);
            switch (random.nextInt(3)) {
                case 0 -> broken[at] = (byte) random.nextInt(256);
                case 1 -> System.arraycopy(broken, at + length, broken, at, broken.length - at - length);
                default -> broken = Arrays.copyOf(broken, broken.length - length);
            }
        }
        return broken;
    }

    @Test
    void aFormIsAnEventAndKeepsItsBytes() {
        String form = "type=a&tag=x&tag=y&name=J%C3%BCrgen+M.&empty=&flag";
        Webhooks webhooks = unsigned("type: \"{type}\"\nid: \"{tag.1}\"\nrecord: \"{name}\"");

        Incoming event = webhooks.events(post(form, "content-type", FORM)).get(0);

        assertThat(event.key()).isEqualTo("y");
        assertThat(event.record()).contains("Jürgen M.");
        assertThat(text(event)).isEqualTo(form);
        assertThat(event.contentType()).isEqualTo(FORM);
    }

    @Test
    void aFormThatOnlyCarriesJsonIsLookedIntoAsThatJson() {
        String form = "payload=%7B%22type%22%3A%22block_actions%22%2C%22id%22%3A7%7D";

        Incoming event = whole.events(post(form, "Content-Type", FORM + "; charset=utf-8"))
                .get(0);

        assertThat(event.type()).isEqualTo("block_actions");
        assertThat(event.key()).isEqualTo("7");
        assertThat(text(event)).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource({"type=%", "type=%zz", "type=%ff", "payload=%7B", "''"})
    void aBrokenFormIsRefused(String form) {
        assertThatThrownBy(() -> whole.events(post(form, "Content-Type", FORM))).isInstanceOf(Malformed.class);
    }

    @Test
    void aFormWithThousandsOfFieldsIsRefused() {
        assertThatThrownBy(() -> whole.events(post("a=1&".repeat(5000), "Content-Type", FORM)))
                .hasMessage("the form has more than 1000 fields; at most that many are read");
    }

    @Test
    void aHandshakeThatCannotBeReadIsNoHandshake() {
        Webhooks webhooks = Sections.read("""
                webhooks:
                  signature: { scheme: none }
                  event: { type: "{type}" }
                  reply: { when: "{type}", is: hello, body: "{challenge}", content_type: text/plain }
                """, name -> java.util.Optional.empty());

        assertThat(webhooks.reply(post("nonsense"))).isEmpty();
        assertThat(webhooks.reply(post("[]"))).isEmpty();
        assertThat(webhooks.reply(post("{\"type\":\"hello\"}"))).isEmpty();
        assertThat(webhooks.reply(post("{\"type\":\"hello\",\"challenge\":\"c\"}")))
                .contains(new Reply("text/plain", "c"));
    }

    @ParameterizedTest
    @CsvSource({
        "1755810000, 2025-08-21T21:00:00Z",
        "1755810000123, 2025-08-21T21:00:00.123Z",
        "1525215129.000001, 2018-05-01T22:52:09.000001Z",
        "0, 1970-01-01T00:00:00Z",
        "2026-11-21T10:30:00+01:00, 2026-11-21T09:30:00Z",
        "2026-11-21t09:30:00.5z, 2026-11-21T09:30:00.500Z",
        "2026-11-21 09:30:00Z, 2026-11-21T09:30:00Z"
    })
    void aTimeIsRecognisedByItsShape(String text, Instant time) {
        assertThat(Times.recognised(text)).contains(time);
    }

    @ParameterizedTest
    @CsvSource({"yesterday", "-5", "2026-11-21", "2026-13-01T00:00:00Z", "99999999999999999999", "1e5"})
    void whatIsNoTimeIsNone(String text) {
        assertThat(Times.recognised(text)).isEmpty();
    }

    private static String text(Incoming event) {
        return new String(event.payload(), StandardCharsets.UTF_8);
    }
}
