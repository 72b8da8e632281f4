package dev.serai.store;

import dev.serai.store.CredentialLog.Note;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * Connections whose credential was refused. A credential that was refused once is not used again, by no hub, until a
 * person says so; one that is new to the connection lets it go on.
 */
public final class ParkedConnections {
    private static final String PARK = """
            INSERT INTO parked_connection AS p (connection, state, since, reason, salt, refused)
            VALUES (?, 'parked', ?, ?, ?, ?)
            ON CONFLICT (connection) DO UPDATE
               SET state = 'parked', since = EXCLUDED.since, reason = EXCLUDED.reason,
                   refused = p.refused || EXCLUDED.refused
             WHERE p.salt = EXCLUDED.salt AND NOT p.refused @> EXCLUDED.refused
            RETURNING connection""";
    private static final String PARK_AGAIN = """
            UPDATE parked_connection SET state = 'parked', since = ?, reason = ? WHERE connection = ? AND state = 'renewed'
            RETURNING connection""";
    private static final String RENEWED = """
            UPDATE parked_connection SET state = 'renewed' WHERE connection = ? AND state = 'parked'
            RETURNING connection""";
    private static final String RESUMED = """
            DELETE FROM parked_connection WHERE connection = ? AND state = 'resumed' RETURNING connection""";
    private static final String LET_GO = """
            WITH asked AS (
              UPDATE parked_connection SET state = 'resumed' WHERE connection = ? RETURNING connection),
            tried AS (
              UPDATE breaker SET until = ? WHERE connection = ? AND state <> 'closed' AND until > ? RETURNING operation)
            SELECT (SELECT count(*) FROM asked) + (SELECT count(*) FROM tried)""";
    private static final String TROUBLES = """
            SELECT t.*, (SELECT count(*) FROM open_run
                          WHERE state = 'waiting'
                            AND waits_for = t.connection || '/' || coalesce(t.operation, '*')) AS waiting
              FROM (SELECT connection, NULL::text AS operation, state, since, NULL::timestamptz AS until, reason
                      FROM parked_connection
                     WHERE state <> 'renewed'
                        OR EXISTS (SELECT FROM open_run
                                    WHERE open_run.state = 'waiting' AND waits_for = parked_connection.connection || '/*')
                    UNION ALL
                    SELECT connection, operation, state, since, until, reason FROM breaker WHERE state <> 'closed') t
             ORDER BY connection, operation NULLS FIRST""";

    /** By then a hub that runs has looked, and woken its runs. */
    private static final Duration HUBS_LOOK = Duration.ofSeconds(5);

    private final DataSource database;
    private final String hub;

    /** For who only looks, or acts for a person. */
    public ParkedConnections(DataSource database) {
        this(database, "");
    }

    /** @param hub its name, for the history of connections */
    public ParkedConnections(DataSource database, String hub) {
        this.database = database;
        this.hub = hub;
    }

    /** What connections were called with last. */
    public UsedCredentials used() {
        return new UsedCredentials(database, "hub " + hub);
    }

    /** PARKED: waits for another credential. RENEWED: another was found. RESUMED: it is to be tried, a hub will see it. */
    public enum State {
        PARKED,
        RENEWED,
        RESUMED
    }

    /** @param refused the fingerprints of the credentials that were refused, made with the salt */
    public record Parked(State state, Instant since, String reason, String salt, Set<String> refused) {}

