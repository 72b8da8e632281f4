package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.LogCapture;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.History;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Camel does by itself and a hub must not; each test fails without its guard. */
class CamelTrapsTest {
    private static final AtomicInteger IDS = new AtomicInteger(100);

    private static final String FLOWS = """
            - route:
                id: enrol
                routeConfigurationId: write
                from:
                  uri: event:contact.updated
                  steps:
                    - to: { id: enrol-member, uri: "mapping:mailchimp/contact-to-member" }
                    - setHeader: { id: hijack-uri, name: CamelHttpUri, constant: "http://127.0.0.1:1/hijacked" }
                    - setHeader: { id: hijack-path, name: CamelHttpPath, constant: "/hijacked" }
                    - setHeader: { id: hijack-query, name: CamelHttpRawQuery, constant: "hijacked=1" }
                    - setHeader: { id: hijack-method, name: CamelHttpMethod, constant: DELETE }
                    - setHeader: { id: hijack-auth, name: Authorization, constant: "Bearer hijacked" }
                    - to: { id: enrol-it, uri: "connector:mailchimp/upsert_member?list=traps" }
            - route:
                id: once-a-day
                routeConfigurationId: write
                from:
                  uri: event:customer.converted
                  steps:
                    - idempotentConsumer:
                        id: once
                        idempotentRepository: "#seenBefore"
                        jsonpath: "$.customer.email"
                        steps:
                          - setBody: { id: once-body, simple: '{"email_address":"${body[customer][email]}","status_if_new":"subscribed"}' }
                          - to: { id: once-it, uri: "connector:mailchimp/upsert_member?list=once" }
            - route:
                id: guarded
                routeConfigurationId: write
                from:
                  uri: event:contact.guarded
                  steps:
                    - setBody: { id: guarded-body, simple: '{"email_address":"guarded@example.com","status_if_new":"subscribed"}' }
                    - circuitBreaker:
                        id: breaker
                        resilience4jConfiguration: { throwExceptionWhenHalfOpenOrOpenState: true }
                        steps:
                          - to: { id: guarded-it, uri: "connector:mailchimp/upsert_member?list=guarded" }
            - route:
                id: slow
                routeConfigurationId: write
                from:
                  uri: event:contact.deleted
                  steps:
                    - setBody: { id: slow-body, simple: '{"email_address":"slow@example.com","status_if_new":"subscribed"}' }
                    - to: { id: slow-it, uri: "connector:impatient/upsert_member" }
            """;

    @TempDir
    private static Path folder;

    private static TestFolders files;
    private static TestHub hub;

