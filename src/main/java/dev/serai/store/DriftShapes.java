package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** How far the drift radar has looked, by which hub, and the shapes it has learned so far. One hub looks at a time. */
public final class DriftShapes {
    private static final String CLAIM = """
            UPDATE drift_watch SET claimed_by = ?, lease_until = ?
             WHERE claimed_by IS NULL OR claimed_by = ? OR lease_until <= ? RETURNING position""";
    private static final String MOVE = """
            UPDATE drift_watch SET position = ?, sampled_at = CASE WHEN ? THEN ? ELSE sampled_at END WHERE claimed_by = ?""";
    private static final String NEXT = """
            SELECT id, source, type, received_at, CASE WHEN octet_length(payload) <= ? THEN payload END AS payload
              FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?""";
    private static final String KEEP_SHAPE = """
            INSERT INTO drift_shape (source, type, shape, updated_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (source, type) DO UPDATE SET shape = EXCLUDED.shape, updated_at = EXCLUDED.updated_at""";

    private final DataSource database;
    private final Horizon horizon = new Horizon();

    public DriftShapes(DataSource database) {
        this.database = database;
    }

    /** An event to be looked at. @param payload null when it is larger than was asked for */
    public record Event(long id, Stream stream, Instant at, byte[] payload) {}

    /** Events of one source and type. */
    public record Stream(String source, String type) {}

    /** What a look has brought. @param sampled whether events were left out @param shapes those that changed, as JSON */
    public record Seen(long position, boolean sampled, Map<Stream, String> shapes, List<Drifts.Drift> drifts) {}

    /** The position, if this hub is the one that looks; another one may when the lease is over. */
    public Optional<Long> claim(String hub, Instant now, Duration lease) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            new Sql.Columns(claim).add(hub).add(now.plus(lease)).add(hub).add(now);
            try (ResultSet row = claim.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** Lets any hub look next. */
    public void release(String hub) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(
                        "UPDATE drift_watch SET claimed_by = NULL, lease_until = NULL WHERE claimed_by = ?")) {
            release.setString(1, hub);
            release.executeUpdate();
        }
    }

    /** @param events oldest first @param position up to there that is all there is, and all there will be */
    public record Next(List<Event> events, long position) {}

    /** The next events, never past one that is not committed yet. @param largest bytes of a payload that is read */
    public synchronized Next next(long after, int most, int largest) throws SQLException {
        try (Connection connection = database.getConnection()) {
            OptionalLong top = horizon.beyond(connection, after);
            if (top.isEmpty()) {
                horizon.ahead(connection, after);
                return new Next(List.of(), after);
            }
            List<Event> events = next(connection, after, top.getAsLong(), new Most(most, largest));
            if (events.size() == most) {
                return new Next(events, events.get(most - 1).id());
            }
            horizon.ahead(connection, top.getAsLong());
            return new Next(events, top.getAsLong());
        }
    }

    /** @param events how many @param bytes of a payload */
    private record Most(int events, int bytes) {}

    private static List<Event> next(Connection connection, long after, long top, Most most) throws SQLException {
        var events = new ArrayList<Event>();
        try (PreparedStatement select = connection.prepareStatement(NEXT)) {
            new Sql.Columns(select).add(most.bytes).add(after).add(top).add(most.events);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    events.add(new Event(
                            row.getLong("id"),
                            new Stream(row.getString("source"), row.getString("type")),
                            Sql.instant(row.getTimestamp("received_at")),
                            row.getBytes("payload")));
                }
            }
        }
        return events;
    }

    /** The number after which there are at most {@code most} events, if there are more than {@code tooMany} after the given one. */
    public Optional<Long> skip(long after, int tooMany, int most) throws SQLException {
        String behind = "SELECT id FROM event WHERE id > ? ORDER BY id OFFSET ? LIMIT 1";
        String near = "SELECT id FROM event ORDER BY id DESC OFFSET ? LIMIT 1";
        try (Connection connection = database.getConnection();
                PreparedStatement far = connection.prepareStatement(behind);
                PreparedStatement newest = connection.prepareStatement(near)) {
            new Sql.Columns(far).add(after).add(tooMany);
            try (ResultSet row = far.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
            }
            new Sql.Columns(newest).add(most);
            try (ResultSet row = newest.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        }
    }

    /** All shapes, as JSON. */
    public Map<Stream, String> shapes() throws SQLException {
        var shapes = new LinkedHashMap<Stream, String>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT source, type, shape FROM drift_shape ORDER BY source, type");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                shapes.put(new Stream(row.getString(1), row.getString(2)), row.getString(3));
            }
        }
        return shapes;
    }

    /** Stores what was seen, all or nothing. @return false when another hub looks by now; then nothing was stored */
    public boolean keep(String hub, Instant now, Seen seen) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement move = connection.prepareStatement(MOVE)) {
                new Sql.Columns(move)
                        .add(seen.position)
                        .add(seen.sampled)
                        .add(now)
                        .add(hub);
                if (move.executeUpdate() != 1) {
                    return false;
                }
            }
            try (PreparedStatement keep = connection.prepareStatement(KEEP_SHAPE)) {
                for (var shape : seen.shapes.entrySet()) {
                    new Sql.Columns(keep)
                            .add(shape.getKey().source)
                            .add(shape.getKey().type)
                            .add(Sql.clean(shape.getValue()))
                            .add(now);
                    keep.addBatch();
                }
                keep.executeBatch();
            }
            Drifts.note(connection, now, seen.drifts);
            return true;
        });
    }

    /** Forgets the shapes of streams that no longer come. */
    public void tidy(Instant before) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement shapes =
                        connection.prepareStatement("DELETE FROM drift_shape WHERE updated_at < ?")) {
            new Sql.Columns(shapes).add(before);
            shapes.executeUpdate();
        }
    }
}
