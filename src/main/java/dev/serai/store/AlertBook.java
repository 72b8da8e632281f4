package dev.serai.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Alert;
import dev.serai.alert.Alert.State;
import dev.serai.alert.Alert.Times;
import dev.serai.alert.Alert.Told;
import dev.serai.alert.Message;
import dev.serai.alert.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/** The alerts. What changes in one and the event that tells of it are one transaction. */
public final class AlertBook {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STATE = """
            INSERT INTO alert AS a (name, key, rule, signal, state, severity, since, seen_at, resolved_at, count, told_severity,
                                    told_count, told_at, told_key, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE
               SET rule = EXCLUDED.rule, state = EXCLUDED.state, severity = EXCLUDED.severity,
                   since = CASE WHEN a.state = 'open' THEN a.since ELSE EXCLUDED.since END,
                   seen_at = EXCLUDED.seen_at, resolved_at = coalesce(EXCLUDED.resolved_at, a.resolved_at),
                   count = EXCLUDED.count,
                   told_severity = CASE WHEN a.state = 'open' THEN coalesce(EXCLUDED.told_severity, a.told_severity)
                                        ELSE EXCLUDED.told_severity END,
                   told_count = EXCLUDED.told_count, told_at = EXCLUDED.told_at, told_key = EXCLUDED.told_key,
                   acked_by = CASE WHEN a.state = 'open' THEN a.acked_by END,
                   acked_at = CASE WHEN a.state = 'open' THEN a.acked_at END,
                   body = CASE WHEN EXCLUDED.state = 'open' THEN EXCLUDED.body ELSE a.body END""";

    private static final String WRITE = """
            INSERT INTO alert AS a (name, key, rule, signal, state, severity, since, seen_at, clear_since, resolved_at, count,
                                    flaps, muted, told_severity, told_count, told_at, told_key, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE
               SET rule = EXCLUDED.rule, state = EXCLUDED.state, severity = EXCLUDED.severity, since = EXCLUDED.since,
                   seen_at = EXCLUDED.seen_at, clear_since = EXCLUDED.clear_since, resolved_at = EXCLUDED.resolved_at,
                   count = EXCLUDED.count, flaps = EXCLUDED.flaps, muted = EXCLUDED.muted,
                   told_severity = EXCLUDED.told_severity,
                   told_count = CASE WHEN a.acked_by IS NULL OR a.since <> EXCLUDED.since THEN EXCLUDED.told_count ELSE a.told_count END,
                   told_at = EXCLUDED.told_at, told_key = coalesce(EXCLUDED.told_key, a.told_key),
                   acked_by = CASE WHEN a.since = EXCLUDED.since THEN a.acked_by END,
                   acked_at = CASE WHEN a.since = EXCLUDED.since THEN a.acked_at END,
                   body = EXCLUDED.body""";

    /** What is over is known for an hour, for flapping; where a silence outlives its end, as long as that. */
    private static final String KNOWN =
            "state <> 'resolved' OR greatest(resolved_at, silenced_until - interval '1 hour') > ?";

    /** People know by now what is said there, unless it is over, or something newer was told of it meanwhile. */
    private static final String HEARD =
            "UPDATE alert SET told_severity = severity, told_count = greatest(told_count, count),"
                    + " told_at = ? WHERE name = ? AND state = 'open' AND told_key = ? AND told_severity IS DISTINCT FROM severity";

    private final DataSource database;

    public AlertBook(DataSource database) {
        this.database = database;
    }

    /**
     * As it is stored.
     *
     * @param body what people are told
     * @param ackedBy null when nobody has
     * @param toldKey of the newest event that told of it, or would have but for a silence; empty when there was none
     */
    public record Entry(Alert alert, String signal, ObjectNode body, String ackedBy, Instant ackedAt, String toldKey) {}

    /** What a look has decided. @param alert null to forget the one of that name @param event empty when nobody is told */
    public record Decision(String name, Alert alert, String signal, ObjectNode body, Optional<NewEvent> event) {}

    /** Decides by what is known: all that is not over, what was within the last hour, and what is silent. */
    public interface Deciding {
        List<Decision> decide(List<Entry> known);
    }