    @BeforeAll
    static void start() {
        files = new TestFolders(folder).flow("traps", FLOWS).mapping("impatient/connector.yaml", """
                        connector: impatient
                        description: Mailchimp for people in a hurry.
                        base_url: "{{mailchimp.base-url}}"
                        auth: { type: basic, user: serai, password: "{{mailchimp.api-key}}" }
                        timeout: 1s
                        writes:
                          upsert_member: { method: PUT, path: "/lists/impatient/members/{md5(lower(email_address))}", class: idempotent }
                        """);
        hub = TestHub.with(files.settings("serai.retry.quick-first", "400ms"));
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void forget() {
        hub.simulator().reset();
    }

    @Test
    void theHttpClientSendsNothingAgainByItself() throws Exception {
        for (int status : List.of(429, 503)) {
            hub.simulator().reset();
            hub.simulator()
                    .fault(
                            "mailchimp",
                            Fault.status(status)
                                    .retryAfter(Duration.ofSeconds(1))
                                    .times(1));

            TestHub.Reply reply = tell();

            eventually(() -> run(reply).state().equals("done"));
            var calls = hub.simulator().ledger().calls("mailchimp");
            var attempts = hub.history().attempts(run(reply).id());
            assertThat(calls).hasSize(2);
            assertThat(attempts).hasSize(2);
            assertThat(attempts.get(0).attempt().status()).isEqualTo(status);
        }
    }

    @Test
    void headersOfAMessageNeitherRedirectACallNorTravelWithIt() {
        TestHub.Reply reply = tell();

        eventually(() -> run(reply).state().equals("done"));
        var call = hub.simulator().ledger().calls("mailchimp").get(0);
        assertThat(call.asked().method()).isEqualTo("PUT");
        assertThat(call.asked().path()).contains("/lists/traps/members/").doesNotContain("hijacked");
        assertThat(call.asked().query()).doesNotContain("hijacked");
        assertThat(call.asked().headers().toString()).doesNotContain("hijacked", "Serai-", "SeraiRun");
    }

    @Test
    void theWaitARemoteAskedForCountsForThatFailureOnly() throws Exception {
        hub.simulator()
                .fault(
                        "mailchimp",
                        Fault.status(429).retryAfter(Duration.ofSeconds(9)).times(1));
        hub.simulator().fault("mailchimp", Fault.status(503).times(1));
        TestHub.Reply reply = tell();

        eventually(() -> run(reply).state().equals("done"));

        var at = hub.history().attempts(run(reply).id()).stream()
                .map(a -> a.attempt().at())
                .toList();
        assertThat(at).hasSize(3);
        assertThat(Duration.between(at.get(0), at.get(1))).isGreaterThanOrEqualTo(Duration.ofSeconds(9));
        // with the header still there it would be nine seconds again
        assertThat(Duration.between(at.get(1), at.get(2))).isLessThan(Duration.ofSeconds(9));
    }

    @Test
    void sixEqualKeysAtOnceDoTheWorkOnceAndNothingIsDeadLettered() {
        List<TestHub.Reply> replies = IntStream.range(0, 6)
                .parallel()
                .mapToObj(i -> hub.post(
                        "/v1/events/customer.converted",
                        DoorsTest.converted("same-" + i),
                        Map.of("X-API-Key", TestHub.API_KEY)))
                .toList();

        eventually(() -> replies.stream().allMatch(r -> run(r).state().equals("done")));
        assertThat(hub.simulator().ledger().about("mailchimp", "/lists/once/")).hasSize(1);
    }

    @Test
    void aKeyWhoseWorkFailedDoesNotMakeTheResumedRunADuplicate() throws Exception {
        hub.simulator().fault("mailchimp", Fault.status(400).times(1));
        byte[] event = new String(DoorsTest.converted("again"), StandardCharsets.UTF_8)
                .replace("ada@example.com", "grace@example.com")
                .getBytes(StandardCharsets.UTF_8);
        TestHub.Reply reply = hub.post("/v1/events/customer.converted", event, Map.of("X-API-Key", TestHub.API_KEY));
        eventually(() -> run(reply).state().equals("dead"));

        hub.resume(run(reply).id());

        eventually(() -> run(reply).state().equals("done"));
        assertThat(hub.simulator().ledger().about("mailchimp", "/lists/once/")).hasSize(2);
    }

    @Test
    void aConnectorsOwnTimeoutIsKept() {
        hub.simulator().fault("mailchimp", Fault.delay(Duration.ofMinutes(1)).times(1));

        TestHub.Reply reply = hub.hubspotTells("contact.deletion", "9");

        assertThat(reply.status()).isEqualTo(202);
        eventually(() ->
                hub.column("SELECT state FROM run WHERE flow = 'slow' LIMIT 1").equals(List.of("done")));
        assertThat(hub.column("SELECT verdict FROM attempt WHERE step = 'slow-it' ORDER BY at LIMIT 1"))
                .containsExactly("retry");
        assertThat(hub.column("SELECT reason FROM attempt WHERE step = 'slow-it' ORDER BY at LIMIT 1"))
                .singleElement()
                .asString()
                .endsWith(" within 1.0 s");
        assertThat(hub.column("SELECT duration_ms < 50000 FROM attempt WHERE step = 'slow-it' ORDER BY at LIMIT 1"))
                .containsExactly("t");
    }

    @Test
    void aDeadLetterRouteThatFailsLosesNoRun() {
        String errors = files.text("errors");
        try (var log = new LogCapture()) {
            files.flow(
                    "errors",
                    errors.replace(
                            "        - bean: { id: retry-later-or-dead-letter,",
                            "        - throwException: { id: broken, exceptionType: java.lang.IllegalStateException, message: no }\n"
                                    + "        - bean: { id: retry-later-or-dead-letter,"));
            hub.simulator().fault("mailchimp", Fault.status(400));
            eventually(() -> log.lines().stream().anyMatch(l -> l.startsWith("file.live routes/errors.camel.yaml")));

            TestHub.Reply reply = tell();

            eventually(() -> run(reply).state().equals("dead"));
            assertThat(run(reply).reason()).startsWith("mailchimp answered 400");
        } finally {
            files.flow("errors", errors);
        }
    }

    private static TestHub.Reply tell() {
        int id = IDS.incrementAndGet();
        return hub.crm(
                "{\"id\":" + id + ",\"updated_at\":\"2026-11-01T00:00:00Z\",\"email\":\"t" + id + "@example.com\"}");
    }

    private static History.Run run(TestHub.Reply reply) {
        try {
            return hub.history()
                    .runsOf(Long.parseLong(reply.body().path("receipt").asText().substring(2)))
                    .get(0);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
