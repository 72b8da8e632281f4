package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doors let in, what they refuse, and how they say it. */
class DoorsTest {
    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer " + TestHub.API_KEY);
    private static final String SLACK_SECRET = "slack-signing-secret-for-tests";

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var files = new TestFolders(folder).flow("keep", """
                        - route:
                            id: keep
                            routeConfigurationId: write
                            from:
                              uri: "event:contact.updated,slack.command,customer.converted"
                              steps:
                                - log: { id: seen, message: "${header.SeraiReceipt}" }
                        """);
        files.mapping("serai/connector.yaml", """
                connector: serai
                description: Poses as the hub.
                webhooks:
                  signature: { scheme: none }
                  event: { type: "{type}" }
                """);
        hub = TestHub.with(files.settings(
                "slack.signing-secret",
                SLACK_SECRET,
                "serai.http.max-body-kb",
                "64",
                "mailchimp.webhook-key",
                "a-key-in-the-address",
                "cloudevents.token",
                "a-token-of-events"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aSlashCommandKeepsItsRawFormBytesSoThatItsSignatureHolds() throws Exception {
        byte[] form = "token=x&team_id=T1&channel_id=C1&command=%2Fdeal&text=a+b%26c&trigger_id=13.1"
                .getBytes(StandardCharsets.UTF_8);

        TestHub.Reply reply = slack(form, form);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(hub.column("SELECT convert_from(payload, 'UTF8') FROM event ORDER BY id DESC LIMIT 1"))
                .containsExactly(new String(form, StandardCharsets.UTF_8));
        byte[] other = "token=x&team_id=T1&channel_id=C1&command=%2Fdeal&text=a+b&trigger_id=13.1".getBytes();
        assertRefused(slack(form, other), 401, "signature_mismatch");
    }

    @Test
    void aMissingOrWrongSignatureIs401() {
        byte[] body = "{\"id\":1}".getBytes();
        assertRefused(hub.post("/webhooks/crm", body, Map.of()), 401, "signature_");
        assertRefused(hub.post("/webhooks/crm", body, Map.of("X-Signature", "00")), 401, "signature_");
        assertThat(hub.hubspot(body, "another-secret").status()).isEqualTo(401);
    }

    @Test
    void anUnknownSourceAddressOrMethodIsRefusedAsProblemJson() {
        assertRefused(hub.post("/webhooks/nobody", new byte[0], Map.of()), 404, "no_such_source");
        assertRefused(hub.post("/no/such/place", new byte[0], Map.of()), 404, "no_such_door");
        assertRefused(hub.get("/webhooks/crm"), 405, "no_such_door");
    }

    @Test
    void aProbeByGetIsAnsweredWhereTheFileSaysSoAndNobodyElseIs() {
        assertThat(hub.get("/webhooks/mailchimp?key=a-key-in-the-address").status())
                .isEqualTo(200);
        assertRefused(hub.get("/webhooks/mailchimp?key=another"), 401, "signature_mismatch");
        assertRefused(hub.get("/webhooks/mailchimp"), 401, "signature_missing");
        assertRefused(hub.get("/webhooks/cloudevents"), 405, "no_such_door");
    }

    @Test
    void aSenderThatAsksByOptionsIsToldThatItMaySend() throws Exception {
        var ask = java.net.http.HttpRequest.newBuilder(java.net.URI.create(hub.url("/webhooks/cloudevents")))
                .method("OPTIONS", java.net.http.HttpRequest.BodyPublishers.noBody())
                .header("WebHook-Request-Origin", "events.example")
                .build();

        var answer =
                java.net.http.HttpClient.newHttpClient().send(ask, java.net.http.HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("WebHook-Allowed-Origin")).contains("events.example");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void nobodyOutsideSpeaksForTheHub() {
        String fine =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/shop\",\"type\":\"contact.updated\",\"subject\":\"o1\"}";
        for (String type : List.of("serai.alert", "serai.digest", "serai.anything")) {
            String forged = fine.replace("contact.updated", type);
            for (String body : List.of(forged, "[" + fine + "," + forged + "]")) {
                String kind = body.startsWith("[") ? "application/cloudevents-batch+json" : "application/json";
                TestHub.Reply reply = hub.post(
                        "/webhooks/cloudevents",
                        body.getBytes(StandardCharsets.UTF_8),
                        Map.of("Authorization", "Bearer a-token-of-events", "Content-Type", kind));
                assertRefused(reply, 400, "reserved_type");
                assertThat(reply.body().toString()).contains("can only come from the hub itself");
            }
        }
        assertRefused(
                hub.post("/webhooks/serai", "{\"type\":\"contact.updated\"}".getBytes(), Map.of()),
                400,
                "reserved_type");
        assertThat(hub.column("SELECT type FROM event WHERE source IN ('cloudevents', 'serai') OR type LIKE 'serai.%'"))
                .as("of a batch with a forged one none is stored")
                .isEmpty();
    }

    @Test
    void aSourceWithoutItsSecretIsClosedAndSaysWhenToTryAgain() {
        TestHub.Reply reply = hub.post("/webhooks/github", "{}".getBytes(), Map.of());

        assertRefused(reply, 503, "source_closed");
        assertThat(reply.headers().firstValue("Retry-After")).contains("300");
    }

    @Test
    void aBodyPastTheLimitIs413AndOneAtTheLimitIsNot() {
        assertRefused(hub.crm("{\"id\":\"" + "x".repeat(65_536) + "\"}"), 413, "too_large");
        String lead = "{\"id\":77,\"text\":\"";
        assertThat(hub.crm(lead + "x".repeat(65_536 - lead.length() - 2) + "\"}")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void whatIsNoJsonIs400HoweverOddItIs() {
        List<String> odd = List.of("", "{", "[]", "null", "1", "\"x\"", "{\"id\":}", "[".repeat(3000), "{\"id\":[[]]}");
        for (String body : odd) {
            TestHub.Reply reply = hub.crm(body);
            assertThat(reply.status()).as(body).isIn(400, 202);
            assertThat(hub.post("/v1/events/customer.converted", body.getBytes(), KEY)
                            .status())
                    .as(body)
                    .isEqualTo(400);
        }
        assertRefused(hub.crm("{"), 400, "malformed");
    }

    @Test
    void anyBytesGetAnAnswerAndNeverA500() {
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            String text = new String(body, StandardCharsets.ISO_8859_1);
            assertThat(hub.crm(text).status()).isIn(202, 400);
            assertThat(hub.stripe(body).status()).isIn(202, 400);
            assertThat(hub.post("/v1/events/customer.converted", body, KEY).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void requestHeadersAreNotEchoed() {
        TestHub.Reply reply = hub.post(
                "/v1/events/customer.converted",
                converted("echo"),
                Map.of("X-API-Key", TestHub.API_KEY, "X-Custom", "echo-me", "CamelHttpUri", "http://127.0.0.1:1"));

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.headers().map().keySet())
                .noneMatch(n -> n.toLowerCase().startsWith("x-custom"));
        assertThat(reply.headers().map().toString()).doesNotContain("echo-me", TestHub.API_KEY);
    }

    @Test
    void anOwnEventNeedsTheKeyAndASecondOfItsIdIsADuplicate() {
        byte[] event = converted("evt-1");
        assertRefused(hub.post("/v1/events/customer.converted", event, Map.of()), 401, "key");
        assertRefused(hub.post("/v1/events/customer.converted", event, Map.of("X-API-Key", "wrong")), 401, "key");

        TestHub.Reply first = hub.post("/v1/events/customer.converted", event, KEY);
        TestHub.Reply second = hub.post("/v1/events/customer.converted", event, KEY);

        assertThat(first.body().path("status").asText()).isEqualTo("queued");
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body().path("status").asText()).isEqualTo("duplicate");
        assertThat(second.body().path("receipt")).isEqualTo(first.body().path("receipt"));
        assertRefused(hub.post("/v1/events/no.such", event, KEY), 404, "no_such_type");
    }

    @Test
    void everythingThatIsWrongWithAnEventIsSaidAtOnce() {
        TestHub.Reply reply =
                hub.post("/v1/events/customer.converted", "{\"customer\":{\"email\":5},\"source\":7}".getBytes(), KEY);

        assertRefused(reply, 400, "schema");
        assertThat(reply.body().path("detail").asText()).contains("event_id", "source", "customer.email");
    }

    @Test
    void thePublishedSchemaIsTheOneThatIsChecked() {
        TestHub.Reply reply = hub.get("/v1/events/customer.converted/schema");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("properties").has("event_id")).isTrue();
        assertRefused(hub.get("/v1/events/contact/schema"), 404, "no_such_type");
    }

    @Test
    void idsThatNoDatabaseTakesStopNeitherTheirOwnEventNorThoseOfOthers() {
        for (String id : List.of("nul\\u0000nul", "x".repeat(9_000), "\\ud800")) {
            List<Integer> answers = IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(i -> hub.post(
                            "/v1/events/customer.converted",
                            converted(i == 0 ? id : "ok-" + id.length() + "-" + i),
                            KEY))
                    .map(TestHub.Reply::status)
                    .toList();
            assertThat(answers.subList(1, 8)).containsOnly(202);
            assertThat(answers.get(0)).as(id.substring(0, 5)).isIn(202, 400);
        }
    }

    @Test
    void aFullQueueIs503AndWhatWasAcceptedIsStored() {
        var files = new TestFolders(folder.resolve("small")).flow("none", """
                - route:
                    id: none
                    routeConfigurationId: write
                    from: { uri: "event:customer.converted", steps: [ { log: { id: none-log, message: "x" } } ] }
                """);
        try (var small = TestHub.with(files.settings("serai.intake.queue", "1", "serai.intake.rate", "50"))) {
            List<TestHub.Reply> replies = IntStream.range(0, 1500)
                    .parallel()
                    .mapToObj(i -> small.post("/v1/events/customer.converted", converted("q" + i), KEY))
                    .toList();

            assertThat(replies)
                    .extracting(TestHub.Reply::status)
                    .isSubsetOf(202, 429, 503)
                    .contains(202, 429, 503);
            assertThat(replies.stream().filter(r -> r.status() != 202))
                    .allSatisfy(r ->
                            assertThat(r.headers().firstValue("Retry-After")).contains("1"));
            assertThat(small.column("SELECT count(*) FROM event"))
                    .containsExactly(Long.toString(
                            replies.stream().filter(r -> r.status() == 202).count()));
        }
    }

    private static TestHub.Reply slack(byte[] body, byte[] signed) throws Exception {
        String at = Long.toString(System.currentTimeMillis() / 1000);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SLACK_SECRET.getBytes(), "HmacSHA256"));
        mac.update(("v0:" + at + ":").getBytes());
        return hub.post(
                "/webhooks/slack",
                body,
                Map.of(
                        "X-Slack-Request-Timestamp",
                        at,
                        "X-Slack-Signature",
                        "v0=" + HexFormat.of().formatHex(mac.doFinal(signed)),
                        "Content-Type",
                        "application/x-www-form-urlencoded"));
    }

    static byte[] converted(String id) {
        return ("{\"event_id\":\"" + id + "\",\"occurred_at\":\"2026-11-01T10:00:00Z\",\"source\":\"app\","
                        + "\"customer\":{\"crm_contact_id\":\"" + id + "\",\"email\":\"ada@example.com\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(TestHub.Reply reply, int status, String code) {
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = reply.body();
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).startsWith(code);
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(problem.toString()).doesNotContain(TestHub.API_KEY, SLACK_SECRET, "crm-webhook-secret");
    }
}
