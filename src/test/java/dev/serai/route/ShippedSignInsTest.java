package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.Consents;
import dev.serai.store.Seal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An account of a shipped system from its consent to its end: Salesforce, whose own address comes with its token. */
class ShippedSignInsTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static final String KEY = "ab".repeat(32);

    @TempDir
    private Path folder;

    private TestHub hub;
    private int told;

    @BeforeEach
    void start() throws IOException {
        var files = new TestFolders(folder).flow("look", """
                - route:
                    id: look
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?source=crm
                      steps:
                        - to: { id: see, uri: "connector:salesforce/contact?id=${body[id]}" }
                """);
        hub = TestHub.with(files.settings(
                "serai.secrets.key", KEY,
                "salesforce.client-id", "client",
                "salesforce.client-secret", "simulated"));
        for (int contact = 1; contact < 10; contact++) {
            hub.simulator().seed("salesforce", "records", new ObjectMapper().readTree("""
                    {"attributes": {"type": "Contact"}, "Id": "00300000000000000%d", "LastName": "Hopper"}""".formatted(contact)));
        }
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A person opens the hub's page, agrees at the vendor's and is sent back. */
    private void connect() throws IOException, InterruptedException, SQLException {
        Instant now = Instant.now();
        String link = new Consents(hub.wiring().database().dataSource(), Seal.of(KEY))
                .invite("salesforce", "ada", now, now.plusSeconds(60));
        var left = send(HttpRequest.newBuilder(URI.create(hub.url("/connections/salesforce/connect")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("once=" + link)));
        String page = left.headers().firstValue("Location").orElseThrow();
        String cookie = left.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
        String back = send(HttpRequest.newBuilder(URI.create(page)))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        var connected = send(HttpRequest.newBuilder(URI.create(back)).header("Cookie", cookie));
        assertThat(connected.statusCode()).as(connected.body()).isEqualTo(200);
    }

    private void tell() {
        tell(7);
    }

    private void tell(int contact) {
        told++;
        var reply = hub.crm(
                "{\"id\":\"00300000000000000" + contact + "\",\"updated_at\":\"2026-11-0" + told + "T00:00:00Z\"}");
        assertThat(reply.status()).isEqualTo(202);
    }

    private void awaitDone(int runs) {
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        hub.column("SELECT flow FROM run WHERE state = 'done'").size() == runs);
    }

    /** The vendor ends a token before its time: each call that is refused for it is sent again once, and no run waits for that. */
    @Test
    void aTokenThatIsWithdrawnEarlyCostsOneRenewalForAllAndNoRunARetry() throws Exception {
        connect();
        tell();
        awaitDone(1);

        hub.simulator().revoke("salesforce", false);
        for (int contact = 1; contact <= 6; contact++) {
            tell(contact);
        }
        awaitDone(7);

        assertThat(hub.simulator().refreshed("salesforce")).isEqualTo(1);
        assertThat(hub.column("SELECT retries FROM run WHERE flow = 'look'")).containsOnly("0");
        int refused = hub.column("SELECT 1 FROM attempt WHERE status = 401 AND verdict = 'unauthorized'")
                .size();
        assertThat(refused).isBetween(1, 6);
        assertThat(hub.column("SELECT 1 FROM attempt")).as("each once more").hasSize(7 + refused);
        assertThat(hub.column("SELECT max(number) FROM attempt")).containsExactly("2");
        assertThat(hub.column("SELECT 1 FROM parked_connection")).isEmpty();
    }

    /** Its tokens are withdrawn and its token endpoint is away: both go by, and nobody has to do anything. */
    @Test
    void whileNoTokenIsToBeHadRunsWaitAndThatIsNoRetry() throws Exception {
        connect();
        tell();
        awaitDone(1);
        hub.simulator().revoke("salesforce", false);
        hub.simulator().fault("salesforce", "oauth.token", Fault.status(503).times(1));

        tell();

        awaitDone(2);
        assertThat(hub.column("SELECT retries FROM run WHERE flow = 'look'")).containsOnly("0");
        assertThat(hub.column("SELECT 1 FROM parked_connection")).isEmpty();
        assertThat(hub.simulator().refreshed("salesforce")).isEqualTo(1);
    }

    @Test
    void anAccountIsConnectedRenewedAndParkedWhenItsConsentIsWithdrawn() throws Exception {
        connect();
        tell();
        awaitDone(1);
        assertThat(hub.simulator().ledger().calls("salesforce")).last().satisfies(call -> assertThat(
                        call.asked().path())
                .as("at the address that came with the token")
                .isEqualTo("/services/data/v66.0/sobjects/Contact/003000000000000007"));

        hub.simulator().revoke("salesforce", false);
        tell();
        awaitDone(2);
        assertThat(hub.simulator().refreshed("salesforce")).isEqualTo(1);

        hub.simulator().revoke("salesforce", true);
        tell();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hub.column("SELECT waits_for FROM run WHERE state = 'waiting'")
                        .contains("salesforce/*"));
        assertThat(hub.column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert'"))
                .singleElement()
                .satisfies(alert -> assertThat(alert)
                        .contains("connection.parked", "invalid_grant", "serai connections connect salesforce"));

        connect();
        awaitDone(3);
        assertThat(hub.column("SELECT retries FROM run WHERE flow = 'look'")).containsOnly("0");
    }
}
