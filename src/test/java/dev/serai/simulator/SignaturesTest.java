package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.file.FileRefused;
import dev.serai.file.Yaml;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What judges signatures, on vectors that others published: it shares no code with what makes ours. */
class SignaturesTest {
    private static Asked asked(String method, String query, Map<String, String> headers, String body) {
        var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        return new Asked(method, "/request", query, all, body.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 5849, 3.4.1.1. */
    @Test
    void theTextThatOAuth1SignsIsThatOfItsSpecification() {
        String header = "OAuth realm=\"Example\", oauth_consumer_key=\"9djdj82h48djs9d2\","
                + " oauth_token=\"kkk9d7dh3k39sjv7\", oauth_signature_method=\"HMAC-SHA1\","
                + " oauth_timestamp=\"137131201\", oauth_nonce=\"7d8f3e4a\", oauth_signature=\"bYT5CMsGcbgUdFHObYMEfcx6bsw%3D\"";
        Asked asked = asked(
                "post",
                "b5=%3D%253D&a3=a&c%40=&a2=r%20b",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                "c2&a3=2+q");

        assertThat(OAuth1Scheme.base(asked, "HTTP://EXAMPLE.COM:80/request", OAuth1Scheme.parameters(header)))
                .isEqualTo(
                        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D"
                                + "%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a"
                                + "%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7");
    }

    /** RFC 5849, 1.2: three requests of one client. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | https://photos.example.net/initiate | '' | 'oauth_timestamp=\"137131200\", oauth_nonce=\"wIjqoS\","
                        + " oauth_callback=\"http%3A%2F%2Fprinter.example.com%2Fready\"' | '' | 74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
                "POST | https://photos.example.net/token | '' | 'oauth_token=\"hh5s93j4hdidpola\", oauth_timestamp=\"137131201\","
                        + " oauth_nonce=\"walatlh\", oauth_verifier=\"hfdp7dh39dks9884\"' | hdhd0244k9j7ao03 | gKgrFCywp7rO0OXSjdot/IHF7IU=",
                "GET | http://photos.example.net/photos | file=vacation.jpg&size=original | 'oauth_token=\"nnch734d00sl2jdk\","
                        + " oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\"' | pfkkdhi9sl3r4s00 | MdpQcU8iPSUjWoN/UDMsK2sui9I="
            })
    void theSignaturesOfItsSpecificationAreFoundAgain(
            String method, String target, String query, String sent, String tokenSecret, String signature) {
        String header =
                "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_signature_method=\"HMAC-SHA1\", "
                        + sent;

        String base = OAuth1Scheme.base(asked(method, query, Map.of(), ""), target, OAuth1Scheme.parameters(header));

        assertThat(OAuth1Scheme.sign("HmacSHA1", base, "kd94hf93k423kf44", tokenSecret))
                .isEqualTo(signature);
    }

    /** The vector of the Standard Webhooks libraries. */
    @Test
    void theSignatureOfStandardWebhooksIsFoundAgainOnceAndForMinutes() {
        var known = Credential.first("client", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Instant then = Instant.ofEpochSecond(1614265330);
        var headers = Map.of(
                "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp", "1614265330",
                "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        Asked asked = asked("POST", "", headers, "{\"test\": 2432232314}");
        Scheme scheme = HmacScheme.standardWebhooks();

        assertThatCode(() -> scheme.check(new Attempt(asked, "http://a", known, then)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> scheme.check(new Attempt(asked, "http://a", known, then.plusSeconds(301))))
                .hasMessage("the time of the signature is 301 s away from the vendor's");
        Asked other = asked("POST", "", headers, "{\"test\": 2432232315}");
        assertThatThrownBy(() -> scheme.check(new Attempt(other, "http://a", known, then)))
                .hasMessage("the signature is not that of this request");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{methd}.{body}    | 1:25: \"signs\" has a place {methd}; known: {body}, {method}, ",
                "{sha265(body)}    | 1:25: \"signs\" has a function sha265; known: base64url, lower, "
            })
    void whatNoRequestHasCanNotBeSigned(String signs, String message) {
        Yaml scheme = Yaml.read("s", "{ header: X-Sig, signs: \"" + signs + "\" }");

        assertThatThrownBy(() -> new HmacScheme(scheme))
                .isInstanceOf(FileRefused.class)
                .hasMessageContaining(message);
    }
}
