package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.zaxxer.hikari.HikariDataSource;
import dev.serai.config.Settings;
import dev.serai.connector.Connector;
import dev.serai.connector.Request;
import dev.serai.connector.Verdicts;
import dev.serai.facts.QuotaFacts;
import dev.serai.library.Library;
import dev.serai.metric.Metrics;
import dev.serai.metric.Trace;
import dev.serai.metric.Traces;
import dev.serai.route.FlowOptions.Priority;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Outcome;
import dev.serai.run.Verdict;
import dev.serai.simulator.Call;
import dev.serai.simulator.Fault;
import dev.serai.simulator.Simulator;
import dev.serai.store.Breakers;
import dev.serai.store.Buckets;
import dev.serai.store.ByHand;
import dev.serai.store.Database;
import dev.serai.store.Inbox;
import dev.serai.store.ParkedConnections;
import dev.serai.store.ParkedRuns;
import dev.serai.store.Seal;
import dev.serai.store.Secrets;
import dev.serai.store.TestDatabase;
import dev.serai.store.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two hubs on one database under a clock that is moved, that of the database too, and vendors that count. */
class MovedLimitsTest {
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    /** A database whose time is what a row says. */
    private static final List<String> MOVED = List.of(
            "CREATE SCHEMA moved",
            "CREATE TABLE moved.clock AS SELECT timestamptz '" + START + "' AS at",
            "CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT at FROM moved.clock'");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile Instant now = START;
    /** How long a call takes at the simulator. */
    private volatile Duration simulatedCall = Duration.ZERO;

    private Simulator simulator;
    private Database database;
    private HikariDataSource moved;
    private HttpCalls http;

    @BeforeEach
    void start() throws SQLException {
        simulator = open(Simulator.start(0, () -> now = now.plus(simulatedCall)));
        Map<String, String> place = TestDatabase.fresh();
        database = open(Database.open(Settings.read(Path.of("none"), Map.of(), place)));
        moved = open(new HikariDataSource());
        moved.setJdbcUrl(place.get("serai.database.url"));
        moved.setUsername(place.get("serai.database.user"));
        moved.setPassword(place.get("serai.database.password"));
        moved.setMaximumPoolSize(2);
        moved.setConnectionInitSql("SET search_path TO moved, public, pg_catalog");
        for (String sql : MOVED) {
            execute(sql);
        }
        var context = HttpCalls.bareContext();
        opened.add(context::stop);
        http = open(new HttpCalls(context, HttpCallsTest.settings(Map.of())));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.add(part);
        return part;
    }