    /** Whether this hub is the one that judges; another one may when the lease is over, by the database's clock. */
    public boolean claim(String hub, Duration lease) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(
                        "UPDATE alert_watch SET claimed_by = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'"
                                + " WHERE claimed_by IS NULL OR claimed_by = ? OR lease_until <= clock_timestamp()")) {
            new Sql.Columns(claim).add(hub).add(lease.toMillis()).add(hub);
            return claim.executeUpdate() == 1;
        }
    }

    /** Lets any hub judge next. */
    public void release(String hub) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(
                        "UPDATE alert_watch SET claimed_by = NULL, lease_until = NULL WHERE claimed_by = ?")) {
            release.setString(1, hub);
            release.executeUpdate();
        }
    }

    /** Stores what a look decides, and the events that tell of it. @return false when another hub judges by now */
    public boolean decide(String hub, Instant now, Deciding deciding) throws SQLException {
        return Sql.transaction(database, connection -> {
            if (!ours(connection, hub)) {
                return false;
            }
            List<Entry> known = read(connection, KNOWN, now.minus(Duration.ofHours(1)));
            for (Decision decision : deciding.decide(known)) {
                if (decision.alert == null) {
                    forget(connection, decision.name);
                } else {
                    write(connection, decision);
                }
                if (decision.event.isPresent()) {
                    Inbox.append(connection, now, List.of(List.of(decision.event.get())));
                }
            }
            return true;
        });
    }

    /** Whether the digest of then was not sent yet. The first one of a database is not: what was before nobody counted. */
    public boolean digestIsDue(Instant due) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement first = connection.prepareStatement(
                        "UPDATE alert_watch SET digest_at = coalesce(digest_at, ?) RETURNING digest_at < ?")) {
            new Sql.Columns(first).add(due).add(due);
            try (ResultSet row = first.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Sends the digest that was due then. @return false when it was sent already, or another hub judges by now */
    public boolean digest(String hub, Instant due, Instant now, NewEvent digest) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement sent = connection.prepareStatement(
                    "UPDATE alert_watch SET digest_at = ? WHERE claimed_by = ? AND digest_at < ?")) {
                new Sql.Columns(sent).add(due).add(hub).add(due);
                if (sent.executeUpdate() == 0) {
                    return false;
                }
            }
            Inbox.append(connection, now, List.of(List.of(digest)));
            return true;
        });
    }

    /** Holds the row until the end of the transaction, so that no other hub begins meanwhile. */
    private static boolean ours(Connection connection, String hub) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT 1 FROM alert_watch WHERE claimed_by = ? FOR UPDATE")) {
            lock.setString(1, hub);
            return lock.executeQuery().next();
        }
    }

    /**
     * Tells of a state that has begun or ended, within the transaction that changes it: the body of the event says which
     * alert it is. A rule that is off, or a silence, keeps its beginning from being told.
     */
    static void tell(Connection connection, Instant now, NewEvent event) throws SQLException {
        ObjectNode body = body(event.payload());
        boolean open = body.path("state").asText().equals("open");
        if (open && body.path("off").asBoolean()) {
            return;
        }
        String name = body.path("alert").asText();
        List<Entry> known = read(connection, "name = ?", name);
        if (!known.isEmpty() && known.get(0).toldKey.equals(event.key())) {
            return;
        }
        if (!open && (known.isEmpty() || known.get(0).alert.state() != State.OPEN)) {
            return; // its end was told, or its beginning never was
        }
        if (open) {
            Waits.tell(connection, body);
        } else if (body.path("off").asBoolean()) {
            Message.endAs(body, known.get(0).body);
        }
        // people are told of the end of what they were told of, also in a silence, and of no other
        boolean quiet = open
                ? !known.isEmpty() && silent(known.get(0), now)
                : known.get(0).alert.told() == null;
        try (PreparedStatement state = connection.prepareStatement(STATE)) {
            long count = body.path("count").asLong(1);
            String severity = body.path("severity").asText();
            new Sql.Columns(state)
                    .add(name)
                    .add(body.path("key").asText())
                    .add(body.path("rule").asText())
                    .add(body.path("signal").asText())
                    .add(open ? "open" : "resolved")
                    .add(severity)
                    .add(open ? Instant.parse(body.path("since").asText()) : now)
                    .add(now);
            state.setTimestamp(9, open ? null : Timestamp.from(now));
            state.setLong(10, count);
            state.setString(11, quiet ? null : severity);
            state.setLong(12, count);
            state.setTimestamp(13, Timestamp.from(now));
            state.setString(14, event.key());
            state.setString(15, Sql.clean(body.toString()));
            state.executeUpdate();
            AlertTimes.note(connection, name);
        }
        if (!quiet) {
            byte[] told = body.toString().getBytes(StandardCharsets.UTF_8);
            Inbox.append(connection, now, List.of(List.of(event.with(told))));
        }
    }

    /**
     * Tells of a state that lasts and began, or became worse, during a silence that is over.
     *
     * @param entry as it was read
     * @return false when it is over, or was told meanwhile
     */
    public boolean tellLate(Entry entry, Instant now, NewEvent event) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement heard = connection.prepareStatement(HEARD)) {
                new Sql.Columns(heard).add(now).add(entry.alert.name()).add(entry.toldKey);
                if (heard.executeUpdate() == 0) {
                    return false;
                }
            }
            AlertTimes.note(connection, entry.alert.name());
            Inbox.append(connection, now, List.of(List.of(event)));
            return true;
        });
    }

    private static boolean silent(Entry entry, Instant now) {
        Instant until = entry.alert.times().silencedUntil();
        return until != null && now.isBefore(until);
    }

    private static void forget(Connection connection, String name) throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement("DELETE FROM alert WHERE name = ?")) {
            forget.setString(1, name);
            forget.executeUpdate();
        }
    }

    private static void write(Connection connection, Decision decision) throws SQLException {
        Alert alert = decision.alert;
        try (PreparedStatement write = connection.prepareStatement(WRITE)) {
            new Sql.Columns(write)
                    .add(alert.name())
                    .add(Sql.clean(alert.key()))
                    .add(alert.rule())
                    .add(decision.signal)
                    .add(Sql.lower(alert.state()))
                    .add(alert.severity().word())
                    .add(alert.times().since())
                    .add(alert.times().seenAt());
            write.setTimestamp(9, timestamp(alert.times().clearSince()));
            write.setTimestamp(10, timestamp(alert.times().resolvedAt()));
            write.setLong(11, alert.count());
            write.setInt(12, alert.flaps());
            write.setBoolean(13, alert.muted());
            Told told = alert.told();
            write.setString(14, told == null ? null : told.severity().word());
            write.setObject(15, told == null ? null : told.count(), java.sql.Types.BIGINT);
            write.setTimestamp(16, told == null ? null : timestamp(told.at()));
            write.setString(17, decision.event.map(NewEvent::key).orElse(null));
            write.setString(18, Sql.clean(decision.body.toString()));
            write.executeUpdate();
            AlertTimes.note(connection, alert.name());
        }
    }

    private static Timestamp timestamp(Instant at) {
        return at == null ? null : Timestamp.from(at);
    }

    /** @param values instants and texts */
    static List<Entry> read(Connection connection, String which, Object... values) throws SQLException {
        var entries = new ArrayList<Entry>();
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM alert WHERE " + which)) {
            var columns = new Sql.Columns(select);
            for (Object value : values) {
                if (value instanceof Instant at) {
                    columns.add(at);
                } else {
                    columns.add((String) value);
                }
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
        }
        return entries;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        String told = row.getString("told_severity");
        var alert = new Alert(
                row.getString("key"),
                row.getString("rule"),
                Sql.constant(State.class, row.getString("state")),
                Severity.of(row.getString("severity")),
                new Times(
                        Sql.instant(row.getTimestamp("since")),
                        Sql.instant(row.getTimestamp("seen_at")),
                        Sql.instant(row.getTimestamp("clear_since")),
                        Sql.instant(row.getTimestamp("resolved_at")),
                        Sql.instant(row.getTimestamp("silenced_until"))),
                row.getLong("count"),
                row.getInt("flaps"),
                told == null
                        ? null
                        : new Told(
                                Severity.of(told), row.getLong("told_count"), Sql.instant(row.getTimestamp("told_at"))),
                row.getBoolean("muted"));
        return new Entry(
                alert,
                row.getString("signal"),
                body(row.getString("body").getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                row.getString("acked_by"),
                Sql.instant(row.getTimestamp("acked_at")),
                Objects.requireNonNullElse(row.getString("told_key"), ""));
    }

    private static ObjectNode body(byte[] text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException("an alert that is no JSON", e);
        }
    }
}
