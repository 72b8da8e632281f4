package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Where events become safe. Event, key and one run per flow are one transaction; many requests share it, and each is
 * answered when it has committed.
 */
public final class Inbox implements AutoCloseable {
    /** Requests in one transaction: more gains little and makes the first ones wait. */
    private static final int MOST_PER_COMMIT = 256;
    /** Payloads that may wait for their commit, beside the number of requests: large bodies must not fill the heap. */
    private static final long MOST_WAITING_BYTES = 64L << 20;

    private static final String APPEND = """
            WITH moment AS (SELECT ?::timestamptz AS now),
            given AS MATERIALIZED (
              SELECT nextval('event_id_seq') AS id, g.*
                FROM unnest(?::int[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::text[],
                            ?::timestamptz[], ?::text[], ?::bytea[])
                  AS g(ord, source, key, expires_at, type, record, version, occurred_at, content_type, payload)),
            fresh AS (
              INSERT INTO event_key (source, key, event_id, expires_at)
              SELECT source, key, id, expires_at FROM given ORDER BY source, key     -- one order: two hubs can't deadlock
              ON CONFLICT (source, key) DO UPDATE SET event_id = EXCLUDED.event_id, expires_at = EXCLUDED.expires_at
                WHERE event_key.expires_at <= (SELECT now FROM moment)
              RETURNING event_id),
            stored AS (
              INSERT INTO event (id, source, key, type, record, version, occurred_at, content_type, payload, received_at)
              SELECT id, source, key, type, record, version, occurred_at, content_type, payload, now
                FROM given JOIN fresh ON fresh.event_id = given.id CROSS JOIN moment ORDER BY ord),
            runs AS (
              INSERT INTO run (event_id, flow, lane, due_at, created_at)
              SELECT given.id, f.flow, f.flow || ' ' || given.record, now, now
                FROM moment, unnest(?::int[], ?::text[]) WITH ORDINALITY AS f(ord, flow, turn)
                JOIN given ON given.ord = f.ord JOIN fresh ON fresh.event_id = given.id ORDER BY f.turn)
            SELECT given.ord, given.id, fresh.event_id IS NOT NULL AS is_fresh
              FROM given LEFT JOIN fresh ON fresh.event_id = given.id""";

    private static final String EARLIER = """
            SELECT g.ord, k.event_id FROM unnest(?::int[], ?::text[], ?::text[]) AS g(ord, source, key)
              JOIN event_key k ON k.source = g.source AND k.key = g.key""";

    private final DataSource database;
    private final InstantSource clock;
    private final GroupCommit<List<NewEvent>, List<Receipt>> writer;
    private final AtomicLong waitingBytes = new AtomicLong();

    /** @param queue requests that may wait for their commit */
    public Inbox(DataSource database, InstantSource clock, int queue) {
        this.database = database;
        this.clock = clock;
        this.writer = new GroupCommit<>("inbox", queue, MOST_PER_COMMIT, this::commit);
    }

    /**
     * Stores the events of one request, or none of them.
     *
     * @return one receipt per event, in order, once all are committed
     * @throws Busy when too many requests wait already
     */
    public CompletionStage<List<Receipt>> append(List<NewEvent> events) {
        long bytes = events.stream().mapToLong(event -> event.payload().length).sum();
        if (waitingBytes.addAndGet(bytes) > MOST_WAITING_BYTES) {
            waitingBytes.addAndGet(-bytes);
            throw new Busy();
        }
        try {
            return writer.submit(events).whenComplete((receipts, failure) -> waitingBytes.addAndGet(-bytes));
        } catch (GroupCommit.Full e) {
            waitingBytes.addAndGet(-bytes);
            throw new Busy();
        }
    }

    private List<List<Receipt>> commit(List<List<NewEvent>> requests) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                var receipts = append(connection, clock.instant(), requests);
                connection.commit();
                return receipts;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    /** Appends within the caller's transaction: a poll moves its cursor in the same one. */
    static List<List<Receipt>> append(Connection connection, Instant now, List<List<NewEvent>> requests)
            throws SQLException {
        var batch = new Batch(now);
        requests.forEach(request -> request.forEach(batch::add));
        var receipts = batch.write(connection);
        var answers = new ArrayList<List<Receipt>>();
        int at = 0;
        for (var request : requests) {
            answers.add(List.copyOf(receipts.subList(at, at + request.size())));
            at += request.size();
        }
        return answers;
    }

