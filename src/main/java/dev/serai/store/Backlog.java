package dev.serai.store;

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
import javax.sql.DataSource;

/**
 * How much is not done yet, by flow and state. It reads all open runs: what pages show is kept for a moment, so that many
 * open pages cost as much as one. An index on these columns would be written at each claim.
 */
public final class Backlog {
    private static final String OPEN = """
            SELECT o.flow, o.state, count(*) AS runs, min(o.created_at) AS oldest,
                   min(o.due_at) FILTER (WHERE o.state = 'waiting' AND o.waits_for IS NULL AND o.due_at <= ?
                     AND resting.lane IS NULL
                     AND o.flow NOT IN (SELECT flow FROM flow_switch WHERE state = 'paused')) AS due,
                   count(*) FILTER (WHERE o.waits_for = 'rest') AS resting,
                   count(resting.lane) FILTER (WHERE o.state = 'waiting') AS held,
                   count(*) FILTER (WHERE o.waits_for = 'pace') AS paced,
                   max(o.due_at) FILTER (WHERE o.waits_for = 'pace') AS paced_until,
                   count(*) FILTER (WHERE o.waits_for LIKE 'job of %') AS accepted
              FROM open_run o
              LEFT JOIN (SELECT DISTINCT lane FROM open_run WHERE waits_for = 'rest') resting ON resting.lane = o.lane
             GROUP BY o.flow, o.state
             ORDER BY o.flow, o.state""";

    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final int MOST_KEPT = 100;

    private final DataSource database;
    private Kept<List<Line>> lines = new Kept<>(Instant.MIN, List.of());
    private final Map<String, Kept<List<AtStep>>> steps = new HashMap<>();

    /** What was read, and when. */
    private record Kept<T>(Instant at, T what) {
        boolean fresh(Instant now) {
            return at.isAfter(now.minus(MOMENT)) && !at.isAfter(now.plus(MOMENT));
        }
    }

    public Backlog(DataSource database) {
        this.database = database;
    }

    /**
     * The open runs of a flow in a state.
     *
     * @param state waiting, claimed, dead or in_doubt
     * @param oldest when the event of the oldest of them arrived
     * @param due since when the first of those that could begin could; null when none is late, or the flow is paused
     * @param resting dead ones whose record rests
     * @param held those that wait because their record rests
     * @param paced those of orders by hand whose turn is yet to come
     * @param pacedUntil when the last of these has its turn; null when there is none
     * @param accepted those that wait for a job that a remote has accepted
     */
    public record Line(
            String flow,
            String state,
            long runs,
            Instant oldest,
            Instant due,
            long resting,
            long held,
            long paced,
            Instant pacedUntil,
            long accepted) {}

    /** Open runs of a flow at the step that failed last; a run that has not failed is at none. */
    public record AtStep(String step, String state, long runs) {}

    /** As it was up to two seconds ago. */
    public synchronized List<Line> lately(Instant now) throws SQLException {
        if (!lines.fresh(now)) {
            lines = new Kept<>(now, List.copyOf(read(now)));
        }
        return lines.what;
    }

    /** As it was up to two seconds ago. */
    public synchronized List<AtStep> steps(String flow, Instant now) throws SQLException {
        Kept<List<AtStep>> kept = steps.get(flow);
        if (kept != null && kept.fresh(now)) {
            return kept.what;
        }
        if (steps.size() >= MOST_KEPT) {
            steps.clear();
        }
        List<AtStep> read = List.copyOf(steps(flow));
        steps.put(flow, new Kept<>(now, read));
        return read;
    }

    private List<AtStep> steps(String flow) throws SQLException {
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
                            Sql.instant(row.getTimestamp("due")),
                            row.getLong("resting"),
                            row.getLong("held"),
                            row.getLong("paced"),
                            Sql.instant(row.getTimestamp("paced_until")),
                            row.getLong("accepted")));
                }
            }
            return lines;
        }
    }
}