    private void execute(String sql) throws SQLException {
        try (var connection = moved.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void move(Instant to) throws SQLException {
        if (to.isAfter(now)) {
            now = to;
            execute("UPDATE moved.clock SET at = '" + to + "'");
        }
    }

    private Gate hub() {
        var library = new Library(Map.of(), Map.of(), Map.of());
        var data = database.dataSource();
        var subscribers = new Subscribers();
        var inbox = open(new Inbox(database.intake(), () -> now, 100));
        var metrics = open(new Metrics());
        var intake = new Intake(inbox, subscribers, Duration.ofMinutes(1), Traces.off(), metrics);
        var seal = Seal.of("");
        var stores = new Gate.Stores(
                new Breakers(data),
                new ParkedConnections(data),
                new ParkedRuns(data, () -> now),
                new Tokens(data, seal),
                new Secrets(data, seal),
                new Buckets(moved, Thresholds.USUAL));
        return open(new Gate(
                stores, () -> library, new Gate.Tells(new Alerts(intake, ""), metrics), subscribers, () -> now));
    }

    private Connector connector(String name, String file, String key) {
        var settings = Map.of(name + ".base-url", simulator.url(name), name + "." + key, simulator.secret(name));
        return Connector.read("f", name, file, setting -> Optional.ofNullable(settings.get(setting)));
    }

    /** It states no limit of its shop. */
    private Connector mail() {
        return connector("mailchimp", """
                connector: mailchimp
                base_url: "{{mailchimp.base-url}}"
                auth: { type: basic, user: serai, password: "{{mailchimp.api-key}}" }
                reads:
                  ping:  { path: /ping }
                  lists: { path: /lists }
                """, "api-key");
    }

    private static final Caller RUN = new Caller(Priority.NORMAL, 2, Duration.ZERO, Trace.NONE);

    private Outcome call(Gate gate, Connector connector, String operation) throws IOException {
        return call(gate, connector, operation, connector.build(operation, MissingNode.getInstance(), Map.of(), ""));
    }

    private Outcome call(Gate gate, Connector connector, String operation, Request request) throws IOException {
        try (Gate.Pass pass = gate.enter(connector, operation, RUN)) {
            Outcome outcome = Verdicts.of(connector, operation, pass.send(http, connector, request), now);
            pass.answered(outcome);
            return outcome;
        }
    }

    private StepFailed.Parked parked(Gate gate, Connector connector, String operation) {
        return catchThrowableOfType(StepFailed.Parked.class, () -> call(gate, connector, operation));
    }

    private List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }

    @Test
    void tooManyClosesAnOperationWithoutALimitForAllHubsAndNothingElse() throws Exception {
        Gate first = hub();
        Gate second = hub();
        for (int i = 0; i < 20; i++) {
            assertThat(call(first, mail(), "ping").succeeded()).isTrue();
        }
        assertThat(column("SELECT count(*) FROM quota"))
                .as("what has no limit costs no statement")
                .containsExactly("0");
        simulator.fault(
                "mailchimp", Fault.status(429).retryAfter(Duration.ofMinutes(2)).times(1));

        Outcome refused = call(first, mail(), "ping");

        assertThat(refused.verdict()).isEqualTo(Verdict.RATE_LIMITED);
        StepFailed.Parked itself = first.comesAgain(mail(), refused);
        assertThat(itself.until()).contains(START.plusSeconds(120));
        assertThat(itself.waitsFor()).isEqualTo("quota mailchimp");
        second.look();
        for (Gate hub : List.of(first, second)) {
            StepFailed.Parked parked = parked(hub, mail(), "ping");
            assertThat(parked.waitsFor()).isEqualTo("quota mailchimp");
            assertThat(parked.until().orElseThrow()).isBetween(START.plusSeconds(119), START.plusSeconds(121));
            assertThat(parked.outcome().reason())
                    .startsWith("not sent: mailchimp/ping has asked to wait; its turn is at ");
            assertThat(call(hub, mail(), "lists").succeeded()).isTrue();
        }
        var limits = new QuotaFacts(new Buckets(moved, Thresholds.USUAL));
        var library = new Library(Map.of(), Map.of("mailchimp", mail()), Map.of());
        assertThat(limits.list(library)).singleElement().satisfies(told -> {
            assertThat(told.path("operation").asText()).isEqualTo("ping");
            assertThat(told.path("limit_name").asText()).isEqualTo("not stated");
            assertThat(told.path("closed_until").asText()).isEqualTo("2026-11-21T10:02:00Z");
        });
        move(START.plusSeconds(119));
        second.look();
        assertThat(parked(second, mail(), "ping")).isNotNull();
        move(START.plusSeconds(121));
        for (Gate hub : List.of(first, second)) {
            hub.look();
            assertThat(call(hub, mail(), "ping").succeeded()).isTrue();
        }
        assertThat(limits.list(library)).isEmpty();
    }

    @Test
    void aPersonOpensWhatARemoteHasClosedForAllHubs() throws Exception {
        Gate first = hub();
        Gate second = hub();
        simulator.fault(
                "mailchimp", Fault.status(429).retryAfter(Duration.ofHours(2)).times(1));
        call(first, mail(), "ping");
        second.look();
        assertThat(parked(first, mail(), "ping")).isNotNull();
        assertThat(parked(second, mail(), "ping")).isNotNull();
        column(
                "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'r:1', '{}') RETURNING id");
        column(
                "INSERT INTO open_run (event_id, flow, lane, state, due_at, waits_for) SELECT id, 'f', 'f r:1', 'waiting',"
                        + " '2026-11-21T12:00:00Z', 'quota mailchimp' FROM event RETURNING id");

        assertThat(new ParkedConnections(database.dataSource())
                        .resume("mailchimp", now, new ByHand("ada", "they said so")))
                .isEqualTo(1);
        String due = "SELECT due_at = '" + now + "' FROM open_run";
        assertThat(column(due)).as("woken when a hub knows of it").containsExactly("f");
        var heard = new ArrayList<String>();
        for (Gate hub : List.of(first, second)) {
            hub.onFreed(heard::add);
            hub.look();
            assertThat(column(due)).containsExactly("t");
            // it was about to be parked in the moment in which its hub heard of it, or after another one did
            column("UPDATE open_run SET waits_for = 'quota mailchimp', due_at = '2026-11-21T12:00:00Z' RETURNING id");
        }
        assertThat(heard).containsExactly("quota mailchimp", "quota mailchimp");
        second.look();
        assertThat(column(due)).containsExactly("t");
        assertThat(call(first, mail(), "ping").succeeded()).isTrue();
        assertThat(call(second, mail(), "ping").succeeded()).isTrue();
    }

    @Test
    void aRunThatWaitsForARemoteThatWasSlowComesAsSoonAsThatIsQuickAgain() throws Exception {
        Connector slow = connector("mailchimp", """
                connector: mailchimp
                base_url: "{{mailchimp.base-url}}"
                auth: { type: basic, user: serai, password: "{{mailchimp.api-key}}" }
                quota: { concurrent: 2 }
                reads:
                  ping: { path: /ping }
                """, "api-key");
        Gate hub = hub();
        for (int i = 0; i < 20; i++) {
            try (Gate.Pass pass = hub.enter(slow, "ping", RUN)) {
                simulatedCall = Duration.ofSeconds(9);
                pass.send(http, slow, slow.build("ping", MissingNode.getInstance(), Map.of(), ""));
                simulatedCall = Duration.ZERO;
            }
            move(now.plusMillis(1));
        }
        var held = List.of(hub.enter(slow, "ping", RUN), hub.enter(slow, "ping", RUN));
        Instant due = now;
        for (int i = 0; i < 20; i++) {
            due = parked(hub, slow, "ping").until().orElseThrow();
        }
        assertThat(Duration.between(now, due)).isGreaterThan(Duration.ofSeconds(40));
        column(
                "INSERT INTO event (source, type, key, record, payload) VALUES ('crm', 't', 'k', 'r:1', '{}') RETURNING id");
        column(
                "INSERT INTO open_run (event_id, flow, lane, state, due_at, waits_for) SELECT id, 'f', 'f r:1', 'waiting', '"
                        + due + "', 'quota mailchimp' FROM event RETURNING id");

        hub.look();
        assertThat(column("SELECT due_at = '" + due + "' FROM open_run")).containsExactly("t");
        held.forEach(Gate.Pass::close);
        hub.look();
        assertThat(column("SELECT due_at = '" + now + "' FROM open_run")).containsExactly("t");
    }

    @Test
    void whoIsWokenForAnotherLimitOfHisConnectionHasOneTurnAndNotTwo() throws Exception {
        Connector shop = connector("mailchimp", """
                connector: mailchimp
                base_url: "{{mailchimp.base-url}}"
                auth: { type: basic, user: serai, password: "{{mailchimp.api-key}}" }
                quota: { requests: 2, per: 1h }
                reads:
                  ping:  { path: /ping, quota: { requests: 100, per: 1s } }
                  lists: { path: /lists }
                """, "api-key");
        Gate hub = hub();
        simulator.fault(
                "mailchimp", Fault.status(429).retryAfter(Duration.ofHours(2)).times(1));
        assertThat(call(hub, shop, "ping").verdict()).isEqualTo(Verdict.RATE_LIMITED);
        assertThat(call(hub, shop, "lists").succeeded()).isTrue();
        Instant first = parked(hub, shop, "lists").until().orElseThrow();
        for (int i = 0; i < 5; i++) {
            parked(hub, shop, "lists");
        }

        new ParkedConnections(database.dataSource()).resume("mailchimp", now, new ByHand("ada", "they said so"));
        hub.look();

        assertThat(parked(hub, shop, "lists").until())
                .as("all of them come now, so that no turn of before is taken")
                .contains(first);
    }

    private record Batch(Instant at, int number) {}

    /** The promise is 1.05 times what the limit alone leaves: 500 calls under 190 in any ten seconds take twenty. How many
     * records each holds is nothing to the limit. */
    @Test
    void fiveHundredBatchesOfTwoHubsTakeNoLongerThanTheWindowLeavesAndNoneIsRefused() throws Exception {
        Connector hubspot =
                connector("hubspot", Files.readString(Path.of("mappings/hubspot/connector.yaml")), "access-token");
        simulator.limits("hubspot");
        List<Gate> hubs = List.of(hub(), hub());
        var waiting = new PriorityQueue<>(Comparator.comparing(Batch::at).thenComparing(Batch::number));
        IntStream.range(0, 500).forEach(number -> waiting.add(new Batch(START, number)));
        Instant told = START;
        while (!waiting.isEmpty()) {
            Batch batch = waiting.remove();
            for (; told.isBefore(batch.at); told = told.plusMillis(250)) {
                move(told);
                hubs.forEach(Gate::tell);
            }
            move(batch.at);
            Request request = hubspot.batch("upsert_contacts").orElseThrow().request(contacts(batch.number), Map.of());
            try {
                call(hubs.get(batch.number % 2), hubspot, "upsert_contacts", request);
            } catch (StepFailed.Parked parked) {
                waiting.add(new Batch(parked.until().orElseThrow().plusMillis(50), batch.number));
            }
        }

        List<Call> calls = simulator.ledger().calls("hubspot");
        assertThat(calls).hasSize(500).allSatisfy(call -> assertThat(call.status())
                .isEqualTo(200));
        Instant last =
                calls.stream().map(Call::at).max(Comparator.naturalOrder()).orElseThrow();
        assertThat(Duration.between(START, last)).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
    }

    private static List<JsonNode> contacts(int batch) {
        return IntStream.range(0, 2)
                .<JsonNode>mapToObj(i -> {
                    String email = "p" + (2 * batch + i) + "@example.com";
                    var contact =
                            JsonMapper.builder().build().createObjectNode().put("id", email);
                    contact.put("idProperty", "email").putObject("properties").put("email", email);
                    return contact;
                })
                .toList();
    }
}
