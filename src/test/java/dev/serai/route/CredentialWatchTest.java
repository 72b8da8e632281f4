package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.connector.Connector;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.store.ByHand;
import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.TestDatabase;
import dev.serai.store.Tokens;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What hubs know of a parked connection, and when the runs that wait for it are woken. */
class CredentialWatchTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static volatile String key = "a-key";
    private static final Connector MAIL = Connector.read("f", "mail", """
            connector: mail
            base_url: https://mail.example
            auth: { type: basic, user: serai, password: "{{mail.api-key}}" }
            reads: { ping: { path: /ping } }
            """, setting -> Optional.of(key));

    private volatile Instant now = NOW;
    private final Database database = TestDatabase.open();
    private final Metrics metrics = new Metrics();
    private final Inbox inbox = new Inbox(database.intake(), () -> NOW, 100);
    private final List<String> wokenTooEarly = new ArrayList<>();
    /** Called when a hub has been told of the parked connections, and does not know it yet. */
    private volatile Runnable answered = () -> {};

    private CredentialWatch first;
    private CredentialWatch second;

    @BeforeEach
    void park() throws SQLException {
        key = "a-key";
        first = hub(this::sendsAway);
        second = hub(() -> false);
        column(
                "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'r:1', '{}') RETURNING id");
        column("INSERT INTO open_run (event_id, flow, lane, state, due_at) SELECT id, 'f', 'f r:1', 'waiting', now()"
                + " FROM event RETURNING id");
        runIsParked();
        first.refused(MAIL, first.used(MAIL), false, "mail answered 401");
        second.look();
        assertThatThrownBy(() -> first.check(MAIL)).isInstanceOf(StepFailed.Parked.class);
        assertThatThrownBy(() -> second.check(MAIL)).isInstanceOf(StepFailed.Parked.class);
        new ParkedConnections(database.dataSource()).resume("mail", NOW, new ByHand("ada", "the key is valid again"));
    }

    @AfterEach
    void close() {
        inbox.close();
        metrics.close();
        database.close();
    }

    @Test
    void runsAreWokenWhenTheirHubKnowsThatTheWayIsFree() throws SQLException {
        first.look();

        assertThat(isDue()).isTrue();
        assertThatCode(() -> first.check(MAIL)).doesNotThrowAnyException();
        assertThat(wokenTooEarly)
                .as("it was due while its hub would have sent it away")
                .isEmpty();
    }

    @Test
    void eachHubWakesWhatItSentAwayUntilItKnew() throws SQLException {
        first.look();
        runIsParked();

        second.look();

        assertThat(isDue()).isTrue();
        runIsParked();
        second.look();
        assertThat(isDue()).as("once is enough").isFalse();
    }

    /** Its successor was set, let the runs go on, and was taken back with its deployment. */
    @Test
    void aKeyThatIsGivenBackAfterItWasRefusedIsToldAndNotTriedEveryFiveSeconds() throws SQLException {
        first.look();
        first.refused(MAIL, first.used(MAIL), false, "mail answered 401");
        key = "another-key";
        first.look();
        assertThatCode(() -> first.check(MAIL)).doesNotThrowAnyException();
        int before = toldAsParked();

        key = "a-key";
        first.look();
        assertThat(toldAsParked()).as("a deployment may be under way").isEqualTo(before);
        now = NOW.plus(Duration.ofMinutes(1));
        first.look();
        first.look();

        assertThat(toldAsParked()).isEqualTo(before + 1);
        assertThatThrownBy(() -> first.check(MAIL))
                .isInstanceOf(StepFailed.Parked.class)
                .hasMessageEndingWith("it is set to a credential again that was refused before");
        runIsParked();
        new ParkedRuns(database.dataSource(), () -> NOW).wakeLetGo();
        assertThat(isDue()).as("it waits for another key").isFalse();

        column("UPDATE parked_connection SET state = 'renewed' RETURNING connection");
        now = now.plus(Duration.ofMinutes(59));
        first.look();
        assertThat(toldAsParked()).as("a hub with another key lets it go").isEqualTo(before + 1);
        key = "another-key";
        first.look();
        key = "a-key";
        first.look();
        now = now.plus(Duration.ofMinutes(1));
        first.look();
        assertThat(toldAsParked()).as("given back once more").isEqualTo(before + 2);
    }

    private int toldAsParked() {
        return column("SELECT id FROM event WHERE type = 'serai.alert'"
                        + " AND convert_from(payload, 'UTF8') LIKE '%connection.parked%'")
                .size();
    }

    @Test
    @Timeout(60)
    void whoWaitsForTheDatabaseKeepsNobodyElseWaitingAndIsNotBelievedAfterThem() throws Exception {
        column("DELETE FROM parked_connection RETURNING connection");
        var heard = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = hub(() -> false);
        answered = () -> {
            answered = () -> {};
            heard.countDown();
            await(goOn);
        };
        var early = CompletableFuture.runAsync(() -> look(slow));
        heard.await();
        second.look();
        second.refused(MAIL, second.used(MAIL), false, "mail answered 401");

        slow.look();

        assertThatThrownBy(() -> slow.check(MAIL)).isInstanceOf(StepFailed.Parked.class);
        goOn.countDown();
        early.join();
        assertThatThrownBy(() -> slow.check(MAIL))
                .as("what was read before the refusal comes too late")
                .isInstanceOf(StepFailed.Parked.class);
    }

    @Test
    void anotherKeyThanTheOneBeforeIsNotedOnceThoughNoneWasRefusedAndHubsAreRestarted() throws SQLException {
        uses(first, "a-key");
        assertThat(changes()).as("the first one there is").isEmpty();
        uses(first, "a-new-key");
        uses(second, "a-new-key");
        assertThat(changes()).containsExactly("it is called with another credential than before");
        var restarted = hub(() -> false);
        uses(restarted, "a-new-key");
        assertThat(changes()).as("as before the restart").hasSize(1);
        var again = hub(() -> false);
        uses(again, "a-third-key");
        uses(again, "a-third-key");
        assertThat(changes()).as("changed while no hub ran").hasSize(2);
        assertThat(column("SELECT a::text FROM audit a UNION ALL SELECT u::text FROM used_credential u"))
                .as("no key")
                .noneMatch(row -> row.contains("-key"));
    }

    private static void uses(CredentialWatch hub, String other) throws SQLException {
        key = other;
        hub.used(MAIL);
        hub.look();
        key = "a-key";
    }

    private List<String> changes() {
        return column("SELECT why FROM audit WHERE connection = 'mail' AND what = 'credential changed'");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(CredentialWatch hub) {
        try {
            hub.look();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isDue() {
        return column("SELECT due_at <= '" + NOW + "' FROM open_run").equals(List.of("t"));
    }

    private void runIsParked() {
        column("UPDATE open_run SET waits_for = 'mail/*', due_at = '" + NOW.plus(Duration.ofDays(1))
                + "' RETURNING id");
    }

    /** Whether the first hub would send a run away that is due. */
    private boolean sendsAway() {
        if (!isDue()) {
            return false;
        }
        try {
            first.check(MAIL);
            return false;
        } catch (StepFailed.Parked e) {
            return true;
        }
    }

    private interface Wrong {
        boolean now();
    }

    private CredentialWatch hub(Wrong wrong) {
        DataSource real = database.dataSource();
        var data = watched(DataSource.class, (proxy, method, arguments) -> {
            Object made = method.invoke(real, arguments);
            var told = new AtomicBoolean();
            return made instanceof Connection connection
                    ? watched(Connection.class, (p, called, with) -> {
                        Object said = called.invoke(connection, with);
                        if (called.getName().equals("prepareStatement")) {
                            told.set(with[0].equals("SELECT * FROM parked_connection"));
                        }
                        if (called.getName().equals("close") && wrong.now()) {
                            wokenTooEarly.add("after a statement");
                        }
                        if (called.getName().equals("close") && told.get()) {
                            answered.run();
                        }
                        return said;
                    })
                    : made;
        });
        var intake = new Intake(inbox, new Subscribers(), Duration.ofMinutes(1), Traces.off(), metrics);
        var seal = Seal.of("");
        var stores = new Gate.Stores(
                null,
                new ParkedConnections(data),
                new ParkedRuns(data, () -> NOW),
                new Tokens(data, seal),
                new Secrets(data, seal),
                null);
        var library = new Library(Map.of(), Map.of("mail", MAIL), Map.of());
        var hears = new CredentialWatch.Hears(
                connected -> {}, name -> stores.runs().wake(ParkedRuns.anyOf(name), ParkedRuns.Woken.NOBODY));
        return new CredentialWatch(stores, () -> library, new Alerts(intake, ""), hears, () -> now);
    }

    private static <T> T watched(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(CredentialWatchTest.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }
}
