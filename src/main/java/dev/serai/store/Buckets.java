package dev.serai.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.run.Allowance;
import dev.serai.run.Allowance.Thresholds;
import dev.serai.run.Bucket;
import dev.serai.run.Bucket.Level;
import dev.serai.run.Share.Asking;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * The buckets of all connections, shared by all hubs. A row is locked while {@link Bucket} says what becomes of it; time is
 * the database's, as the clocks of hubs differ by more than a window may.
 */
public final class Buckets {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LOCK =
            "SELECT state, clock_timestamp() AS now FROM quota WHERE connection = ? AND operation = ? FOR UPDATE";
    private static final String KNOWN =
            "INSERT INTO quota (connection, operation, state) VALUES (?, ?, '{}') ON CONFLICT DO NOTHING";
    private static final String WRITE = "UPDATE quota SET state = ?::jsonb WHERE connection = ? AND operation = ?";
    private static final String ALL = "SELECT connection, operation, state, clock_timestamp() AS now FROM quota";

    private static final String CLOSED = """
            SELECT connection, operation, left_ms
              FROM (SELECT connection, operation, (state ->> 'closed_until')::bigint
                           - (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS left_ms FROM quota) q
             WHERE left_ms > 0""";

    private static final String ALLOWED =
            "SELECT connection, operation, state ->> 'allowed' AS allowed FROM quota WHERE state ->> 'allowed' IS NOT NULL";

    private final DataSource database;
    private final Thresholds thresholds;

    public Buckets(DataSource database, Thresholds thresholds) {
        this.database = database;
        this.thresholds = thresholds;
    }

    /** What is limited: a connection, or one operation of it. @param operation empty for all of the connection */
    public record Limited(String connection, String operation) {
        /** {@code hubspot}, {@code hubspot/search_contacts}. */
        public String name() {
            return operation.isEmpty() ? connection : connection + "/" + operation;
        }
    }

    /** @param bucket as it is now, for looking ahead @param now by the database's clock */
    public record Exchanged(Bucket.Grant grant, Bucket bucket, Instant now) {}

    private record Locked(ObjectNode state, Instant now) {}

    /**
     * A hub tells and asks.
     *
     * @param holder this hub's process: another one of the same name must not take over what it holds
     * @param alert an event for a budget that crossed a threshold; stored in the same transaction
     */
    public Exchanged exchange(
            Limited limited, Allowance allowed, String holder, Asking asking, Function<Level, NewEvent> alert)
            throws SQLException {
        return Sql.transaction(database, connection -> {
            Locked locked = lock(connection, limited);
            Bucket bucket = Bucket.of(allowed, thresholds, locked.state);
            Bucket.Grant grant = bucket.exchange(holder, asking.report(), asking.news(), locked.now);
            for (Level level : bucket.levels(locked.now)) {
                if (level.crossed() > 0) {
                    AlertBook.tell(connection, locked.now, alert.apply(level));
                }
            }
            write(connection, limited, bucket.state());
            return new Exchanged(grant, bucket, locked.now);
        });
    }

    private static Locked lock(Connection connection, Limited limited) throws SQLException {
        Optional<Locked> known = select(connection, limited);
        if (known.isPresent()) {
            return known.get();
        }
        try (PreparedStatement insert = connection.prepareStatement(KNOWN)) {
            new Sql.Columns(insert).add(limited.connection).add(limited.operation);
            insert.executeUpdate();
        }
        return select(connection, limited).orElseThrow();
    }

    private static Optional<Locked> select(Connection connection, Limited limited) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK)) {
            new Sql.Columns(select).add(limited.connection).add(limited.operation);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Locked(json(row.getString("state")), Sql.instant(row.getTimestamp("now"))))
                        : Optional.empty();
            }
        }
    }

    private static ObjectNode json(String text) {
        try {
            return JSON.readTree(text) instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the table quota holds what is no JSON", e);
        }
    }

    private static void write(Connection connection, Limited limited, ObjectNode state) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            new Sql.Columns(write).add(state.toString()).add(limited.connection).add(limited.operation);
            write.executeUpdate();
        }
    }

    /** What is closed now because its remote said "too many", and for how long. */
    public Map<Limited, Duration> closed() throws SQLException {
        var closed = new HashMap<Limited, Duration>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(CLOSED);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                closed.put(
                        new Limited(row.getString("connection"), row.getString("operation")),
                        Duration.ofMillis(row.getLong("left_ms")));
            }
        }
        return closed;
    }

    /** What was allowed when each bucket was asked last, as {@link Allowance#toString} says it. */
    public Map<Limited, String> allowed() throws SQLException {
        var allowed = new HashMap<Limited, String>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ALLOWED);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                allowed.put(
                        new Limited(row.getString("connection"), row.getString("operation")), row.getString("allowed"));
            }
        }
        return allowed;
    }

    /** Nobody states this limit any more. */
    public void forgetAllowed(Limited limited) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement forget = connection.prepareStatement(
                        "UPDATE quota SET state = state - 'allowed' WHERE connection = ? AND operation = ?")) {
            forget.setString(1, limited.connection());
            forget.setString(2, limited.operation());
            forget.executeUpdate();
        }
    }

    /** How a bucket stands, without touching it. @param now by the database's clock */
    public record Stand(List<Level> levels, Instant closedUntil, int slots, Instant now) {}

    /** How each bucket stands that anybody has used, read at once. */
    public Stands stands() throws SQLException {
        var known = new HashMap<Limited, Locked>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ALL);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                known.put(
                        new Limited(row.getString("connection"), row.getString("operation")),
                        new Locked(json(row.getString("state")), Sql.instant(row.getTimestamp("now"))));
            }
        }
        return (limited, allowed) -> Optional.ofNullable(known.get(limited)).map(read -> stand(read, allowed));
    }

    /** All buckets as they stood at one moment. */
    public interface Stands {
        /** Empty while nobody has used it. */
        Optional<Stand> of(Limited limited, Allowance allowed);
    }

    private Stand stand(Locked read, Allowance allowed) {
        Bucket bucket = Bucket.of(allowed, thresholds, read.state);
        int slots = bucket.slotsByHub().values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        return new Stand(bucket.levels(read.now), bucket.closedUntil(), slots, read.now);
    }

    /** What runs wait for that have no leave: {@code quota hubspot}. */
    public static String waitsFor(String connection) {
        return "quota " + connection;
    }

    /** Calls may go on, whatever the remote has said, and hubs wake its runs. @return how many were closed */
    static int open(Connection sql, String connection, Instant now) throws SQLException {
        try (PreparedStatement open = sql.prepareStatement(
                "UPDATE quota SET state = jsonb_set(state, '{closed_until}', '0') WHERE connection = ?"
                        + " AND (state ->> 'closed_until')::bigint > ?")) {
            new Sql.Columns(open).add(connection).add(now.toEpochMilli());
            return open.executeUpdate();
        }
    }
}
