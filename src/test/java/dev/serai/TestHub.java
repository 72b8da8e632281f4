package dev.serai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.api.ApiParts;
import dev.serai.config.Settings;
import dev.serai.run.Correction;
import dev.serai.run.Pace;
import dev.serai.simulator.Simulator;
import dev.serai.store.ByHand;
import dev.serai.store.Doubts;
import dev.serai.store.History;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A whole hub on a fresh database, its connectors pointed at simulated vendors, its doors knocked at over real HTTP. */
public final class TestHub implements AutoCloseable {
    public static final String API_KEY = "an-api-key-for-tests";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Simulator simulator;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Wiring wiring;
    private final Map<String, String> settings;

    /** Beside another one: the same vendors, the same database. */
    private TestHub(TestHub other, Map<String, String> more) {
        simulator = other.simulator;
        settings = new HashMap<>(other.settings);
        settings.putAll(more);
        wiring = new Wiring(Settings.read(Path.of("none"), Map.of(), settings));
    }

    private TestHub(Map<String, String> more, UnaryOperator<String> vault) {
        simulator = Simulator.start(0);
        settings = new HashMap<>(TestDatabase.fresh());
        settings.put("serai.http.port", "0");
        settings.put("serai.api.key", API_KEY);
        settings.put("serai.reload.interval", "100ms");
        settings.put("serai.retry.quick-first", "20ms");
        settings.put("serai.digest.at", "off"); // or whoever tests on a Monday has an event more
        for (String vendor : simulator.vendors()) {
            settings.put(vendor + ".base-url", simulator.url(vendor));
        }
        settings.put("salesforce.login-url", simulator.url("salesforce"));
        settings.put("hubspot.access-token", simulator.secret("hubspot"));
        settings.put("hubspot.client-secret", "hubspot-client-secret");
        settings.put("mailchimp.api-key", simulator.secret("mailchimp"));
        settings.put("stripe.api-key", simulator.secret("stripe"));
        settings.put("stripe.webhook-secret", "whsec_stripe-for-tests");
        settings.put("slack.bot-token", simulator.secret("slack"));
        settings.put("slack.channel", "sales");
        settings.put("zendesk.email", "ops@example.com");
        settings.put("zendesk.api-token", simulator.secret("zendesk"));
        settings.put("sendgrid.api-key", simulator.secret("sendgrid"));
        settings.put("sendgrid.sender", "billing@example.com");
        settings.put("crm.webhook-secret", "crm-webhook-secret");
        settings.putAll(more);
        wiring = wired(vault);
    }

    private Wiring wired(UnaryOperator<String> vault) {
        try {
            return new Wiring(Settings.read(Path.of("none"), Map.of(), settings).asking(vault));
        } catch (RuntimeException e) {
            simulator.close();
            throw e;
        }
    }

    /** A hub with the shipped flows and mappings. */
    public static TestHub start() {
        return with(Map.of());
    }

    /** A hub with settings of its own on top. */
    public static TestHub with(Map<String, String> settings) {
        return asking(settings, UnaryOperator.identity());
    }

    /** A hub whose settings may lie in a vault. */
    public static TestHub asking(Map<String, String> settings, UnaryOperator<String> vault) {
        return new TestHub(settings, vault);
    }

    /** A second hub on the database and the vendors of this one; its wiring is to be closed before this hub. */
    public TestHub another(Map<String, String> more) {
        return new TestHub(this, more);
    }

    public Simulator simulator() {
        return simulator;
    }

    public Wiring wiring() {
        return wiring;
    }

    /** What it runs on, for commands beside it. */
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    public History history() {
        return new History(wiring.database().dataSource());
    }

    /** Lets a run go on, as a person would. @return whether it could */
    public boolean resume(long run) {
        return resume(RunFilter.ALL.ids(List.of(run)), Optional.empty())
                        .resumed()
                        .size()
                == 1;
    }

