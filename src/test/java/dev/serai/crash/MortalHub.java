package dev.serai.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.Wiring;
import dev.serai.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A whole hub that can be made to die at a boundary. */
final class MortalHub implements AutoCloseable {
    /** Longer than any hub that lives would be kept from renewing it; it ends when the test makes its time pass. */
    static final Duration LEASE = Duration.ofMinutes(5);

    private static final String SECRET = "crm-webhook-secret";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Mortal mortal = new Mortal();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Wiring wiring;

    /** What hubs have in common. @param folder with {@code routes/} and {@code mappings/} @param database its settings */
    record Shared(Path folder, Map<String, String> database, Vendor vendor, Time time) {}

    MortalHub(String name, Shared shared) {
        this.name = name;
        Path folder = shared.folder;
        Map<String, String> database = shared.database;
        var settings = new HashMap<>(database);
        settings.put("serai.database.url", MortalDriver.url(database.get("serai.database.url"), name, mortal));
        settings.put("serai.database.pool", "5");
        settings.put("serai.hub.name", name);
        settings.put("serai.http.port", "0");
        settings.put("serai.routes", folder.resolve("routes").toString());
        settings.put("serai.mappings", folder.resolve("mappings").toString());
        settings.put("serai.reload.interval", "1h");
        settings.put("serai.run.lease", LEASE.toSeconds() + "s");
        settings.put("serai.run.threads", "2");
        settings.put("serai.retry.first", "100ms");
        settings.put("serai.retry.attempts", "20");
        settings.put("serai.retry.quick-first", "1ms");
        settings.put("crm.webhook-secret", SECRET);
        settings.put("vendor.base-url", shared.vendor.url(name, mortal));
        wiring = new Wiring(Settings.read(Path.of("none"), Map.of(), settings), shared.time);
    }

    String name() {
        return name;
    }

    Mortal mortal() {
        return mortal;
    }

    /** What a sender was answered. @param status 0 when nothing came */
    record Reply(int status, boolean duplicate) {
        boolean accepted() {
            return status == 202;
        }
    }

    /** Sends it an event as the CRM does. @param id {@code record.number} */
    Reply tell(String type, String id) {
        int dot = id.lastIndexOf('.');
        byte[] body = "{\"id\":\"%s\",\"type\":\"%s\",\"record\":\"%s\",\"number\":%s}"
                .formatted(id, type, id.substring(0, dot), id.substring(dot + 1))
                .getBytes(StandardCharsets.UTF_8);
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + wiring.hub().port() + "/webhooks/crm"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("X-Signature", HexFormat.of().formatHex(hmac(body)))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            var answer = client.send(request, BodyHandlers.ofByteArray());
            JsonNode said = JSON.readTree(answer.body());
            return new Reply(answer.statusCode(), said.path("status").asText().equals("duplicate"));
        } catch (IOException e) {
            return new Reply(0, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(0, false);
        }
    }

    private static byte[] hmac(byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        wiring.close();
    }
}
