package dev.serai.connector.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Requests that the vendors' own libraries signed, bent and judged; see src/test/vectors. */
class SignatureVectorsTest {
    @TestFactory
    Stream<DynamicTest> everyVectorIsJudgedAsItsLibraryJudgesIt() throws Exception {
        return vectors()
                .map(vector -> DynamicTest.dynamicTest(vector.path("name").asText(), () -> {
                    Webhooks webhooks = webhooks(vector, vector.path("secret").asText(), null);

                    Verification found = webhooks.verify(
                            request(vector), Instant.parse(vector.path("now").asText()));

                    assertThat(found.code().word())
                            .as(found.reason())
                            .isEqualTo(vector.path("code").asText());
                    assertThat(found.accepted())
                            .isEqualTo(vector.path("library_accepts").asBoolean(found.accepted()));
                    assertThat(found.reason())
                            .as("says nothing a stranger could use")
                            .doesNotContain(vector.path("secret").asText())
                            .doesNotContainPattern("[0-9a-f]{32}");
                }));
    }

    @Test
    void whileASecretIsChangedTheOneBeforeIsStillValid() throws Exception {
        for (JsonNode vector : vectors()
                .filter(v -> v.path("code").asText().equals("accepted"))
                .toList()) {
            String next = next(vector.path("scheme").asText());
            Instant now = Instant.parse(vector.path("now").asText());

            assertThat(webhooks(vector, next, vector.path("secret").asText())
                            .verify(request(vector), now)
                            .accepted())
                    .isTrue();
            assertThat(webhooks(vector, next, null).verify(request(vector), now).code())
                    .isEqualTo(Verification.Code.MISMATCH);
        }
    }

    private static Stream<JsonNode> vectors() throws Exception {
        JsonNode vectors = new ObjectMapper().readTree(Sections.bytes("/webhooks/vectors.json"));
        assertThat(vectors.size()).isGreaterThan(400);
        return StreamSupport.stream(vectors.spliterator(), false);
    }

    private static Webhooks webhooks(JsonNode vector, String secret, String previous) {
        boolean open = vector.path("publicKey").asBoolean();
        String file = """
                webhooks:
                  signature: { %s, %s: "{{now}}", previous_%s: "{{before:}}" }
                  event: { type: any }
                """.formatted(
                vector.path("section").asText("scheme: " + vector.path("scheme").asText()),
                open ? "public_key" : "secret",
                open ? "public_key" : "secret");
        return Sections.read(file, name -> Optional.ofNullable(name.equals("now") ? secret : previous));
    }

    /** A good key that signed none of the vectors. */
    private static String next(String scheme) throws Exception {
        return switch (scheme) {
            case "standard_webhooks" -> "whsec_bmV4dCBzZWNyZXQgb2YgdGhlIHNlbmRlcg==";
            case "standard_webhooks_v1a" -> publicKey("Ed25519");
            case "sendgrid" -> publicKey("EC");
            default -> "the-next-secret";
        };
    }

    private static String publicKey(String kind) throws Exception {
        return Base64.getEncoder()
                .encodeToString(KeyPairGenerator.getInstance(kind)
                        .generateKeyPair()
                        .getPublic()
                        .getEncoded());
    }

    private static RawRequest request(JsonNode vector) {
        var headers = new HashMap<String, String>();
        vector.path("headers")
                .properties()
                .forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
        var body = new ByteArrayOutputStream();
        body.writeBytes(
                vector.has("text")
                        ? vector.path("text").asText().getBytes(StandardCharsets.UTF_8)
                        : Sections.sample(vector.path("body").asText()));
        body.writeBytes(vector.path("append").asText().getBytes(StandardCharsets.UTF_8));
        return new RawRequest(vector.path("method").asText(), vector.path("url").asText(), headers, body.toByteArray());
    }
}
