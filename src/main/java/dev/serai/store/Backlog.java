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
                   min(due_at) FILTER (WHERE state = 'waiting' AND waits_for IS NULL AND due_at <= ?
                     AND flow NOT IN (SELECT flow FROM flow_switch WHERE state = 'paused')) AS due
              FROM open_run
             GROUP BY flow, state
             ORDER BY flow, state""";

    private final DataSource database;

    public Backlog(DataSource database) {
        this.database = database;
    }

    /**
     * The open runs of a flow in a state.
     *
     * @param state waiting, claimed, dead or in_doubt
     * @param oldest when the event of the oldest of them arrived
     * @param due since when the first of those that could begin could; null when none is late, or the flow is paused
     */
    public record Line(String flow, String state, long runs, Instant oldest, Instant due) {}

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
