package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.TestFolders;
import dev.serai.file.Place;
import dev.serai.library.Library;
import dev.serai.library.LibraryFolder;
import dev.serai.metric.Metrics;
import dev.serai.metric.Traces;
import dev.serai.store.Database;
import dev.serai.store.DriftShapes;
import dev.serai.store.DriftShapes.Stream;
import dev.serai.store.Drifts;
import dev.serai.store.Inbox;
import dev.serai.store.NewEvent;
import dev.serai.store.TestDatabase;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The radar beside a real store, with a clock that stands still until it is moved. */
class DriftWatchTest {
    private static final String FLOW = """
            - route:
                id: orders
                routeConfigurationId: write
                from:
                  uri: event:order.changed?source=shop
                  steps:
                    - choice:
                        id: large
                        when:
                          - simple: "${body[total]} > 100"
                            steps: [ { log: { id: say, message: "large" } } ]
                    - to: { id: to-order, uri: "mapping:shop/order-to-order" }
            """;
    private static final String MAPPING = """
            mapping: shop/order-to-order
            from: any
            fields:
              status: { from: state, do: [lower], table: { open: open, paid: done }, unknown: pass }
              name:   { from: buyer }
            tests: [ { name: t, given: { state: open }, expect: { status: open } } ]
            """;

    @TempDir
    private Path folder;

    private static Database database;

    private final List<DriftWatch> watches = new ArrayList<>();
    private Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private Inbox inbox;
    private boolean away;
    private int events;

    @BeforeAll
    static void open() {
        database = TestDatabase.open();
    }

