package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.run.Correction;
import dev.serai.store.ByHand;
import dev.serai.store.Discard;
import dev.serai.store.Resume;
import dev.serai.store.RunFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do by hand, through a running hub to its vendors. */
class ByHandTest {
    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() throws IOException {
        // a hundred messages at once: their limit is not what is tried here
        String slack =
                Files.readString(Path.of("mappings/slack/connector.yaml")).replaceFirst("(?m)^quota:.*$", "");
        var files =
                new TestFolders(folder).mapping("slack/connector.yaml", slack).flow("tell-and-enrol", """
                - route:
                    id: tell-and-enrol
                    routeConfigurationId: write
                    from:
                      uri: "event:contact.updated?holdOnDeadLetter=true"
                      steps:
                        - setVariable: { id: keep, name: member, simple: '{"email_address":"${body[properties][email]}","status_if_new":"${body[properties][status]}"}' }
                        - setBody: { id: words, simple: '{"channel":"sales","text":"a contact"}' }
                        - to: { id: tell, uri: "connector:slack/post_message" }
                        - setBody: { id: member, variable: member }
                        - to: { id: enrol, uri: "connector:mailchimp/upsert_member?list=byhand" }
                """);
        hub = TestHub.with(files.settings());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void forget() {
        hub.simulator().reset();
        hub.simulator().noLimits("slack");
    }

    @Test
    void aHundredDeadLettersAreCorrectedByOnePatchAndOnlyTheirFailedStepIsSent() {
        IntStream.range(0, 100).forEach(i -> contact("bulk" + i, "1", "nonsense"));
        eventually(() -> count("dead") == 100);
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(100);
        assertThat(hub.simulator().records("mailchimp", "members")).isEmpty();

        Resume.Result result = hub.resume(
                RunFilter.ALL.states(List.of("dead")).flow("tell-and-enrol").step("enrol"),
                Optional.of(
                        Correction.patch("[{\"op\":\"test\",\"path\":\"/properties/status\",\"value\":\"nonsense\"},"
                                + "{\"op\":\"replace\",\"path\":\"/properties/status\",\"value\":\"subscribed\"}]")));

        assertThat(result.resumed()).hasSize(100);
        eventually(() -> count("dead", "waiting", "claimed") == 0);
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(100);
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(100);
        assertThat(hub.column("SELECT count(*) FROM event WHERE convert_from(payload, 'UTF8') LIKE '%nonsense%'"))
                .containsExactly("100");
    }

    @Test
    void aDeadLetterThatHoldsItsLaneLetsItGoWhenItIsDiscarded() throws SQLException {
        contact("held", "1", "nonsense");
        eventually(() -> count("dead") == 1);
        contact("held", "2", "subscribed");
        contact("other", "1", "subscribed");
        eventually(() -> hub.simulator().records("mailchimp", "members").size() == 1);
        assertThat(count("waiting")).isEqualTo(1);

        long discarded = new Discard(hub.wiring().database().dataSource(), InstantSource.system())
                .discard(RunFilter.ALL.record("contact:held"), 10, new ByHand("ada", "a test contact"), soFar -> {})
                .runs();

        assertThat(discarded).isEqualTo(1);
        eventually(() -> count("dead", "waiting", "claimed") == 0);
        assertThat(hub.simulator().records("mailchimp", "members")).hasSize(2);
        assertThat(hub.column("SELECT reason FROM run WHERE reason IS NOT NULL"))
                .contains("given up by ada: a test contact");
    }

    private static int count(String... states) {
        return hub.runs(states).size();
    }

    private static void contact(String id, String version, String status) {
        TestHub.Reply reply = hub.crm("{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:0" + version
                + "Z\",\"properties\":{\"email\":\"" + id + "@example.com\",\"status\":\"" + status + "\"}}");
        assertThat(reply.status()).isEqualTo(202);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
