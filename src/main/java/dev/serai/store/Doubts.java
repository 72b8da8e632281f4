package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Runs in doubt: something was sent, and nobody knows what came of it until a person has looked. */
public final class Doubts {
    private static final String DOUBT = """
            SELECT r.id, r.claims, r.event_id, s.step, s.connection, s.operation, s.write_class, s.idempotency_key, s.updated_at
              FROM open_run r JOIN step s ON s.run_id = r.id AND s.state = 'intended'
             WHERE r.id = ? AND r.state = 'in_doubt' ORDER BY s.updated_at DESC LIMIT 1""";

    private static final String DOUBTS = """
            SELECT r.id, r.claims, r.event_id, s.step, s.connection, s.operation, s.write_class, s.idempotency_key, s.updated_at
              FROM open_run r
              JOIN LATERAL (SELECT * FROM step WHERE run_id = r.id AND state = 'intended' ORDER BY updated_at DESC LIMIT 1) s ON true
             WHERE r.state = 'in_doubt' AND r.id < ? ORDER BY r.id DESC LIMIT ?""";

    private static final String GO_ON = """
            UPDATE open_run SET state = 'waiting', due_at = g.now, tried_since = g.now, holds = true, waits_for = NULL, retries = 0,
                   finished_at = NULL
              FROM (SELECT ?::timestamptz AS now) g WHERE id = ? AND claims = ? AND state = 'in_doubt'""";

    private static final String SETTLE = "UPDATE step SET state = ?, answer = ?, updated_at = ?"
            + " WHERE run_id = ? AND step = ? AND state = 'intended'";

    private static final String NOTE = "INSERT INTO audit (at, who, what, run_id, why) VALUES (?, ?, ?, ?, ?)";

    private final DataSource database;
    private final InstantSource clock;

    public Doubts(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * The step of a run that may have been done.
     *
     * @param claim how often the run was claimed: when that has changed, the run has moved since
     * @param intendedAt when its intent was written down, just before it was sent, or its lost answer
     */
    public record Doubt(
            long run,
            int claim,
            long eventId,
            String step,
            String connection,
            String operation,
            String writeClass,
            String idempotencyKey,
            Instant intendedAt) {
        public String name() {
            return Names.run(run);
        }
    }

    /** Empty when there is no such run, or it is not in doubt. */
    public Optional<Doubt> find(long run) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(DOUBT)) {
            select.setLong(1, run);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(doubt(row)) : Optional.empty();
            }
        }
    }

    private static Doubt doubt(ResultSet row) throws SQLException {
        return new Doubt(
                row.getLong(1),
                row.getInt(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                Sql.instant(row.getTimestamp(9)));
    }

    /** Those there are, the newest run first. @param before only runs of smaller numbers */
    public List<Doubt> list(long before, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(DOUBTS)) {
            new Sql.Columns(select).add(before).add(most);
            var doubts = new ArrayList<Doubt>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    doubts.add(doubt(row));
                }
            }
            return doubts;
        }
    }

    /**
     * It was done: the run goes on behind the step.
     *
     * @param answer what the step's body becomes, as JSON; null for none
     * @return false when the run has moved since the doubt was read; nothing was changed
     */
    public boolean done(Doubt doubt, byte[] answer, ByHand by) throws SQLException {
        return settle(doubt, Journal.State.SUCCEEDED, answer, by);
    }

    /** It was not done: the step is sent again. @return false when the run has moved since; nothing was changed */
    public boolean notDone(Doubt doubt, ByHand by) throws SQLException {
        return settle(doubt, Journal.State.FAILED, null, by);
    }

    private boolean settle(Doubt doubt, Journal.State state, byte[] answer, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                boolean settled = goOn(connection, doubt) && write(connection, doubt, state, answer);
                if (settled) {
                    note(connection, doubt, state, by);
                    connection.commit();
                } else {
                    connection.rollback();
                }
                return settled;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private boolean goOn(Connection connection, Doubt doubt) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(GO_ON)) {
            new Sql.Columns(update).add(clock.instant()).add(doubt.run).add(doubt.claim);
            return update.executeUpdate() == 1;
        }
    }

    private boolean write(Connection connection, Doubt doubt, Journal.State state, byte[] answer) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(SETTLE)) {
            update.setString(1, Sql.lower(state));
            update.setBytes(2, answer);
            update.setTimestamp(3, java.sql.Timestamp.from(clock.instant()));
            update.setLong(4, doubt.run);
            update.setString(5, doubt.step);
            return update.executeUpdate() == 1;
        }
    }

    private void note(Connection connection, Doubt doubt, Journal.State state, ByHand by) throws SQLException {
        String answer = state == Journal.State.SUCCEEDED ? "done" : "not done";
        try (PreparedStatement insert = connection.prepareStatement(NOTE)) {
            new Sql.Columns(insert)
                    .add(clock.instant())
                    .add(by.who())
                    .add("settle " + doubt.step + ": " + answer)
                    .add(doubt.run)
                    .add(Sql.clean(by.why()));
            insert.executeUpdate();
        }
    }
}
