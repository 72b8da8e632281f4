package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * Saved positions of polled streams, by the names they have with their arguments. One poll reads a stream at a time; the
 * position moves with what was read. Leases go by the database's clock, on which all hubs agree.
 */
public final class Cursors {
    private static final String CLAIM = """
            INSERT INTO cursor (connection, stream, claimed_by, lease_until)
            VALUES (?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
            ON CONFLICT (connection, stream) DO UPDATE
               SET claimed_by = EXCLUDED.claimed_by, lease_until = EXCLUDED.lease_until
             WHERE cursor.lease_until IS NULL OR cursor.lease_until <= clock_timestamp()
                OR cursor.claimed_by = EXCLUDED.claimed_by   -- before its restart
            RETURNING value""";

    private static final String ADVANCE = """
            UPDATE cursor SET value = ?, polled_at = now(), lease_until = clock_timestamp() + ? * interval '1 millisecond'
             WHERE connection = ? AND stream = ? AND claimed_by = ?""";

    /** Waits for another hub that is at it, and then finds the row gone. */
    private static final String INHERIT = """
            WITH before AS (
              SELECT connection, stream,
                     lease_until IS NULL OR lease_until <= clock_timestamp() OR claimed_by = ? AS free FROM cursor
               WHERE connection = ? AND stream = ?
                 AND NOT EXISTS (SELECT FROM cursor own WHERE own.connection = ? AND own.stream = ?)
                 FOR UPDATE),
            moved AS (
              UPDATE cursor SET stream = ? FROM before
               WHERE cursor.connection = before.connection AND cursor.stream = before.stream AND free
              RETURNING 1)
            SELECT (SELECT count(*) FROM before) = (SELECT count(*) FROM moved)""";

    /** Not under a poll, which would go on from where it is and overwrite it. A stream without a place gets its first. */
    private static final String SET = """
            WITH moved AS (
              INSERT INTO cursor AS c (connection, stream, value)
              SELECT connection, stream, ?::text FROM (VALUES (?::text, ?::text, ?::text)) AS seen (connection, stream, value)
               WHERE value = '' OR EXISTS (
                     SELECT FROM cursor WHERE cursor.connection = seen.connection AND cursor.stream = seen.stream)
              ON CONFLICT (connection, stream) DO UPDATE SET value = EXCLUDED.value
               WHERE c.value = ? AND (c.lease_until IS NULL OR c.lease_until <= clock_timestamp())
              RETURNING connection, stream)
            INSERT INTO audit (who, what, why)
            SELECT ?, 'set ' || connection || '/' || stream || ' from "' || ? || '" to "' || ? || '"', ? FROM moved""";

    private final DataSource database;
    private final InstantSource clock;
    private final String hub;
    /** What this hub polls now. A lease tells only hubs apart. */
    private final Set<List<String>> underWay = ConcurrentHashMap.newKeySet();

    public Cursors(DataSource database, InstantSource clock, String hub) {
        this.database = database;
        this.clock = clock;
        this.hub = hub;
    }

    /** How far a stream was read. @param polledAt null when it never was */
    public record Position(String connection, String stream, String value, Instant polledAt) {}

    /** By connection and stream. */
    public List<Position> all() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT connection, stream, value, polled_at FROM cursor ORDER BY connection, stream");
                ResultSet row = select.executeQuery()) {
            var positions = new ArrayList<Position>();
            while (row.next()) {
                positions.add(new Position(
                        row.getString(1), row.getString(2), row.getString(3), Sql.instant(row.getTimestamp(4))));
            }
            return positions;
        }
    }

    /**
     * A person lets the next poll begin elsewhere.
     *
     * @param seen the position as it was read
     * @return false when it is being polled now, or has moved since
     */
    public boolean set(Position seen, String value, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement set = connection.prepareStatement(SET)) {
            new Sql.Columns(set)
                    .add(value)
                    .add(seen.connection)
                    .add(seen.stream)
                    .add(seen.value)
                    .add(seen.value)
                    .add(by.who())
                    .add(seen.value)
                    .add(value)
                    .add(by.why());
            return set.executeUpdate() > 0;
        }
    }

    /**
     * A stream that is read under a name of its own from now on goes on where it was read under another one, unless it was
     * read under its own before.
     *
     * @return false while another hub polls it under the other name
     */
    public boolean inherit(String connectionName, String before, String stream) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement inherit = connection.prepareStatement(INHERIT)) {
            new Sql.Columns(inherit)
                    .add(hub)
                    .add(connectionName)
                    .add(before)
                    .add(connectionName)
                    .add(stream)
                    .add(stream);
            try (ResultSet row = inherit.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** The saved position ({@code ""} before the first poll), or empty when this stream is being polled, here or elsewhere. */
    public Optional<String> claim(String connectionName, String stream, Duration lease) throws SQLException {
        if (!underWay.add(List.of(connectionName, stream))) {
            return Optional.empty();
        }
        Optional<String> claimed = Optional.empty();
        try {
            claimed = claimed(connectionName, stream, lease);
            return claimed;
        } finally {
            if (claimed.isEmpty()) {
                underWay.remove(List.of(connectionName, stream));
            }
        }
    }

    private Optional<String> claimed(String connectionName, String stream, Duration lease) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            new Sql.Columns(claim).add(connectionName).add(stream).add(hub).add(lease.toMillis());
            try (ResultSet row = claim.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /**
     * Stores a page's events and moves the position, both or neither.
     *
     * @throws ClaimLost when another hub has taken the stream over meanwhile; nothing was stored
     */
    public List<Receipt> advance(String name, String stream, String value, Duration lease, List<NewEvent> events)
            throws SQLException {
        return Sql.transaction(database, connection -> {
            move(connection, name, stream, value, lease);
            return Inbox.append(connection, clock.instant(), List.of(events)).get(0);
        });
    }

    private void move(Connection connection, String name, String stream, String value, Duration lease)
            throws SQLException {
        try (PreparedStatement advance = connection.prepareStatement(ADVANCE)) {
            new Sql.Columns(advance)
                    .add(value)
                    .add(lease.toMillis())
                    .add(name)
                    .add(stream)
                    .add(hub);
            if (advance.executeUpdate() != 1) {
                throw new ClaimLost(name, stream);
            }
        }
    }

    /** Lets any hub poll the stream next. @param uses what this poll has called, for {@link CredentialLog#uses} */
    public void release(String connectionName, String stream, List<CredentialLog.Use> uses) throws SQLException {
        try {
            Sql.transaction(database, connection -> {
                free(connection, connectionName, stream);
                CredentialLog.polled(connection, connectionName, uses);
                return null;
            });
        } finally {
            underWay.remove(List.of(connectionName, stream));
        }
    }

    private void free(Connection connection, String connectionName, String stream) throws SQLException {
        try (PreparedStatement release =
                connection.prepareStatement("UPDATE cursor SET claimed_by = NULL, lease_until = NULL"
                        + " WHERE connection = ? AND stream = ? AND claimed_by = ?")) {
            new Sql.Columns(release).add(connectionName).add(stream).add(hub);
            release.executeUpdate();
        }
    }

    /** Another hub polls this stream now. */
    public static final class ClaimLost extends RuntimeException {
        ClaimLost(String connection, String stream) {
            super(connection + "/" + stream
                    + ": another hub took this stream over; it goes on from the saved position");
        }
    }
}
