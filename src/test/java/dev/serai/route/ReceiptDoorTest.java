package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.facts.Proof;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code GET /v1/receipts/{receipt}}. */
class ReceiptDoorTest {
    private static final Map<String, String> KEY = Map.of("Authorization", "Bearer " + TestHub.API_KEY);

    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var files = new TestFolders(folder).flow("proven", """
                - route:
                    id: proven
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - setBody: { id: words, simple: '{"channel":"sales","text":"a customer"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                """);
        hub = TestHub.with(files.settings());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aReceiptTellsWhatTheCommandLineTells() throws Exception {
        String receipt = convert("proof-1");

        JsonNode proof = hub.get("/v1/receipts/" + receipt, KEY).body();

        assertThat(proof.path("receipt").asText()).isEqualTo(receipt);
        assertThat(proof.path("key").asText()).isEqualTo("proof-1");
        assertThat(proof.path("sha256").asText()).hasSize(64);
        JsonNode run = proof.path("runs").get(0);
        assertThat(run.path("state").asText()).isEqualTo("done");
        assertThat(run.path("attempts")).hasSize(1);
        assertThat(run.path("effects").get(0).path("operation").asText()).isEqualTo("post_message");
        assertThat(run.path("effects").get(0).path("idempotency_key").asText()).endsWith(":tell");
        assertThat(proof.toString()).doesNotContain("ada@example.com", "payload\"", "answer\"");
        JsonNode asked = new ObjectMapper()
                .readTree(Proof.read(hub.history(), Long.parseLong(receipt.substring(2)))
                        .orElseThrow()
                        .json()
                        .toString());
        assertThat(proof).isEqualTo(asked);
    }

    @Test
    void whoHasNotTheKeyLearnsNothingNotEvenWhetherItExists() throws Exception {
        String receipt = convert("proof-2");

        for (String path : List.of(receipt, "e_999999", "nonsense")) {
            TestHub.Reply without = hub.get("/v1/receipts/" + path);
            assertThat(without.status()).isEqualTo(401);
            assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(without.body().path("code").asText()).isEqualTo("key");
            assertThat(hub.get("/v1/receipts/" + path, Map.of("X-API-Key", "wrong"))
                            .status())
                    .isEqualTo(401);
        }
        assertThat(hub.get("/v1/receipts/" + receipt, Map.of("X-API-Key", TestHub.API_KEY))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void whoHasTheKeySeesReceiptsOfTheirOwnEventsAlone() {
        TestHub.Reply other = hub.crm("{\"id\":\"9\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":{}}");
        String receipt = other.body().path("receipt").asText();
        assertThat(hub.column("SELECT source FROM event WHERE id = " + receipt.substring(2)))
                .containsExactly("crm");

        TestHub.Reply reply = hub.get("/v1/receipts/" + receipt, KEY);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.body().toString())
                .as("as if there were none")
                .isEqualTo(
                        hub.get("/v1/receipts/e_999999", KEY).body().toString().replace("e_999999", receipt));
    }

    @Test
    void peopleAreMaskedForWhoHasTheKey() {
        String receipt = convert("proof-5");
        String of = " WHERE event_id = " + receipt.substring(2);
        hub.column("INSERT INTO audit (at, who, what, run_id, why) SELECT now(), 'eve', 'looked', id,"
                + " 'eve@example.com asked' FROM run" + of + " RETURNING 1");
        hub.column("UPDATE event SET record = 'contact:ada@example.com' WHERE id = " + receipt.substring(2)
                + " RETURNING 1");

        String proof = hub.get("/v1/receipts/" + receipt, KEY).body().toString();

        assertThat(proof)
                .contains("contact:a***@e***", "e***@e*** asked")
                .doesNotContain("ada@example.com", "eve@example.com");
    }

    @Test
    void whatIsNoReceiptIs404AsProblemJson() {
        for (String path : List.of(
                "e_9999999999999999999",
                "e_999999",
                "e_-1",
                "e_",
                "x",
                "r_1",
                "%00",
                "e_1%27",
                "..%2fe_1",
                "e_" + "9".repeat(3000),
                "%F0%9F%92%A9")) {
            TestHub.Reply reply = hub.get("/v1/receipts/" + path, KEY);
            assertThat(reply.status()).as(path).isEqualTo(404);
            assertThat(reply.headers().firstValue("Content-Type")).as(path).contains("application/problem+json");
        }
        assertThat(hub.post("/v1/receipts/e_1", new byte[0], KEY).status()).isEqualTo(405);
    }

    @Test
    void aThousandWhoAskAtOnceGetAnAnswerOrAreToldToAskAgain() throws Exception {
        String receipt = convert("proof-3");
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(URI.create(hub.url("/v1/receipts/" + receipt)))
                .header("X-API-Key", TestHub.API_KEY)
                .timeout(Duration.ofMinutes(5))
                .build();

        List<Integer> answers = IntStream.range(0, 1000)
                .mapToObj(i -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                .toList()
                .stream()
                .map(answer -> answer.join().statusCode())
                .toList();

        assertThat(answers).contains(200).containsOnly(200, 503);
        assertThat(convert("proof-4")).startsWith("e_");
    }

    private static String convert(String id) {
        TestHub.Reply reply = hub.post("/v1/events/customer.converted", DoorsTest.converted(id), KEY);
        String receipt = reply.body().path("receipt").asText();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.column("SELECT state FROM run WHERE event_id = " + receipt.substring(2))
                        .equals(List.of("done")));
        return receipt;
    }
}
