package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import javax.sql.DataSource;

/** Wakes the runs that {@link Runs#park} left waiting for a breaker or a credential. */
public final class ParkedRuns {
    /** One is enough to find out; not a second one while that is on its way. */
    private static final String WAKE_ONE = """
            UPDATE open_run SET due_at = ?
             WHERE id = (SELECT id FROM open_run WHERE state = 'waiting' AND waits_for = ? AND flow = ANY (?)
                          ORDER BY id LIMIT 1)
               AND NOT EXISTS (SELECT FROM open_run
                                WHERE state = 'waiting' AND waits_for = ? AND flow = ANY (?) AND due_at <= ?)""";

    private static final String WAKE_LET_GO = """
            UPDATE open_run SET due_at = ?, waits_for = NULL
             WHERE state = 'waiting' AND waits_for LIKE '%/%'
               AND NOT EXISTS (SELECT FROM parked_connection p
                                WHERE p.connection || '/*' = waits_for AND p.state = 'parked')
               AND NOT EXISTS (SELECT FROM breaker b
                                WHERE b.connection || '/' || b.operation = waits_for AND b.state <> 'closed')""";

    private final DataSource database;
    private final InstantSource clock;

    public ParkedRuns(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What a run waits for whose connection is parked: any operation of it. */
    public static String anyOf(String connection) {
        return connection + "/*";
    }

    /** All that wait for it are due now. */
    public void wake(String waitsFor) throws SQLException {
        try (Connection connection = database.getConnection()) {
            wake(connection, waitsFor, clock.instant());
        }
    }

    /** As {@link #wake(String)}, within a transaction. */
    static void wake(Connection connection, String waitsFor, Instant now) throws SQLException {
        try (PreparedStatement wake = connection.prepareStatement(
                "UPDATE open_run SET due_at = ?, waits_for = NULL WHERE state = 'waiting' AND waits_for = ?")) {
            new Sql.Columns(wake).add(now).add(waitsFor);
            wake.executeUpdate();
        }
    }

    /** The oldest run of these flows that waits for it is due now, so that it may find out; unless one is already. */
    public void wakeOne(String waitsFor, Collection<String> flows) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement wake = connection.prepareStatement(WAKE_ONE)) {
            Instant now = clock.instant();
            new Sql.Columns(wake)
                    .add(now)
                    .add(waitsFor)
                    .add("text", flows, f -> f)
                    .add(waitsFor)
                    .add("text", flows, f -> f)
                    .add(now);
            wake.executeUpdate();
        }
    }

    /** Runs that were parked in the very moment in which their way became free. */
    public void wakeLetGo() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement wake = connection.prepareStatement(WAKE_LET_GO)) {
            new Sql.Columns(wake).add(clock.instant());
            wake.executeUpdate();
        }
    }
}
