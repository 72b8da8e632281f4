package dev.serai.store;

import dev.serai.run.Breaker;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * The breakers of all endpoints, shared by all hubs. A row is locked while {@link Breaker} says what becomes of it, so
 * that there is one truth and one probe.
 */
public final class Breakers {
    private static final String KNOWN = """
            INSERT INTO breaker (connection, operation, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING""";
    private static final String LOCK = """
            SELECT * FROM breaker WHERE connection = ? AND operation = ? FOR UPDATE""";
    private static final String WRITE = """
            UPDATE breaker SET state = ?, failures = ?, since = ?, until = ?, probe = ?, reason = ?
             WHERE connection = ? AND operation = ?""";
    private static final String TROUBLED = "SELECT * FROM breaker WHERE state <> 'closed' OR failures > 0";

    private static final String TRY = """
            WITH tried AS (
              UPDATE breaker SET until = ? WHERE connection = ? AND operation = ? AND state <> 'closed' AND until > ?
              RETURNING connection, operation)
            INSERT INTO audit (who, what, why) SELECT ?, 'try ' || connection || '/' || operation, ? FROM tried""";
    private static final String CLOSE = """
            WITH closed AS (
              UPDATE breaker SET state = 'closed', failures = 0, since = ?, until = NULL, probe = probe + 1, reason = ''
               WHERE connection = ? AND operation = ? AND state <> 'closed'
              RETURNING connection, operation)
            INSERT INTO audit (who, what, why) SELECT ?, 'close ' || connection || '/' || operation, ? FROM closed""";

    private final DataSource database;

    public Breakers(DataSource database) {
        this.database = database;
    }

    /** One operation of a connection: what a breaker guards. */
    public record Endpoint(String connection, String operation) {
        /** {@code mailchimp/upsert_member}; also what a parked run waits for. */
        public String name() {
            return connection + "/" + operation;
        }
    }

    /** What became of a breaker. */
    public record Change(Breaker before, Breaker after) {
        public boolean opened() {
            return before.state() == Breaker.State.CLOSED && after.state() == Breaker.State.OPEN;
        }

        public boolean closed() {
            return before.state() != Breaker.State.CLOSED && after.state() == Breaker.State.CLOSED;
        }
    }

    /** Those that are open, half open or counting. */
    public Map<Endpoint, Breaker> troubled() throws SQLException {
        var breakers = new HashMap<Endpoint, Breaker>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(TROUBLED);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                breakers.put(new Endpoint(row.getString("connection"), row.getString("operation")), breaker(row));
            }
        }
        return breakers;
    }

    /**
     * Lets a breaker go over to its next state. When that closes it, the runs that wait for it are due at once.
     *
     * @param step gets the breaker as it is now in the store
     * @param alert an event that is stored in the same transaction
     */
    public Change change(
            Endpoint endpoint, Instant now, UnaryOperator<Breaker> step, Function<Change, Optional<NewEvent>> alert)
            throws SQLException {
        return Sql.transaction(database, connection -> {
            Breaker before = lock(connection, endpoint, now);
            var change = new Change(before, step.apply(before));
            if (change.after.equals(before)) {
                return change;
            }
            write(connection, endpoint, change.after);
            Optional<NewEvent> event = alert.apply(change);
            if (event.isPresent()) {
                AlertBook.tell(connection, now, event.get());
            }
            return change;
        });
    }

    /** All that wait for it are due now. To be called when its hub knows that it is closed, or they would be parked again. */
    public void wake(Endpoint endpoint, Instant now) {
        ParkedRuns.wake(database, endpoint.name(), now);
    }

    /** A person wants one call to find out now. A hub sees it within a second. @return false when it was not open */
    public boolean tryNow(Endpoint endpoint, Instant now, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement attempt = connection.prepareStatement(TRY)) {
            new Sql.Columns(attempt)
                    .add(now)
                    .add(endpoint.connection())
                    .add(endpoint.operation())
                    .add(now)
                    .add(by.who())
                    .add(by.why());
            return attempt.executeUpdate() > 0;
        }
    }

    /** A person knows that it works: all that waits for it goes on. @return false when it was closed already */
    public boolean close(Endpoint endpoint, Instant now, ByHand by) throws SQLException {
        boolean closed;
        try (Connection connection = database.getConnection();
                PreparedStatement close = connection.prepareStatement(CLOSE)) {
            new Sql.Columns(close)
                    .add(now)
                    .add(endpoint.connection())
                    .add(endpoint.operation())
                    .add(by.who())
                    .add(by.why());
            closed = close.executeUpdate() > 0;
        }
        if (closed) {
            ParkedRuns.wake(database, endpoint.name(), now);
        }
        return closed;
    }

    private static Breaker lock(Connection connection, Endpoint endpoint, Instant now) throws SQLException {
        try (PreparedStatement known = connection.prepareStatement(KNOWN);
                PreparedStatement lock = connection.prepareStatement(LOCK)) {
            new Sql.Columns(known)
                    .add(endpoint.connection)
                    .add(endpoint.operation)
                    .add(now);
            known.executeUpdate();
            new Sql.Columns(lock).add(endpoint.connection).add(endpoint.operation);
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                return breaker(row);
            }
        }
    }

    private static void write(Connection connection, Endpoint endpoint, Breaker breaker) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            write.setString(1, Sql.lower(breaker.state()));
            write.setInt(2, breaker.failures());
            write.setTimestamp(3, Timestamp.from(breaker.since()));
            write.setTimestamp(4, breaker.until() == null ? null : Timestamp.from(breaker.until()));
            write.setLong(5, breaker.probe());
            write.setString(6, Sql.clean(breaker.reason()));
            write.setString(7, endpoint.connection);
            write.setString(8, endpoint.operation);
            write.executeUpdate();
        }
    }

    private static Breaker breaker(ResultSet row) throws SQLException {
        return new Breaker(
                Sql.constant(Breaker.State.class, row.getString("state")),
                row.getInt("failures"),
                Sql.instant(row.getTimestamp("since")),
                Sql.instant(row.getTimestamp("until")),
                row.getLong("probe"),
                row.getString("reason"));
    }
}