    @Override
    public void close() {
        writer.close();
    }

    private record Key(String source, String key) {}

    /** The events of one transaction; a key that comes twice in it is written once. */
    private static final class Batch {
        private final Instant now;
        private final List<NewEvent> distinct = new ArrayList<>();
        private final Map<Key, Integer> position = new HashMap<>();
        private final List<Integer> positions = new ArrayList<>();
        private final List<Boolean> repeated = new ArrayList<>();

        Batch(Instant now) {
            this.now = now;
        }

        void add(NewEvent event) {
            var key = new Key(event.source(), event.key());
            Integer earlier = position.putIfAbsent(key, distinct.size());
            positions.add(earlier == null ? distinct.size() : earlier);
            repeated.add(earlier != null);
            if (earlier == null) {
                distinct.add(event);
            }
        }

        List<Receipt> write(Connection connection) throws SQLException {
            Receipt[] written = insert(connection);
            lookUpEarlier(connection, written);
            var receipts = new ArrayList<Receipt>();
            for (int i = 0; i < positions.size(); i++) {
                Receipt receipt = written[positions.get(i)];
                receipts.add(repeated.get(i) ? new Receipt(receipt.eventId(), true) : receipt);
            }
            return receipts;
        }

        private Receipt[] insert(Connection connection) throws SQLException {
            var receipts = new Receipt[distinct.size()];
            try (PreparedStatement append = connection.prepareStatement(APPEND)) {
                var ordinals = IntStream.range(0, distinct.size()).boxed().toList();
                var flows = ordinals.stream()
                        .flatMap(i -> distinct.get(i).flows().stream().map(flow -> Map.entry(i, flow)))
                        .toList();
                new Sql.Columns(append)
                        .add(now)
                        .add("int4", ordinals, i -> i)
                        .add("text", distinct, NewEvent::source)
                        .add("text", distinct, NewEvent::key)
                        .add("timestamptz", distinct, e -> expiry(e.keyHolds()))
                        .add("text", distinct, NewEvent::type)
                        .add("text", distinct, NewEvent::record)
                        .add("text", distinct, NewEvent::version)
                        .add("timestamptz", distinct, e -> e.occurredAt()
                                .map(Instant::toString)
                                .orElse(null))
                        .add("text", distinct, NewEvent::contentType)
                        .add("bytea", distinct, NewEvent::payload)
                        .add("int4", flows, Map.Entry::getKey)
                        .add("text", flows, Map.Entry::getValue);
                try (ResultSet rows = append.executeQuery()) {
                    while (rows.next()) {
                        if (rows.getBoolean("is_fresh")) {
                            receipts[rows.getInt("ord")] = new Receipt(rows.getLong("id"), false);
                        }
                    }
                }
            }
            return receipts;
        }

        private String expiry(Optional<Duration> holds) {
            return holds.map(time -> now.plus(time).toString()).orElse("infinity");
        }

        /** A statement of its own sees what another hub committed while ours waited for the key. */
        private void lookUpEarlier(Connection connection, Receipt[] receipts) throws SQLException {
            var missing = new ArrayList<Integer>();
            for (int i = 0; i < receipts.length; i++) {
                if (receipts[i] == null) {
                    missing.add(i);
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            try (PreparedStatement earlier = connection.prepareStatement(EARLIER)) {
                new Sql.Columns(earlier)
                        .add("int4", missing, i -> i)
                        .add("text", missing, i -> distinct.get(i).source())
                        .add("text", missing, i -> distinct.get(i).key());
                try (ResultSet rows = earlier.executeQuery()) {
                    while (rows.next()) {
                        receipts[rows.getInt(1)] = new Receipt(rows.getLong(2), true);
                    }
                }
            }
        }
    }

    /** Too many requests wait for their commit. */
    public static final class Busy extends RuntimeException {
        Busy() {
            super("too many requests wait to be stored", null, false, false);
        }
    }
}