    /** Lets many go on, each with its payload corrected. */
    public Resume.Result resume(RunFilter which, Optional<Correction> correction) {
        var resume = ApiParts.resume(wiring.database().dataSource(), InstantSource.system());
        try {
            return resume.resume(
                    new Resume.Order(which, correction, Pace.AT_ONCE, Resume.MOST),
                    new ByHand("ada", "it was mended"),
                    soFar -> {});
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public Doubts doubts() {
        return new Doubts(wiring.database().dataSource(), InstantSource.system());
    }

    /** The runs there are, newest first. */
    public List<History.Run> runs(String... states) {
        try {
            return history().runs(RunFilter.ALL.states(List.of(states)), 1000);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of every row. */
    public List<String> column(String sql) {
        return TestDatabase.column(wiring.database().dataSource(), sql);
    }

    /** The most calls of runs that were sent within such a time, wherever it began. */
    public int mostCallsWithin(Duration time) {
        return Integer.parseInt(
                column("SELECT max(n) FROM (SELECT count(*) OVER (ORDER BY at RANGE BETWEEN CURRENT ROW AND"
                                + " interval '" + time.toMillis() + " milliseconds' FOLLOWING) AS n"
                                + " FROM (SELECT DISTINCT at FROM attempt) AS sent) AS counted")
                        .get(0));
    }

    public String url(String path) {
        return "http://127.0.0.1:" + wiring.hub().port() + path;
    }

    /** An answer of the hub. */
    public record Reply(int status, JsonNode body, java.net.http.HttpHeaders headers) {}

    public Reply post(String path, byte[] body, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofMinutes(2))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return send(request.build());
    }

    public Reply get(String path) {
        return get(path, Map.of());
    }

    public Reply get(String path, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(url(path)));
        headers.forEach(request::header);
        return send(request.build());
    }

    private Reply send(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            boolean json =
                    answer.headers().firstValue("Content-Type").orElse("").contains("json");
            return new Reply(
                    answer.statusCode(), json ? JSON.readTree(answer.body()) : JSON.missingNode(), answer.headers());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The lines of {@code GET /metrics}. */
    public List<String> metrics() {
        var request = HttpRequest.newBuilder(URI.create(url("/metrics"))).header("X-API-Key", API_KEY);
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Tells the hub, as HubSpot would, of events of the given type about the given contacts. */
    public Reply hubspotTells(String type, String... contactIds) {
        var batch = JSON.createArrayNode();
        for (String id : contactIds) {
            batch.addObject()
                    .put("eventId", Long.parseLong(id))
                    .put("subscriptionId", 1)
                    .put("occurredAt", 1755810000000L)
                    .put("subscriptionType", type)
                    .put("objectId", Long.parseLong(id));
        }
        return hubspot(batch.toString().getBytes(StandardCharsets.UTF_8), settings.get("hubspot.client-secret"));
    }

    public Reply hubspot(byte[] body, String secret) {
        String path = "/webhooks/hubspot";
        String at = Long.toString(System.currentTimeMillis());
        byte[] signed = concat(("POST" + url(path)).getBytes(StandardCharsets.UTF_8), body, at.getBytes());
        String signature = Base64.getEncoder().encodeToString(hmac(secret, signed));
        return post(
                path,
                body,
                Map.of(
                        "X-HubSpot-Signature-v3", signature,
                        "X-HubSpot-Request-Timestamp", at,
                        "Content-Type", "application/json"));
    }

    public Reply stripe(byte[] body) {
        String at = Long.toString(System.currentTimeMillis() / 1000);
        String signature = HexFormat.of()
                .formatHex(hmac(settings.get("stripe.webhook-secret"), concat((at + ".").getBytes(), body)));
        return post("/webhooks/stripe", body, Map.of("Stripe-Signature", "t=" + at + ",v1=" + signature));
    }

    /** Sends to the generic source crm. */
    public Reply crm(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String signature = HexFormat.of().formatHex(hmac(settings.get("crm.webhook-secret"), bytes));
        return post("/webhooks/crm", bytes, Map.of("X-Signature", signature, "Content-Type", "application/json"));
    }

    /** A contact that HubSpot has, as its API returns it. */
    public void hubspotHas(String id, Map<String, String> properties) {
        var contact = JSON.createObjectNode().put("id", id);
        contact.put("createdAt", "2026-11-01T00:00:00.000Z").put("updatedAt", "2026-11-01T00:00:00.000Z");
        contact.put("archived", false);
        var values = contact.putObject("properties");
        properties.forEach(values::put);
        simulator.seed("hubspot", "contacts", contact);
    }

    private static byte[] hmac(String secret, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] concat(byte[]... parts) {
        var all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        wiring.close();
        simulator.close();
    }
}