    @AfterAll
    static void shut() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("TRUNCATE event, event_key, drift, drift_shape; ALTER SEQUENCE event_number RESTART;"
                    + " UPDATE drift_watch SET position = 0, sampled_at = NULL, claimed_by = NULL, lease_until = NULL");
        }
        inbox = new Inbox(database.intake(), () -> now, 100);
    }

    @AfterEach
    void close() {
        watches.forEach(DriftWatch::close);
        inbox.close();
    }

    @Test
    void whatChangesInAStreamIsOneAlertThatNamesTheTableToMend() throws Exception {
        DriftWatch watch = watch("one", 500);
        store(150, "{\"state\":\"open\",\"total\":7,\"note\":\"x\",\"buyer\":\"Ada\"}");
        looks(watch);
        store(20, "{\"state\":\"on_hold\",\"total\":\"7\",\"buyer\":\"Ada\",\"extra\":{\"a\":1,\"b\":2}}");
        looks(watch);
        assertThat(alerts()).isEmpty();
        now = now.plus(DriftWatch.QUIET);
        watch.look();
        now = now.plus(DriftWatch.QUIET);
        watch.look();

        assertThat(alerts()).hasSize(1);
        JsonNode alert = alerts().get(0);
        assertThat(alert.get("kind").asText()).isEqualTo("drift.found");
        assertThat(alert.get("importance").asText()).isEqualTo("table");
        assertThat(alert.get("reason").asText())
                .isEqualTo("what shop sends as order.changed has changed: state has a new value: on_hold, and 3 more");
        assertThat(alert.get("what_to_do").asText())
                .isEqualTo(
                        "Add \"on_hold\" to the table at mappings/shop/order-to-order.yaml:4:46 (status); now it lets it"
                                + " pass as it is. All of it: serai drift list");
        assertThat(alert.get("findings"))
                .extracting(
                        f -> f.get("importance").asText() + " " + f.get("what").asText())
                .containsExactlyInAnyOrder(
                        "table state has a new value: on_hold",
                        "read total is a number in quotes, was a number",
                        "harmless note is gone",
                        "harmless extra is new");
        assertThat(alert.get("findings").get(0).get("receipt").asText()).isEqualTo("e_151");
        assertThat(alert.toString()).doesNotContain("Ada");
    }

    @Test
    void aHubThatDiesIsFollowedByAnotherAsIfNothingHadHappened() throws Exception {
        DriftWatch first = watch("first", 500);
        DriftWatch second = watch("second", 500);
        store(150, "{\"state\":\"open\"}");
        store(3, "{\"state\":\"open\",\"x\":1}");
        looks(first);
        now = now.plusSeconds(30);
        first.look();
        second.look();
        assertThat(column("SELECT claimed_by || position FROM drift_watch")).containsExactly("first153");

        // read, but not kept when it dies
        store(2, "{\"state\":\"open\",\"x\":1}");
        looks(first);
        store(15, "{\"state\":\"open\",\"x\":1}");
        now = now.plus(DriftWatch.LEASE);
        looks(second);
        assertThat(found()).containsExactly("new x 151");
        first.look();

        assertThat(column("SELECT claimed_by || position FROM drift_watch")).containsExactly("second170");
        assertThat(column("SELECT shape::json ->> 'all' FROM drift_shape")).containsExactly("170");
    }

    @Test
    void aHubThatStopsKeepsWhatItKnowsAndLetsTheNextGoOnAtOnce() throws Exception {
        DriftWatch first = watch("first", 500);
        store(150, "{\"state\":\"open\"}");
        looks(first);
        first.close();
        store(15, "{\"state\":\"open\",\"x\":1}");
        DriftWatch second = watch("second", 500);
        looks(second);

        assertThat(found()).containsExactly("new x 151");
    }

    @Test
    void whileTheStoreIsAwayNothingIsLostAndNothingIsToldTwice() throws Exception {
        DriftWatch watch = watch("one", 500);
        store(150, "{\"state\":\"open\"}");
        looks(watch);
        store(15, "{\"state\":\"open\",\"x\":1}");
        away = true;
        assertThatThrownBy(watch::look).isInstanceOf(SQLException.class);
        away = false;
        looks(watch);
        watch.look();

        assertThat(found()).containsExactly("new x 151");
    }

    @Test
    void bodiesThatAreHugeOrNoJsonAndAlertsDoNoHarm() throws Exception {
        DriftWatch watch = watch("one", 500);
        store(130, "a=1&b=2");
        store(2, "{\"a\":\"" + "x".repeat(DriftWatch.LARGEST_BODY) + "\"}");
        store(1, "");
        inbox.append(List.of(event("serai", "serai.alert", "{}")))
                .toCompletableFuture()
                .join();
        store(1, "a=1");
        looks(watch);
        now = now.plusSeconds(30);
        watch.look();

        assertThat(column("SELECT source || (shape::json ->> 'all') FROM drift_shape"))
                .containsExactly("shop132");
        store(20, "{\"a\":1}");
        looks(watch);
        assertThat(found()).containsExactly("retyped  136");
    }

    @Test
    void whenTooMuchComesTheNewestAreLookedAtAndThatIsNoted() throws Exception {
        DriftWatch watch = watch("one", 5);
        store(300, "{\"state\":\"open\"}");
        looks(watch);
        now = now.plusSeconds(30);
        watch.look();

        assertThat(column("SELECT position || ' ' || (sampled_at IS NOT NULL) FROM drift_watch"))
                .containsExactly("300 true");
        DriftWatch off = watch("off", 0);
        off.look();
        assertThat(column("SELECT claimed_by FROM drift_watch")).containsExactly("one");
    }

    @Test
    void aValueThatATableLetsPassIsToldOnceHoweverOftenItComes() throws Exception {
        var passed = new PassedValues(() -> now);
        DriftWatch watch = watch("one", passed, 500);
        var stream = new Stream("shop", "order.changed");
        var table = new Place("mappings/shop/order-to-order.yaml", 4, 46);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 50; i++) {
                passed.note(stream, 7 + i, "shop/order-to-order status", table, "on_hold");
            }
            watch.look();
            now = now.plus(DriftWatch.QUIET);
            watch.look();
        }
        assertThat(alerts())
                .extracting(alert -> alert.get("reason").asText())
                .containsExactly(
                        "what shop sends as order.changed has changed: shop/order-to-order status let pass: on_hold");
        assertThat(alerts().get(0).get("what_to_do").asText())
                .startsWith("Add \"on_hold\" to the table at mappings/shop/order-to-order.yaml:4:46.");
        assertThat(column("SELECT count || ' ' || event_id FROM drift")).containsExactly("150 7");
        for (int i = 0; i < 2_000; i++) {
            passed.note(stream, 7, "shop/order-to-order status", table, "v" + i);
        }
        assertThat(passed.drain()).hasSize(500);
    }

    /** Until it has seen all that is stored. */
    private void looks(DriftWatch watch) {
        long newest = Long.parseLong(column("SELECT max(id) FROM event").get(0));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    watch.look();
                    return watch.position() >= newest;
                });
    }

    private DriftWatch watch(String name, int sample) {
        return watch(name, new PassedValues(() -> now), sample);
    }

    private DriftWatch watch(String name, PassedValues passed, int sample) {
        var files = watches.isEmpty()
                ? new TestFolders(folder).flow("orders", FLOW).mapping("shop/order-to-order.yaml", MAPPING)
                : null;
        DataSource data = failing(database.dataSource());
        var intake = new Intake(inbox, new Subscribers(), Duration.ofMinutes(10), Traces.off(), new Metrics());
        var hub = new Hub(
                null, () -> Library.EMPTY, intake, null, null, null, passed, new Metrics(), Traces.off(), () -> now);
        var watch = new DriftWatch(
                new DriftWatch.Stores(new DriftShapes(data), new Drifts(data)),
                hub,
                () -> DriftHits.of(files.routes(), LibraryFolder.read(files.mappings(), setting -> Optional.empty())),
                new Alerts(intake, ""),
                new DriftWatch.Limits(name, sample));
        watches.add(watch);
        return watch;
    }

    /** The database, unless it is away. */
    private DataSource failing(DataSource real) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (away) {
                        throw new SQLException("the database is away");
                    }
                    return method.invoke(real, arguments);
                });
    }

    private void store(int many, String body) {
        var batch = new ArrayList<NewEvent>();
        for (int i = 0; i < many; i++) {
            batch.add(event("shop", "order.changed", body));
        }
        inbox.append(batch).toCompletableFuture().join();
    }

    private NewEvent event(String source, String type, String body) {
        String key = "k" + ++events;
        return new NewEvent(
                source,
                type,
                key,
                Optional.empty(),
                key,
                "",
                Optional.empty(),
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                List.of());
    }

    private List<String> found() {
        return column("SELECT kind || ' ' || path || ' ' || event_id FROM drift ORDER BY id");
    }

    private List<JsonNode> alerts() {
        return column("SELECT convert_from(payload, 'UTF8') FROM event WHERE type = 'serai.alert' ORDER BY id").stream()
                .map(text -> {
                    try {
                        return new ObjectMapper().readTree(text);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }
}
