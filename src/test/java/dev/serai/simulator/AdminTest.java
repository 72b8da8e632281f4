package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Simulator simulator;
    private Caller slack;

    @BeforeEach
    void start() {
        simulator = Simulator.start(0);
        slack = Caller.bearer(simulator, "slack");
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void theOverviewNamesEveryVendor() throws Exception {
        var overview = admin("GET", "", "");

        assertThat(overview.statusCode()).isEqualTo(200);
        assertThat(overview.body()).contains("http://127.0.0.1:" + simulator.port() + "/mailchimp");
        assertThat(simulator.vendors())
                .contains("hubspot", "mailchimp", "sendgrid", "slack", "stripe", "zendesk")
                .doesNotContain("crm", "csv");
    }

    @Test
    void theLedgerIsFilteredAndHidesCredentials() throws Exception {
        slack.get("/auth.test");
        slack.get("/conversations.list?limit=1");

        String all = admin("GET", "/ledger?vendor=slack", "").body();
        String one = admin("GET", "/ledger?operation=conversations_list", "").body();

        assertThat(Json.parse(all).path("total").asInt()).isEqualTo(2);
        assertThat(all).contains("\"***\"").doesNotContain("xoxb-simulated");
        assertThat(Json.parse(one).at("/calls/0/query").asText()).isEqualTo("limit=1");
    }

    @Test
    void aFaultIsSetSeenAndCleared() throws Exception {
        var set = admin(
                "POST",
                "/faults",
                "{\"vendor\":\"slack\",\"operation\":\"auth_test\",\"fault\":\"status\",\"status\":503,"
                        + "\"retry_after\":\"2s\",\"times\":3}");

        assertThat(set.statusCode()).isEqualTo(204);
        assertThat(slack.get("/auth.test").header("Retry-After")).isEqualTo("2");
        assertThat(admin("GET", "/faults", "").body()).contains("auth_test: status 503, 2 times");
        admin("DELETE", "/faults?vendor=slack", "");
        assertThat(slack.get("/auth.test").status()).isEqualTo(200);
    }

    @Test
    void aMisspeltFaultIsExplained() throws Exception {
        assertThat(admin("POST", "/faults", "{\"vendor\":\"slack\",\"fault\":\"rest\"}")
                        .body())
                .contains("\\\"rest\\\" is no fault; did you mean \\\"reset\\\"?");
        assertThat(admin("POST", "/faults", "{\"vendor\":\"slakc\",\"fault\":\"drop\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(admin("POST", "/faults", "{\"vendor\":\"slack\",\"fault\":\"delay\",\"delay\":\"3 seconds\"}")
                        .body())
                .contains("write 500ms, 10s, 5m, 2h or 1d");
    }

    @Test
    void recordsAreSeededReadAndReset() throws Exception {
        admin("POST", "/records/slack/channels", "[{\"id\":\"C0FINANCE1\",\"name\":\"finance\"}]");

        assertThat(slack.form("/chat.postMessage", "channel=finance&text=hello")
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();
        assertThat(admin("GET", "/records/slack/messages", "").body()).contains("C0FINANCE1");
        assertThat(admin("GET", "/records/slack/mesages", "").body()).contains("did you mean \\\"messages\\\"?");

        assertThat(admin("POST", "/reset", "").statusCode()).isEqualTo(204);
        assertThat(simulator.records("slack", "messages")).isEmpty();
        assertThat(simulator.records("slack", "channels")).hasSize(5);
        assertThat(simulator.ledger().calls()).isEmpty();
    }

    @Test
    void quotasAreSwitchedOn() throws Exception {
        admin("POST", "/limits", "{\"vendor\":\"slack\",\"requests\":1,\"per\":\"1h\"}");

        assertThat(slack.get("/auth.test").status()).isEqualTo(200);
        assertThat(slack.get("/auth.test").status()).isEqualTo(429);
        admin("DELETE", "/limits", "");
        assertThat(slack.get("/auth.test").status()).isEqualTo(200);
    }

    @Test
    void aTakenPortIsExplained() {
        assertThatThrownBy(() -> Simulator.start(simulator.port()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the simulator can't start: Address already in use");
    }

    @Test
    void aPageUnderAnotherNameCanNotUseIt() throws Exception {
        try (var socket = new Socket("127.0.0.1", simulator.port())) {
            socket.getOutputStream()
                    .write("GET /_simulator/ledger HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void anUnknownVendorIsExplained() throws Exception {
        var answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + "/slak/api/auth.test"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("did you mean \\\"slack\\\"?");
    }

    private HttpResponse<String> admin(String method, String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + simulator.port() + "/_simulator" + path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
