package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.api.Role;
import dev.serai.simulator.Fault;
import dev.serai.store.ApiTokens;
import dev.serai.store.ByHand;
import dev.serai.store.History;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A hub with a flow that Mailchimp refuses as long as a contact's status is nonsense, and a token for each role. */
final class ConsoleHub implements AutoCloseable {
    private final TestHub hub;
    private final Map<Role, String> tokens = new EnumMap<>(Role.class);

    ConsoleHub(Path folder) throws SQLException {
        this(folder, Map.of());
    }

    /** @param more settings */
    ConsoleHub(Path folder, Map<String, String> more) throws SQLException {
        var files = new TestFolders(folder)
                .mapping("crm/person-to-member.yaml", """
                mapping: crm/person-to-member
                description: A contact becomes a member of the audience
                from: any
                fields:
                  email_address: { from: properties.email, do: [trim, lower], required: true }
                  status_if_new: { from: properties.status }
                """)
                .flow("enrol-contact", """
                - route:
                    id: enrol-contact
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - to: { id: member, uri: "mapping:crm/person-to-member" }
                        - to: { id: enrol, uri: "connector:mailchimp/upsert_member?list=console" }
                """)
                .flow("tell-sales", """
                - route:
                    id: tell-sales
                    description: Sales hears of new customers
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted
                      steps:
                        - choice:
                            id: by-plan
                            when:
                              - simple: "${body[customer][plan]} != 'none'"
                                steps:
                                  - setBody: { id: words, simple: '{"channel":"sales","text":"a customer"}' }
                                  - to: { id: tell, uri: "connector:slack/post_message" }
                            otherwise:
                              steps:
                                - log: { id: nobody, message: "nobody is told" }
                """);
        Map<String, String> settings = files.settings("serai.retry.attempts", "0", "serai.alerts.every", "300ms");
        settings.putAll(more);
        hub = TestHub.with(settings);
        for (Role role : Role.values()) {
            tokens.put(role, token("a-" + role.word(), role));
        }
    }

    TestHub hub() {
        return hub;
    }

    String token(Role role) {
        return tokens.get(role);
    }

    String token(String name, Role role) throws SQLException {
        return tokens().create(name, role.word(), Optional.empty(), new ByHand("ada", "a test"))
                .orElseThrow();
    }

    ApiTokens tokens() {
        return new ApiTokens(hub.wiring().database().dataSource(), InstantSource.system());
    }

    /** A contact whose run ends dead. @return the run */
    String dead(String id) {
        contact(id, "nonsense");
        return ends(id, "dead");
    }

    void contact(String id, String status) {
        TestHub.Reply reply = hub.crm("{\"id\":\"" + id + "\",\"updated_at\":\"2026-11-21T10:00:01Z\",\"properties\":"
                + "{\"email\":\"" + id + "@example.com\",\"status\":\"" + status + "\"}}");
        assertThat(reply.status()).isEqualTo(202);
    }

    /** A customer of whom sales is told, while Slack takes the words and says nothing. @return its run, in doubt */
    String doubted(String id) {
        hub.simulator().fault("slack", Fault.drop().times(20));
        String body = "{\"event_id\":\"" + id + "\",\"occurred_at\":\"2026-11-21T09:00:00Z\",\"source\":\"shop\","
                + "\"customer\":{\"email\":\"" + id + "@example.com\",\"plan\":\"pro\"}}";
        TestHub.Reply reply = hub.post(
                "/v1/events/customer.converted", body.getBytes(), Map.of("Authorization", "Bearer " + TestHub.API_KEY));
        String event = reply.body().path("receipt").asText();
        await(id).atMost(Duration.ofSeconds(60)).until(() -> hub.runs("in_doubt").stream()
                .anyMatch(run -> run.event().receipt().equals(event)));
        hub.simulator().clearFaults("slack");
        return hub.runs("in_doubt").stream()
                .filter(run -> run.event().receipt().equals(event))
                .findFirst()
                .orElseThrow()
                .name();
    }

    /** @return the name of the run of a contact, once it is in that state */
    String ends(String id, String state) {
        await(id).atMost(Duration.ofSeconds(60)).until(() -> of(id).state().equals(state));
        return of(id).name();
    }

    /** The state of the run of a contact. */
    String state(String id) {
        return of(id).state();
    }

    private History.Run of(String id) {
        return hub.runs("waiting", "claimed", "done", "dead", "in_doubt").stream()
                .filter(run -> run.event().record().equals("contact:" + id))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        hub.close();
    }
}
