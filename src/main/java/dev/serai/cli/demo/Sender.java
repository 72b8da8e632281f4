package dev.serai.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.store.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Sends what the vendors send, signed as they sign, through the hub's real door. */
final class Sender {
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(2);

    private final DemoHub hub;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_WITHIN)
            .build();

    Sender(DemoHub hub) {
        this.hub = hub;
    }

    /** What the door answered. */
    record Answer(int status, JsonNode body) {
        /** {@code queued}, {@code duplicate}, or the code of a problem. */
        String word() {
            return body.path("status").isTextual()
                    ? body.path("status").asText()
                    : body.path("code").asText(body.path("error").asText());
        }

        String receipt() {
            return body.path("receipt").asText("-");
        }

        List<Long> events() {
            var ids = new ArrayList<Long>();
            body.path("events")
                    .forEach(
                            event -> ids.add(Receipt.parse(event.path("receipt").asText())));
            return ids;
        }
    }

    Answer hubspot(byte[] body) {
        return hubspot(body, hub.setting("hubspot.client-secret"));
    }

    /** Version 3: method, address, body and time in milliseconds, base64. */
    Answer hubspot(byte[] body, String secret) {
        String url = hub.url() + "/webhooks/hubspot";
        String time = String.valueOf(Instant.now().toEpochMilli());
        byte[] signature = hmac(secret, ("POST" + url).getBytes(StandardCharsets.UTF_8), body, utf8(time));
        return post(
                url,
                body,
                Map.of(
                        "X-HubSpot-Signature-v3",
                        Base64.getEncoder().encodeToString(signature),
                        "X-HubSpot-Request-Timestamp",
                        time));
    }

    /** Time in seconds, a full stop, the body, in hexadecimal. */
    Answer stripe(byte[] body) {
        String time = String.valueOf(Instant.now().getEpochSecond());
        byte[] signature = hmac(hub.setting("stripe.webhook-secret"), utf8(time + "."), body);
        return post(
                hub.url() + "/webhooks/stripe",
                body,
                Map.of("Stripe-Signature", "t=" + time + ",v1=" + HexFormat.of().formatHex(signature)));
    }

    /** An event of one's own system. */
    Answer event(String type, byte[] body) {
        return post(
                hub.url() + "/v1/events/" + type,
                body,
                Map.of("Authorization", "Bearer " + hub.setting("serai.api.key")));
    }

    private Answer post(String url, byte[] body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(url))
                .timeout(ANSWER_WITHIN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), DemoHub.json(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException("The hub did not answer at " + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for an answer", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hmac(String secret, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(utf8(secret), "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
