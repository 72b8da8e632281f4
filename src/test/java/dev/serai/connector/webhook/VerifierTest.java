package dev.serai.connector.webhook;

import static dev.serai.connector.webhook.Sections.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final String SECRET = "obviously not a real secret";

    /** Everything the scheme hmac can say, at once. */
    private final Webhooks hmac = section("""
            scheme: hmac
            secret: "{{s}}"
            algorithm: sha512
            header: X-Sig
            prefix: "v9:"
            encoding: base64
            signed: "{method} {url}|{id}|{timestamp}|{body}"
            timestamp_header: X-Time
            timestamp_unit: rfc3339
            tolerance: 30s
            id_header: X-Id
            """);

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T12:00:00Z, accepted",
        "2026-11-21T13:00:00+01:00, accepted",
        "2026-11-21T11:59:30Z, accepted",
        "2026-11-21T11:59:29Z, stale",
        "2026-11-21T12:00:30Z, accepted",
        "2026-11-21T12:00:31Z, future",
        "1763726400, malformed"
    })
    void aSignedTimeIsHeldToTheToleranceBothWays(String time, String code) throws Exception {
        RawRequest request = signed(time);

        assertThat(hmac.verify(request, NOON).code().word()).isEqualTo(code);
    }

    @Test
    void theReasonOfAStaleRequestSaysHowOldItIs() throws Exception {
        assertThat(hmac.verify(signed("2026-11-21T11:00:00Z"), NOON).reason())
                .isEqualTo("rightly signed, but 3600 s ago; at most 30 s are tolerated (an old request sent again, or a"
                        + " clock that is off)");
    }

    @ParameterizedTest
    @CsvSource({"sha1, HmacSHA1", "sha256, HmacSHA256", "sha512, HmacSHA512"})
    void everyHashIsKnown(String name, String algorithm) throws Exception {
        Webhooks webhooks = section("scheme: hmac\nsecret: \"{{s}}\"\nalgorithm: " + name + "\nheader: X-Sig\n");
        byte[] body = {0, (byte) 0xff, 13, 10};

        assertThat(webhooks.verify(post(body, "X-Sig", HexFormat.of().formatHex(mac(algorithm, body))), NOON)
                        .accepted())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stripe", "github", "shopify", "slack", "hubspot_v3", "standard_webhooks"})
    void tenThousandRandomHeadersNeverThrowAndNeverPass(String scheme) {
        Webhooks webhooks = section("scheme: " + scheme + "\nsecret: \"{{s}}\"\n");
        var random = new Random(7);
        List<String> names = List.of(
                "Stripe-Signature",
                "X-Hub-Signature-256",
                "X-Shopify-Hmac-Sha256",
                "X-Slack-Signature",
                "X-Slack-Request-Timestamp",
                "X-HubSpot-Signature-v3",
                "X-HubSpot-Request-Timestamp",
                "webhook-id",
                "webhook-timestamp",
                "webhook-signature");

        for (int i = 0; i < 10_000; i++) {
            var headers = new String[names.size() * 2];
            for (int n = 0; n < names.size(); n++) {
                headers[2 * n] = names.get(n);
                headers[2 * n + 1] = garbage(random);
            }
            assertThat(webhooks.verify(post(new byte[] {1}, headers), NOON).accepted())
                    .isFalse();
        }
    }

    @Test
    void aHeaderOfAMegabyteIsJudgedInNoTime() {
        Webhooks webhooks = section("scheme: stripe\nsecret: \"{{s}}\"\n");
        String many = "t=1763726400" + ",v1=00".repeat(200_000);

        assertThat(webhooks.verify(post("{}", "Stripe-Signature", many), NOON).code())
                .isEqualTo(Verification.Code.MISMATCH);
    }

    /** Near misses rather than noise: pieces of real headers in random order. */
    private static String garbage(Random random) {
        List<String> pieces = List.of(
                "t=",
                "v1=",
                "v0=",
                "v1,",
                "sha256=",
                ",",
                " ",
                "=",
                "1763726400",
                "1763726400000",
                "-1",
                "NaN",
                "é",
                "\u0000",
                "0".repeat(64),
                "A".repeat(43) + "=",
                "99999999999999999999");
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(
                    random.nextInt(4) == 0
                            ? Character.toString(random.nextInt(0x3000))
                            : pieces.get(random.nextInt(pieces.size())));
        }
        return text.toString();
    }

    private static RawRequest signed(String time) throws Exception {
        byte[] text = ("POST https://hub.example.com/webhooks/x|id-1|" + time + "|{}").getBytes(StandardCharsets.UTF_8);
        String signature = "v9:" + Base64.getEncoder().encodeToString(mac("HmacSHA512", text));
        return post("{}", "X-Sig", signature, "X-Time", time, "X-Id", "id-1");
    }

    private static byte[] mac(String algorithm, byte[] text) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), algorithm));
        return mac.doFinal(text);
    }

    private static Webhooks section(String signature) {
        String secret = signature.contains("standard_webhooks")
                ? Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8))
                : SECRET;
        return Sections.read(
                "webhooks:\n  signature:\n" + signature.indent(4) + "  event: { type: x }\n",
                name -> Optional.of(secret));
    }
}
