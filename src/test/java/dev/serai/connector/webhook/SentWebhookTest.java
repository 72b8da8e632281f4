package dev.serai.connector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.auth.Auth;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@code webhook-out} sends is what a receiver of Standard Webhooks takes. */
class SentWebhookTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Instant NOW = Instant.ofEpochSecond(1614265330);

    private final Map<String, String> settings = new HashMap<>(
            Map.of("webhook-out.base-url", "https://intra.example/hooks/serai", "webhook-out.secret", SECRET));
    private final Connector out = Connector.read(
            "f", "webhook-out", Sections.file("webhook-out"), name -> Optional.ofNullable(settings.get(name)));

    private Request signed(Request request) {
        return out.signIn().sign(request, new Auth.Moment(NOW, "n"));
    }

    private Request send(String key) {
        return out.build("send", JsonNodeFactory.instance.objectNode().put("type", "deal.won"), Map.of(), key);
    }

    /** As the tests of the libraries have it. */
    @Test
    void theExampleOfTheLibrariesGetsItsSignature() {
        var request = new Request(
                "POST",
                URI.create("https://intra.example"),
                Map.of("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

        assertThat(signed(request).headers())
                .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void ourOwnDoorTakesItAndNothingThatWasChanged() {
        Webhooks door = Sections.read(
                "webhooks:\n  signature: { scheme: standard_webhooks, secret: \"{{door.secret}}\" }\n"
                        + "  event: { type: \"{type}\", id: \"{header.webhook-id}\" }\n",
                name -> Optional.of(SECRET));
        Request sent = signed(send("r_7:tell"));

        assertThat(sent.url()).hasToString("https://intra.example/hooks/serai");
        var raw = new RawRequest("POST", sent.url().toString(), sent.headers(), sent.body());
        assertThat(door.verify(raw, NOW).code()).isEqualTo(Verification.Code.ACCEPTED);
        var other = new RawRequest("POST", sent.url().toString(), sent.headers(), "{}".getBytes());
        assertThat(door.verify(other, NOW).code()).isNotEqualTo(Verification.Code.ACCEPTED);
    }

    @Test
    void aSecretThatIsNoKeyIsRefusedBeforeAnythingIsSent() {
        settings.put("webhook-out.secret", "not base64!");

        assertThatThrownBy(() -> send("k"))
                .hasMessageStartingWith("webhook-out: setting webhook-out.secret holds no base64;")
                .hasMessageNotContaining("not base64!");
    }
}
