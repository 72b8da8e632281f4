package dev.serai.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlackTest {
    private static Simulator simulator;
    private static Caller slack;

    @BeforeAll
    static void start() {
        simulator = Simulator.start(0);
        slack = Caller.bearer(simulator, "slack");
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    @BeforeEach
    void fresh() {
        simulator.reset();
    }

    @Test
    void aMessageIsPostedAndHasATimestamp() throws Exception {
        var answer = slack.send(
                "POST",
                "/chat.postMessage",
                "application/json; charset=utf-8",
                "{\"channel\":\"#sales\",\"text\":\"A deal is won\",\"blocks\":[{\"type\":\"divider\"}]}");

        assertThat(answer.json().path("ok").asBoolean())
                .as(answer.http().body())
                .isTrue();
        assertThat(answer.json().path("ts").asText()).matches("\\d{10}\\.\\d{6}");
        assertThat(simulator.records("slack", "messages")).singleElement().satisfies(message -> assertThat(
                        message.path("channel").asText())
                .isEqualTo("C0SALES001"));
    }

    @Test
    void aFormIsTakenTooAndAMessageCanBeChanged() throws Exception {
        var posted = slack.form("/chat.postMessage", "channel=C0GENERAL1&text=one&unfurl_links=true")
                .json();

        var changed = slack.json(
                "POST",
                "/chat.update",
                "{\"channel\":\"C0GENERAL1\",\"ts\":\"" + posted.path("ts").asText() + "\",\"text\":\"two\"}");

        assertThat(changed.json().path("text").asText()).isEqualTo("two");
    }

    @Test
    void aFailureIs200WithOkFalse() throws Exception {
        var missing = slack.json("POST", "/chat.postMessage", "{\"text\":\"no channel\"}");
        var unknown = slack.json("POST", "/chat.postMessage", "{\"channel\":\"C0UNKNOWN1\",\"text\":\"hello\"}");
        var empty = slack.json("POST", "/chat.postMessage", "{\"channel\":\"C0GENERAL1\"}");
        var method = slack.get("/chat.postMesage");

        assertThat(missing.status()).isEqualTo(200);
        assertThat(missing.json().path("error").asText()).isEqualTo("invalid_arguments");
        assertThat(unknown.json().path("error").asText()).isEqualTo("channel_not_found");
        assertThat(empty.json().path("error").asText()).isEqualTo("no_text");
        assertThat(method.json().path("error").asText()).isEqualTo("unknown_method");
        assertThat(simulator.ledger().violations()).hasSize(2);
    }

    @Test
    void aWrongTokenAndNoTokenAreToldApart() throws Exception {
        var none = Caller.nobody(simulator, "slack").get("/auth.test");
        var wrong = Caller.nobody(simulator, "slack")
                .with("Authorization", "Bearer xoxb-wrong")
                .get("/auth.test");

        assertThat(none.json().path("error").asText()).isEqualTo("not_authed");
        assertThat(wrong.json().path("error").asText()).isEqualTo("invalid_auth");
        assertThat(slack.get("/auth.test").json().path("ok").asBoolean()).isTrue();
    }

    @Test
    void channelsComePageByPageUntilTheCursorIsEmpty() throws Exception {
        var first =
                slack.get("/conversations.list?limit=3&exclude_archived=true").json();
        String cursor = first.at("/response_metadata/next_cursor").asText();
        var second = slack.get("/conversations.list?limit=3&exclude_archived=true&cursor=" + cursor)
                .json();

        assertThat(first.path("channels")).hasSize(3);
        assertThat(second.path("channels")).hasSize(1);
        assertThat(second.at("/response_metadata/next_cursor").asText()).isEmpty();
    }

    @Test
    void aUserIsFoundByAddressAndTheParameterIsRequired() throws Exception {
        assertThat(slack.get("/users.lookupByEmail?email=sam@example.com")
                        .json()
                        .at("/user/id")
                        .asText())
                .isEqualTo("U0SALES001");
        assertThat(slack.get("/users.lookupByEmail?email=no@example.com")
                        .json()
                        .path("error")
                        .asText())
                .isEqualTo("users_not_found");
        assertThat(slack.get("/users.lookupByEmail").json().path("error").asText())
                .isEqualTo("invalid_arguments");
    }

    @Test
    void tooManyMessagesAre429WithRetryAfter() throws Exception {
        // a message a second, by a clock that stands still
        try (var still = Simulator.start(0, () -> Instant.EPOCH)) {
            still.limits("slack");
            var hasty = Caller.bearer(still, "slack");
            String message = "{\"channel\":\"C0GENERAL1\",\"text\":\"hello\"}";
            hasty.json("POST", "/chat.postMessage", message);

            var over = hasty.json("POST", "/chat.postMessage", message);

            assertThat(over.status()).isEqualTo(429);
            assertThat(over.header("Retry-After")).isEqualTo("1");
            assertThat(over.json().path("error").asText()).isEqualTo("ratelimited");
        }
    }
}
