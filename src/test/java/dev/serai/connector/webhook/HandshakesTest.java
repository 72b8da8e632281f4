package dev.serai.connector.webhook;

import static dev.serai.connector.webhook.Sections.SECRET;
import static dev.serai.connector.webhook.Sections.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.connector.webhook.Verification.Code;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Senders that prove themselves without signing, and requests that ask before anything is sent. */
class HandshakesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            serai:not-a-real-secret    | accepted
            serai:not-a-real-secret2   | mismatch
            serai:not-a-real-secre     | mismatch
            other:not-a-real-secret    | mismatch
            :not-a-real-secret         | mismatch
            serai                      | mismatch
            serai:nöt-a-real-secret    | mismatch
            """)
    void whoKnowsUserAndPasswordIsLetIn(String pair, String code) {
        String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));

        assertThat(code("pipedrive", post("{}", "Authorization", "Basic " + basic)))
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            ~Bearer not-a-real-secret~                            | accepted
            ~Bearer not-a-real-secret,Bearer not-a-real-secret~   | mismatch
            ~Bearer NOT-A-REAL-SECRET~                            | mismatch
            ~Bearer wrong~                                        | mismatch
            ~Bearer ~                                             | malformed
            ~Basic not-a-real-secret~                             | malformed
            ~not-a-real-secret~                                   | malformed
            ~~                                                    | missing
            """)
    void whoKnowsTheTokenIsLetIn(String header, String code) {
        assertThat(code("brevo", post("{}", "Authorization", header))).isEqualTo(code);
        assertThat(code("brevo", post("{}"))).isEqualTo("missing");
    }

    @Test
    void aTokenMayStandInAnyHeader() {
        Webhooks gitlab = Sections.read(
                "webhooks:\n  signature: { scheme: token, secret: \"{{s}}\", header: X-Gitlab-Token }\n  event: { type: x }\n",
                name -> Optional.of(SECRET));

        assertThat(gitlab.verify(post("{}", "X-Gitlab-Token", SECRET), NOW).accepted())
                .isTrue();
        assertThat(gitlab.verify(post("{}", "X-Gitlab-Token", "x".repeat(7000)), NOW)
                        .code())
                .isEqualTo(Code.MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({
        "?key=not-a-real-secret, accepted",
        "?a=b&key=not-a-real-secret, accepted",
        "?key=not%2Da-real-secret, accepted",
        "?key=not-a-real-secret&key=not-a-real-secret, missing",
        "?key=wrong, mismatch",
        "?Key=not-a-real-secret, missing",
        "?key=, missing",
        "?key=%zz, missing",
        "'', missing",
        "#?key=not-a-real-secret, missing"
    })
    void whoKnowsTheAddressIsLetIn(String query, String code) {
        Verification found = shipped("mailchimp").verify(request("POST", query, Map.of(), "type=subscribe"), NOW);

        assertThat(found.code().word()).isEqualTo(code);
        assertThat(found.reason()).doesNotContain(SECRET);
    }

    @Test
    void mailchimpLooksWhetherTheAddressAnswersAndThenSendsForms() {
        Webhooks mailchimp = shipped("mailchimp");
        RawRequest probe = request("GET", "?key=" + SECRET, Map.of(), "");
        RawRequest event = request(
                "POST",
                "?key=" + SECRET,
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "type=subscribe&fired_at=2026-11-21+09%3A00%3A00&data%5Blist_id%5D=l1&data%5Bemail%5D=a%40example.com");

        assertThat(mailchimp.answers("GET")).isTrue();
        assertThat(mailchimp.openReply(probe)).as("not without the key").isEmpty();
        assertThat(mailchimp.verify(probe, NOW).accepted()).isTrue();
        assertThat(mailchimp.reply(probe)).contains(new Reply("text/plain", "ok"));
        assertThat(mailchimp.reply(event)).isEmpty();
        assertThat(mailchimp.events(event).get(0).type()).isEqualTo("member.subscribe");
        assertThat(mailchimp.events(event).get(0).record()).contains("member:l1:a@example.com");
    }

    @Test
    void namesWithBracketsAreFieldsOfObjects() {
        assertThat(FormBody.read("a=1&b%5Bc%5D=2&b%5Bd%5D%5Be%5D=3&a%5Bx%5D=4&f%5B%5D=5&%5Bg%5D=6".getBytes())
                        .toString())
                .isEqualTo(
                        "{\"a\":\"1\",\"b\":{\"c\":\"2\",\"d\":{\"e\":\"3\"}},\"a[x]\":\"4\",\"f[]\":\"5\",\"[g]\":\"6\"}");
    }

    @Test
    void cloudEventsComeInAllTheirForms() {
        Webhooks door = shipped("cloudevents");
        String one =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\",\"type\":\"order.paid\",\"subject\":\"o1\"}";

        Incoming structured = door.events(post(one, "Content-Type", "application/cloudevents+json"))
                .get(0);
        Incoming binary = door.events(post(
                        "{\"id\":99,\"type\":\"of the data\"}",
                        "ce-id",
                        "1",
                        "ce-source",
                        "/shop",
                        "ce-type",
                        "order.paid",
                        "ce-subject",
                        "o1"))
                .get(0);
        List<Incoming> batch = door.events(post(
                " [" + one + "," + one.replace("\"1\"", "\"2\"") + "]",
                "Content-Type",
                "application/cloudevents-batch+json"));

        assertThat(List.of(structured, binary, batch.get(0)))
                .extracting(Incoming::key, Incoming::type, Incoming::record)
                .containsOnly(org.assertj.core.groups.Tuple.tuple("/shop#1", "order.paid", Optional.of("o1")));
        assertThat(batch).hasSize(2);
    }

    @Test
    void aCloudEventsSenderAsksFirstWithoutItsTokenAndLearnsNothingElse() {
        Webhooks door = shipped("cloudevents");

        assertThat(door.answers("OPTIONS")).isTrue();
        assertThat(door.answers("GET")).isFalse();
        assertThat(door.openReply(request("OPTIONS", "", Map.of("WebHook-Request-Origin", "events.example"), "")))
                .contains(new Reply(
                        "text/plain", "yes", Map.of("WebHook-Allowed-Origin", "events.example", "Allow", "POST")));
        assertThat(door.openReply(request("OPTIONS", "", Map.of(), ""))).isEmpty();
        assertThat(door.openReply(request("OPTIONS", "", Map.of("WebHook-Request-Origin", "x".repeat(1001)), "")))
                .isEmpty();
        assertThat(door.openReply(request("POST", "", Map.of("WebHook-Request-Origin", "events.example"), "{}")))
                .isEmpty();
    }

    @Test
    void aChallengeInTheAddressIsSentBackAsPlainTextAndOnlyIfItIsShort() {
        Webhooks graph = Sections.read("""
                webhooks:
                  signature: { scheme: token, secret: "{{s}}" }
                  event: { type: x }
                  reply:
                    - { signed: false, when: "{query.validationToken}", body: "{query.validationToken}" }
                    - { signed: false, when: "{webhook_id}", body: pong }
                """, name -> Optional.of(SECRET));

        assertThat(graph.openReply(request("POST", "?validationToken=a%20%3Cb%3E", Map.of(), "")))
                .contains(new Reply("text/plain", "a <b>"));
        assertThat(graph.openReply(request("POST", "?validationToken=" + "x".repeat(1001), Map.of(), "")))
                .isEmpty();
        // WooCommerce's first delivery, unsigned
        assertThat(graph.openReply(request(
                        "POST", "", Map.of("Content-Type", "application/x-www-form-urlencoded"), "webhook_id=5")))
                .contains(new Reply("text/plain", "pong"));
        assertThat(graph.openReply(post("{\"a\":1}"))).isEmpty();
        assertThat(graph.reply(request("POST", "?validationToken=a", Map.of(), "")))
                .isEmpty();
    }

    @Test
    void nothingThatCameInBreaksOutOfAHeader() {
        Webhooks echo = Sections.read("""
                webhooks:
                  signature: { scheme: none }
                  event: { type: x }
                  reply: { method: GET, headers: { X-Echo: "{query.x}" }, body: ok }
                """, name -> Optional.empty());

        assertThat(echo.reply(request("GET", "?x=fine", Map.of(), ""))).isPresent();
        assertThat(echo.reply(request("GET", "?x=a%0D%0ASet-Cookie:%20b", Map.of(), "")))
                .isEmpty();
    }

    @Test
    void mandrillsListIsCutOutOfItsForm() {
        Webhooks mandrill = Sections.unsigned("split: mandrill_events\ntype: \"{event}\"\nid: \"{_id}\"\n");
        String form =
                "mandrill_events=%5B%7B%22event%22%3A%22send%22%2C%22_id%22%3A%22a%22%7D%2C%7B%22event%22%3A%22open%22%2C%22_id%22%3A%22b%22%7D%5D";

        List<Incoming> events = mandrill.events(post(form, "Content-Type", "application/x-www-form-urlencoded"));

        assertThat(events).extracting(Incoming::key).containsExactly("a", "b");
        assertThat(events.get(0).contentType()).isEqualTo("application/json");
        assertThat(new String(events.get(1).payload(), StandardCharsets.UTF_8))
                .isEqualTo("{\"event\":\"open\",\"_id\":\"b\"}");
    }

    /** As it is shipped: every setting has the secret, but where it has a default of its own. */
    private static Webhooks shipped(String system) {
        return Sections.read(
                Sections.file(system),
                name -> name.contains("previous") || name.endsWith("-user") ? Optional.empty() : Optional.of(SECRET));
    }

    private static String code(String system, RawRequest request) {
        return shipped(system).verify(request, NOW).code().word();
    }

    private static RawRequest request(String method, String query, Map<String, String> headers, String body) {
        return new RawRequest(
                method, "https://hub.example.com/webhooks/x" + query, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSecretInAFieldOfTheBodyIsCheckedAndNotStored() {
        Webhooks zoho = Sections.read("""
                webhooks:
                  signature: { scheme: body, secret: "{{zoho.token}}", field: channel.token }
                  event: { id: "{id}", type: changed }
                """, name -> Optional.of(SECRET));
        String body = "{\"id\":7,\"channel\":{\"token\":\"" + SECRET + "\"}}";

        assertThat(zoho.verify(request("POST", "", Map.of(), body), NOW).accepted())
                .isTrue();
        assertThat(zoho.events(request("POST", "", Map.of(), body)).get(0).payload())
                .asString()
                .isEqualTo("{\"id\":7,\"channel\":{\"token\":\"***\"}}");
        var form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        assertThat(zoho.verify(request("POST", "", form, "id=7&channel%5Btoken%5D=" + SECRET), NOW)
                        .accepted())
                .isTrue();
        assertThat(zoho.events(request("POST", "", form, "id=7&channel%5Btoken%5D=" + SECRET))
                        .get(0)
                        .payload())
                .asString()
                .doesNotContain(SECRET);
        for (String wrong : List.of(body.replace(SECRET, "another-secret"), body.replace("token", "tokens"), "[", "")) {
            Verification found = zoho.verify(request("POST", "", Map.of(), wrong), NOW);
            assertThat(found.code().word()).isEqualTo(wrong.contains("another") ? "mismatch" : "missing");
            assertThat(found.reason()).contains("channel.token").doesNotContain(SECRET);
        }
    }
}
