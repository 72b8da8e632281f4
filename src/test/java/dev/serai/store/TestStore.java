package dev.serai.store;

import dev.serai.record.Identified;
import dev.serai.run.Owner;
import dev.serai.run.Pace;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The tables with a clock that stands still until it is moved, and events with defaults for what a test doesn't care about. */
final class TestStore implements AutoCloseable {
    static final Duration LEASE = Duration.ofMinutes(1);

    private static Database shared;

    final Database database;
    final Inbox inbox;
    private final Map<String, Runs> hubs = new ConcurrentHashMap<>();
    /** To the millisecond: the database rounds finer ones. */
    volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    /** For hubs that are not there yet. */
    Rests rests = Rests.NEVER;

    private TestStore(Database database) {
        this.database = database;
        this.inbox = new Inbox(database.intake(), () -> this.now, 100);
    }

    /** In a database of its own, whose schema it may change. */
    static TestStore fresh() {
        return new TestStore(TestDatabase.open());
    }

    /** With empty tables. */
    static synchronized TestStore empty() {
        if (shared == null) {
            shared = TestDatabase.open();
        }
        var store = new TestStore(shared);
        store.execute(
                "TRUNCATE event, event_key, record_version, open_run, done_run, step, attempt, cursor, audit, identifier, erasure");
        return store;
    }

    Receipt store(NewEvent event) {
        return store(List.of(event)).get(0);
    }

    List<Receipt> store(List<NewEvent> events) {
        return joined(inbox.append(events));
    }

    static NewEvent event(String key, String record, String... flows) {
        return versioned(key, record, "", flows);
    }

    static NewEvent versioned(String key, String record, String version, String... flows) {
        return new NewEvent(
                "crm",
                "contact.updated",
                key,
                Optional.empty(),
                record,
                version,
                Optional.empty(),
                "application/json",
                ("{\"key\":\"" + key + "\"}").getBytes(StandardCharsets.UTF_8),
                List.of(flows));
    }

    Runs hub(String name) {
        return hubs.computeIfAbsent(
                name, hub -> new Runs(database.engine(), () -> now, LeaseClock.by(() -> now), hub, rests));
    }

    /** As a hub that has room for ten of each flow. */
    List<ClaimedRun> claim(String... flows) {
        return claim(10, Stream.of(flows).map(flow -> share(flow, 4, 0)).toList());
    }

    List<ClaimedRun> claim(int room, List<Runs.Share> shares) {
        return claim(shares, new Runs.Terms(room, 1 << 20, LEASE, 5, true));
    }

    List<ClaimedRun> claim(List<Runs.Share> shares, Runs.Terms terms) {
        try {
            return hub("hub").claim(shares, terms);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @return the same runs, whose leases say what came of it */
    List<ClaimedRun> renew(List<ClaimedRun> runs) {
        try {
            hub("hub").renew(runs, LEASE);
            return runs;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static Runs.Share share(String flow, int weight, int heldByAll) {
        return new Runs.Share(flow, 100, weight, heldByAll, false, 1, Duration.ZERO);
    }

    void done(ClaimedRun run) {
        joined(hub("hub").done(run, Runs.Account.NONE));
    }

    void dead(ClaimedRun run, boolean holdsLane) {
        joined(hub("hub").dead(run, new Runs.Failure("enrol", "email: is missing", Owner.CONFIG), holdsLane));
    }

    Resume resuming() {
        var data = database.dataSource();
        return new Resume(data, () -> now, new Identifiers(data, new IdentifierKey(data), Identified::in));
    }

    void resume(ClaimedRun run) throws SQLException {
        var which = RunFilter.ALL.ids(List.of(run.id()));
        var order = new Resume.Order(which, Optional.empty(), Pace.AT_ONCE, 1);
        resuming().resume(order, new ByHand("ada", "mended"), soFar -> {});
    }

    List<String> column(String sql) {
        return TestDatabase.column(database.dataSource(), sql);
    }

    void execute(String sql) {
        try (var connection = database.dataSource().getConnection();
                var statement = connection.createStatement()) {
            TestDatabase.patient(connection);
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T joined(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public void close() {
        hubs.values().forEach(Runs::close);
        inbox.close();
        if (database != shared) {
            database.close();
        }
    }
}
