package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wakes the runs that {@link Runs#park} left waiting for a breaker, a credential or their turn. */
public final class ParkedRuns {
    /** One is enough to find out; not a second one while that is on its way. One that its lane keeps waiting finds out nothing. */
    private static final String WAKE_ONE =
            """
            UPDATE open_run SET due_at = ?
             WHERE id = (SELECT id FROM open_run r WHERE state = 'waiting' AND waits_for = ? AND flow = ANY (?) AND %1$s
                          ORDER BY id LIMIT 1)
               AND NOT EXISTS (SELECT FROM open_run r
                                WHERE state = 'waiting' AND waits_for = ? AND flow = ANY (?) AND due_at <= ? AND %1$s)""".formatted("NOT EXISTS (SELECT FROM open_run e WHERE e.lane = r.lane AND e.holds AND e.id < r.id)");

    /** Those that went away together, as records of one call, have one turn and come together. */
    private static final String WAKE_NEXT = """
            WITH turn AS MATERIALIZED (
              SELECT DISTINCT due_at FROM open_run
               WHERE state = 'waiting' AND waits_for = ? AND flow <> ALL (?) AND due_at > ? ORDER BY due_at LIMIT ?),
            chosen AS MATERIALIZED (
              SELECT id FROM open_run
               WHERE state = 'waiting' AND waits_for = ? AND flow <> ALL (?) AND due_at IN (SELECT due_at FROM turn)
                 FOR UPDATE SKIP LOCKED)
            UPDATE open_run r SET due_at = ?, waits_for = NULL FROM chosen WHERE r.id = chosen.id""";

    private static final int CHUNK = 1_000;
    /** Who wakes them has other work as well; what is left is found by the next sweep. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** In the order of their numbers, so that each is met once. One that somebody else has in hand is passed over. */
    private static final String WAKE_ON = """
            WITH chosen AS MATERIALIZED (
              SELECT id FROM open_run WHERE state = 'waiting' AND waits_for = ? AND id > ? AND id <= ?
               ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED),
            woken AS (
              UPDATE open_run r SET due_at = ?, waits_for = NULL FROM chosen WHERE r.id = chosen.id RETURNING r.id)
            SELECT count(*), max(id) FROM woken""";

    private static final String LAST = "SELECT coalesce(max(id), 0) FROM open_run";

    /** One that somebody else has in hand is left for the next time. */
    private static final String WAKE = """
            WITH chosen AS MATERIALIZED (
              SELECT id FROM open_run WHERE state = 'waiting' AND %s LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE open_run r SET due_at = ?, waits_for = NULL FROM chosen WHERE r.id = chosen.id""";

    /** They still wait, so that who knows the way to be free can wake them. */
    private static final String HASTEN = """
            WITH chosen AS MATERIALIZED (
              SELECT id FROM open_run WHERE state = 'waiting' AND waits_for = ? AND due_at > ? LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE open_run r SET due_at = ? FROM chosen WHERE r.id = chosen.id""";

    private static final String LET_GO = """
            waits_for LIKE '%/%'
               AND NOT EXISTS (SELECT FROM parked_connection p
                                WHERE p.connection || '/*' = waits_for AND p.state = 'parked')
               AND NOT EXISTS (SELECT FROM breaker b
                                WHERE b.connection || '/' || b.operation = waits_for AND b.state <> 'closed')""";

    private static final Logger LOG = LoggerFactory.getLogger(ParkedRuns.class);

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

    /**
     * How far those were woken who wait for one thing. Each that waited when it became free is woken once: who came since, and was
     * sent away with a turn of his own, keeps that turn, however long it takes to wake the others.
     *
     * @param upTo the last that was met
     * @param last the last there is
     */
    public record Woken(long upTo, long last) {
        public static final Woken NOBODY = new Woken(0, Long.MAX_VALUE);

        public boolean isAll() {
            return upTo >= last;
        }
    }

    /** All that wait for it are due now. @param before how far they were woken @return how far they are: to be gone on with */
    public Woken wake(String waitsFor, Woken before) {
        return wake(database, waitsFor, before, clock.instant());
    }

    /**
     * All that wait for it are due now. To be called when it is stored that their way is free: however many there are, and
     * whatever becomes of this, it stays free. Those that are left are found by {@link #wakeLetGo}, or are due at their time.
     */
    static void wake(DataSource database, String waitsFor, Instant now) {
        wake(database, waitsFor, Woken.NOBODY, now);
    }

    private static Woken wake(DataSource database, String waitsFor, Woken before, Instant now) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        Woken woken = before;
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(WAKE_ON)) {
            if (woken.equals(Woken.NOBODY)) {
                woken = new Woken(0, last(connection));
            }
            while (!woken.isAll() && System.nanoTime() - until < 0) {
                woken = wake(update, waitsFor, woken, now);
            }
        } catch (SQLException e) {
            notWoken(waitsFor, e);
        }
        return woken;
    }

    private static long last(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LAST);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Woken wake(PreparedStatement update, String waitsFor, Woken before, Instant now)
            throws SQLException {
        new Sql.Columns(update)
                .add(waitsFor)
                .add(before.upTo)
                .add(before.last)
                .add(CHUNK)
                .add(now);
        try (ResultSet row = update.executeQuery()) {
            row.next();
            return new Woken(row.getInt(1) < CHUNK ? before.last : row.getLong(2), before.last);
        }
    }

    /** Those that wait for it are due by then at the latest, though nobody comes to wake them. */
    static void hasten(DataSource database, String waitsFor, Instant by) {
        try {
            inChunks(
                    database,
                    HASTEN,
                    columns -> columns.add(waitsFor).add(by).add(CHUNK).add(by));
        } catch (SQLException e) {
            notWoken(waitsFor, e);
        }
    }

    private static void notWoken(String waitsFor, SQLException e) {
        LOG.atWarn()
                .addKeyValue("waits_for", waitsFor)
                .addKeyValue("sql_state", e.getSQLState())
                .log("runs.not_woken: they are looked for again within seconds");
    }

    /** What one chunk is asked for with. */
    private interface Asked {
        void in(Sql.Columns columns) throws SQLException;
    }

    /** In chunks, each committed by itself, for as long as there is patience. */
    private static void inChunks(DataSource database, String sql, Asked asked) throws SQLException {
        long until = System.nanoTime() + PATIENCE.toNanos();
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            int changed = CHUNK;
            while (changed == CHUNK && System.nanoTime() - until < 0) {
                asked.in(new Sql.Columns(update));
                changed = update.executeUpdate();
            }
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

    /** Those that would be due next are due now. @param paused flows whose runs could not come @param most so many */
    public void wakeNext(String waitsFor, Collection<String> paused, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement wake = connection.prepareStatement(WAKE_NEXT)) {
            Instant now = clock.instant();
            new Sql.Columns(wake)
                    .add(waitsFor)
                    .add("text", paused, f -> f)
                    .add(now)
                    .add(most)
                    .add(waitsFor)
                    .add("text", paused, f -> f)
                    .add(now);
            wake.executeUpdate();
        }
    }

    /** Runs that were parked in the very moment in which their way became free, or that nobody came to wake. */
    public void wakeLetGo() throws SQLException {
        Instant now = clock.instant();
        inChunks(database, WAKE.replace("%s", LET_GO), columns -> columns.add(CHUNK)
                .add(now));
    }
}
