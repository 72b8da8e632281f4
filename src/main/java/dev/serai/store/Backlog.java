package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** How much is not done yet, by flow and state. Reads all open runs, so it is for whoever asks now and then. */
public final class Backlog {
    private static final String OPEN = """
            SELECT flow, state, count(*) AS runs, min(created_at) AS oldest,
                   min(due_at) FILTER (WHERE state = 'waiting' AND waits_for IS NULL AND due_at <= ?) AS due
              FROM open_run
             GROUP BY flow, state
             ORDER BY flow, state""";

    /** By the number, which runs nearly in the order of time: the newest runs are looked at and no others. */
    private static final String DONE = """
            SELECT date_trunc('minute', finished_at) AS minute, count(*) AS runs
              FROM (SELECT finished_at FROM done_run ORDER BY id DESC LIMIT ?) newest
             WHERE finished_at >= ?
             GROUP BY 1 ORDER BY 1""";

    private final DataSource database;

    public Backlog(DataSource database) {
        this.database = database;
    }

    /**
     * The open runs of a flow in a state.
     *
     * @param state waiting, claimed, dead or in_doubt
     * @param oldest when the event of the oldest of them arrived
     * @param due since when the first of those that could begin could; null when none is late
     */
    public record Line(String flow, String state, long runs, Instant oldest, Instant due) {}

    /** Runs that came to their end within a minute. */
    public record Minute(Instant minute, long runs) {}

    /** Minutes in which runs ended, the oldest first; of the newest {@code most} runs only. */
    public List<Minute> done(Instant since, int most) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(DONE)) {
            new Sql.Columns(select).add(most).add(since);
            var minutes = new ArrayList<Minute>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    minutes.add(new Minute(Sql.instant(row.getTimestamp(1)), row.getLong(2)));
                }
            }
            return minutes;
        }
    }

    /** Open runs of a flow at the step that failed last; a run that has not failed is at none. */
    public record AtStep(String step, String state, long runs) {}

    public List<AtStep> steps(String flow) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT step, state, count(*) FROM open_run WHERE flow = ? AND step IS NOT NULL"
                                + " GROUP BY step, state ORDER BY step, state")) {
            new Sql.Columns(select).add(flow);
            var at = new ArrayList<AtStep>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    at.add(new AtStep(row.getString(1), row.getString(2), row.getLong(3)));
                }
            }
            return at;
        }
    }

    /** @param now runs that are due later are not late */
    public List<Line> read(Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(OPEN)) {
            new Sql.Columns(select).add(now);
            var lines = new ArrayList<Line>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    lines.add(new Line(
                            row.getString("flow"),
                            row.getString("state"),
                            row.getLong("runs"),
                            Sql.instant(row.getTimestamp("oldest")),
                            Sql.instant(row.getTimestamp("due"))));
                }
            }
            return lines;
        }
    }
}
