package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.TestFolders;
import dev.serai.TestHub;
import dev.serai.simulator.Fault;
import dev.serai.store.ByHand;
import dev.serai.store.FlowSwitches;
import dev.serai.store.FlowSwitches.State;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an author says of a flow in its {@code event:}, seen from outside. */
class FlowOptionsTest {
    @TempDir
    private static Path folder;

    private static TestHub hub;

    @BeforeAll
    static void start() {
        var files = new TestFolders(folder).flow("options", """
                - route:
                    id: newest-only
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated
                      steps:
                        - log: { id: newest, message: "newest" }
                - route:
                    id: every-one
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?skipStale=false
                      steps:
                        - to: { id: note, uri: "event:noted", parameters: { record: "note:${header.SeraiRecordId} stale ${header.SeraiStale}" } }
                - route:
                    id: careful
                    routeConfigurationId: write
                    from:
                      uri: event:contact.updated?holdOnDeadLetter=true
                      steps:
                        - choice:
                            id: fit
                            when:
                              - simple: "${body[email]} == null"
                                steps:
                                  - throwException: { id: refuse, exceptionType: java.lang.IllegalArgumentException, message: "no address" }
                - route:
                    id: one-at-a-time
                    routeConfigurationId: write
                    from:
                      uri: event:customer.converted?concurrent=1&priority=critical
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
    void aLateOlderVersionIsLeftOutAndSaysWhichOneWasNewerUnlessTheFlowWantsIt() {
        tell("1", "2026-11-21T10:00:00Z");
        eventually(() -> hub.column("SELECT id FROM event WHERE record = 'note:1 stale false'")
                        .size()
                == 1);

        tell("1", "2026-11-21T09:00:00Z");

        eventually(() -> hub.column("SELECT id FROM event WHERE record = 'note:1 stale true'")
                        .size()
                == 1);
        eventually(() -> states("newest-only", "contact:1").equals(List.of("done", "done")));
        assertThat(hub.column("SELECT reason FROM run JOIN event ON event.id = event_id WHERE flow = 'newest-only'"
                        + " AND record = 'contact:1' ORDER BY run.id"))
                .satisfiesExactly(first -> assertThat(first).isNull(), late -> assertThat(late)
                        .startsWith("a newer version of contact:1 came before it, e_"));
    }

    @Test
    void aLateOlderVersionIsLeftOutThoughItsFirstClaimWasGivenBack() throws SQLException {
        waitsWithANewerOneBefore("4");
        hub.column("UPDATE open_run SET claims = 1 WHERE flow = 'newest-only' RETURNING 1");

        switched(State.ON);

        eventually(() -> states("newest-only", "contact:4").equals(List.of("done", "done")));
        assertThat(reasons("4")).satisfiesExactly(first -> assertThat(first).isNull(), late -> assertThat(late)
                .startsWith("a newer version of contact:4 came before it, e_"));
    }

    @Test
    void aLateOlderVersionThatAPersonHasResumedGoesThrough() throws SQLException {
        waitsWithANewerOneBefore("5");
        hub.column("UPDATE open_run SET claims = 1, tried_since = tried_since + interval '1 ms'"
                + " WHERE flow = 'newest-only' RETURNING 1");

        switched(State.ON);

        eventually(() -> states("newest-only", "contact:5").equals(List.of("done", "done")));
        assertThat(reasons("5")).containsOnlyNulls();
    }

    private static void waitsWithANewerOneBefore(String id) throws SQLException {
        tell(id, "2026-11-21T10:00:00Z");
        eventually(() -> states("newest-only", "contact:" + id).equals(List.of("done")));
        switched(State.PAUSED);
        tell(id, "2026-11-21T09:00:00Z");
        eventually(() -> states("newest-only", "contact:" + id).equals(List.of("done", "waiting")));
    }

    private static void switched(State state) throws SQLException {
        new FlowSwitches(hub.wiring().database().dataSource())
                .set("newest-only", state, Instant.now(), new ByHand("ada", "to see"));
        eventually(() -> hub.wiring().hub().flowState("newest-only") == state);
    }

    private static List<String> reasons(String id) {
        return hub.column("SELECT reason FROM run JOIN event ON event.id = event_id WHERE flow = 'newest-only'"
                + " AND record = 'contact:" + id + "' ORDER BY run.id");
    }

    @Test
    void aDeadLetterHoldsItsRecordWhereTheFlowSaysSoAndNoOther() {
        hub.crm("{\"id\":\"2\",\"updated_at\":\"2026-11-21T10:00:00Z\"}");
        eventually(() -> states("careful", "contact:2").equals(List.of("dead")));

        tell("2", "2026-11-21T11:00:00Z");
        tell("3", "2026-11-21T11:00:00Z");

        eventually(() -> states("careful", "contact:3").equals(List.of("done")));
        assertThat(states("careful", "contact:2")).containsExactly("dead", "waiting");
        eventually(() -> states("newest-only", "contact:2").equals(List.of("done", "done")));
    }

    @Test
    void aFlowWithALimitOfOneHoldsOneRunAtATime() {
        hub.simulator().noLimits("slack");
        hub.simulator().fault("slack", Fault.delay(Duration.ofMillis(200)).times(5));
        for (int i = 0; i < 5; i++) {
            hub.post(
                    "/v1/events/customer.converted",
                    DoorsTest.converted("limit-" + i),
                    Map.of("X-API-Key", TestHub.API_KEY));
        }

        eventually(() -> {
            assertThat(hub.column("SELECT count(*) FROM open_run WHERE flow = 'one-at-a-time' AND state = 'claimed'"))
                    .isSubsetOf("0", "1");
            return hub.column("SELECT id FROM run WHERE flow = 'one-at-a-time' AND state = 'done'")
                            .size()
                    == 5;
        });
        assertThat(hub.simulator().ledger().calls("slack")).hasSize(5);
    }

    private static void tell(String id, String updatedAt) {
        assertThat(hub.crm("{\"id\":\"" + id + "\",\"email\":\"a@example.com\",\"updated_at\":\"" + updatedAt + "\"}")
                        .status())
                .isEqualTo(202);
    }

    private static List<String> states(String flow, String record) {
        return hub.column("SELECT state FROM run JOIN event ON event.id = event_id WHERE flow = '" + flow
                + "' AND record = '" + record + "' ORDER BY run.id");
    }

    private static void eventually(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60)).until(condition);
    }
}