    /** All of them, by connection. */
    public Map<String, Parked> all() throws SQLException {
        var all = new HashMap<String, Parked>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT * FROM parked_connection");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.put(
                        row.getString("connection"),
                        new Parked(
                                Sql.constant(State.class, row.getString("state")),
                                Sql.instant(row.getTimestamp("since")),
                                row.getString("reason"),
                                row.getString("salt"),
                                Set.of((String[]) row.getArray("refused").getArray())));
            }
        }
        return all;
    }

    /**
     * Parks a connection, unless this very credential was refused before.
     *
     * @param parked with the fingerprint of that credential alone, made with the salt of the connection's row, or with a
     *     new one where it has none
     * @param noted whether somebody else notes it in the history, as for a token
     * @return false when it was known already, or the salt is no longer that of the row
     */
    public boolean park(String name, Parked parked, boolean noted, NewEvent alert) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement park = connection.prepareStatement(PARK)) {
                new Sql.Columns(park)
                        .add(name)
                        .add(parked.since)
                        .add(Sql.clean(parked.reason))
                        .add(parked.salt)
                        .add("text", parked.refused, f -> f);
                boolean ours = park.executeQuery().next();
                if (ours) {
                    AlertBook.tell(connection, parked.since, alert);
                }
                if (ours && !noted) {
                    note(connection, name, parked.since, CredentialEvent.REFUSED, parked.reason);
                }
                return ours;
            }
        });
    }

    /** One that was refused is set again. @return false when the connection is parked already, or to be tried */
    public boolean parkAgain(String name, Instant now, String reason, NewEvent alert) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement park = connection.prepareStatement(PARK_AGAIN)) {
                new Sql.Columns(park).add(now).add(reason).add(name);
                boolean ours = park.executeQuery().next();
                if (ours) {
                    AlertBook.tell(connection, now, alert);
                    note(connection, name, now, CredentialEvent.REFUSED, reason);
                }
                return ours;
            }
        });
    }

    /** Another credential is there; who says so wakes its runs. @return false when another hub has said so already */
    public boolean renewed(String name, Instant now, Supplier<NewEvent> alert) throws SQLException {
        return letGo(RENEWED, name, now, alert, true);
    }

    /** A hub has seen that it is to be tried, and wakes its runs. @return false when another hub was faster */
    public boolean resumed(String name, Instant now, Supplier<NewEvent> alert) throws SQLException {
        return letGo(RESUMED, name, now, alert, false);
    }

    /** @param renewed what made it to be tried was noted then */
    private boolean letGo(String sql, String name, Instant now, Supplier<NewEvent> alert, boolean renewed)
            throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement go = connection.prepareStatement(sql)) {
                go.setString(1, name);
                boolean ours = go.executeQuery().next();
                if (ours) {
                    AlertBook.tell(connection, now, alert.get());
                }
                if (ours && renewed) {
                    note(
                            connection,
                            name,
                            now,
                            CredentialEvent.CHANGED,
                            "it has another credential, and its runs go on");
                }
                return ours;
            }
        });
    }

    private void note(Connection connection, String name, Instant now, CredentialEvent event, String why)
            throws SQLException {
        CredentialLog.note(connection, new Note(name, now, "hub " + hub, event, why));
    }

    /**
     * A person says that a connection may be used again: its open breakers may be tried, and calls go on whatever it said of its
     * limits. Running hubs see it, and wake what waits once they know that the way is free; without one, runs are due soon. Who
     * and why are noted with it, unless nothing was held up.
     *
     * @return how many parked connections, open breakers and closed limits that touched
     */
    public int resume(String name, Instant now, ByHand by) throws SQLException {
        int touched = Sql.transaction(database, connection -> {
            int found = letGo(connection, name, now) + Buckets.open(connection, name, now);
            if (found > 0) {
                CredentialLog.note(connection, new Note(name, now, by.who(), CredentialEvent.RESUMED, by.why()));
            }
            return found;
        });
        if (touched > 0) {
            ParkedRuns.hasten(database, Buckets.waitsFor(name), now.plus(HUBS_LOOK));
        }
        return touched;
    }

    /** It was refused with a token that had been replaced, by one that was not stored yet: that says nothing against that one. */
    static void letGo(Connection connection, String name) throws SQLException {
        try (PreparedStatement go = connection.prepareStatement(
                "UPDATE parked_connection SET state = 'resumed' WHERE connection = ? AND state = 'parked'")) {
            go.setString(1, name);
            go.executeUpdate();
        }
    }

    private static int letGo(Connection connection, String name, Instant now) throws SQLException {
        try (PreparedStatement resume = connection.prepareStatement(LET_GO)) {
            new Sql.Columns(resume).add(name).add(now).add(name).add(now);
            try (ResultSet row = resume.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /**
     * A connection or one of its operations through which nothing goes now.
     *
     * @param operation null for all of the connection
     * @param state parked, renewed (while runs still wait), resumed, open or half_open
     * @param until when it is tried again, or null when a person must act
     */
    public record Trouble(
            String connection,
            String operation,
            String state,
            Instant since,
            Instant until,
            String reason,
            int waiting) {}

    /** By connection and operation. */
    public List<Trouble> troubles() throws SQLException {
        var troubles = new ArrayList<Trouble>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(TROUBLES);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                troubles.add(new Trouble(
                        row.getString("connection"),
                        row.getString("operation"),
                        row.getString("state"),
                        Sql.instant(row.getTimestamp("since")),
                        Sql.instant(row.getTimestamp("until")),
                        row.getString("reason"),
                        row.getInt("waiting")));
            }
        }
        return troubles;
    }
}
