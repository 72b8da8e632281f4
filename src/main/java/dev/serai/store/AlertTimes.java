package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** How long people took: of each time an alert was told when that was first, when somebody answered, and when it was over. */
public final class AlertTimes {
    /** What is over is looked back at that long. */
    public static final Duration LATELY = Duration.ofDays(7);

    private static final Duration KEEP = Duration.ofDays(35);

    /** An alert that comes back has another {@code since}. */
    private static final String NOTE = """
            INSERT INTO alert_time AS t (name, since, rule, severity, told_at, answered_at, over_at)
            SELECT name, since, rule, told_severity, told_at, acked_at, CASE state WHEN 'resolved' THEN resolved_at END
              FROM alert WHERE name = ? AND told_severity IS NOT NULL AND NOT muted
            ON CONFLICT (name, since) DO UPDATE
               SET severity = EXCLUDED.severity, answered_at = coalesce(t.answered_at, EXCLUDED.answered_at),
                   over_at = EXCLUDED.over_at
             WHERE t.severity <> EXCLUDED.severity OR t.over_at IS DISTINCT FROM EXCLUDED.over_at
                OR t.answered_at IS NULL AND EXCLUDED.answered_at IS NOT NULL""";

    private static final String ANSWERED = """
            UPDATE alert_time t SET answered_at = ? FROM alert a
             WHERE a.name = ? AND a.state = 'open' AND t.name = a.name AND t.since = a.since AND t.answered_at IS NULL""";

    /** Who acknowledges what a silence kept from people has not answered to being told. */
    private static final String TAKEN = """
            SELECT t.rule, t.severity, count(a.name) AS open,
                   extract(epoch FROM ?::timestamptz - min(t.told_at) FILTER (WHERE a.name IS NOT NULL AND t.answered_at IS NULL)) AS unanswered,
                   count(*) FILTER (WHERE answered) AS answered,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY response) FILTER (WHERE answered) AS response_half,
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY response) FILTER (WHERE answered) AS response_most,
                   count(t.over_at) AS over,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY resolution) FILTER (WHERE t.over_at IS NOT NULL) AS resolution_half,
                   percentile_cont(0.9) WITHIN GROUP (ORDER BY resolution) FILTER (WHERE t.over_at IS NOT NULL) AS resolution_most
              FROM (SELECT *, extract(epoch FROM answered_at - told_at) AS response, answered_at > told_at AS answered,
                           extract(epoch FROM over_at - told_at) AS resolution
                      FROM alert_time WHERE over_at IS NULL OR over_at >= ?) t
              LEFT JOIN alert a ON a.name = t.name AND a.since = t.since AND a.state = 'open'
             GROUP BY 1, 2 ORDER BY 1, 2""";

    private final DataSource database;

    public AlertTimes(DataSource database) {
        this.database = database;
    }

    /** Of so many of the last week half took no longer than that, and nine of ten no longer than that; in seconds. */
    public record Span(long of, double half, double most) {}

    /**
     * The alerts of a rule that were told with a severity.
     *
     * @param open those that are not over
     * @param unanswered how long the first of them nobody has answered has been waiting, in seconds; 0 when there is none
     */
    public record Taken(String rule, String severity, long open, double unanswered, Span response, Span resolution) {}

    public List<Taken> lately(Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(TAKEN)) {
            new Sql.Columns(select).add(now).add(now.minus(LATELY));
            var taken = new ArrayList<Taken>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    taken.add(new Taken(
                            row.getString("rule"),
                            row.getString("severity"),
                            row.getLong("open"),
                            Math.max(0, row.getDouble("unanswered")),
                            span(row, "answered", "response"),
                            span(row, "over", "resolution")));
                }
            }
            return taken;
        }
    }

    private static Span span(ResultSet row, String of, String what) throws SQLException {
        return new Span(row.getLong(of), row.getDouble(what + "_half"), row.getDouble(what + "_most"));
    }

    /** Writes down what is known of an alert by now; within the transaction that changed it. */
    static void note(Connection connection, String name) throws SQLException {
        try (PreparedStatement note = connection.prepareStatement(NOTE)) {
            note.setString(1, name);
            note.executeUpdate();
        }
    }

    /** Somebody has acknowledged or silenced it. */
    static void answered(Connection connection, String name, Instant now) throws SQLException {
        try (PreparedStatement answered = connection.prepareStatement(ANSWERED)) {
            new Sql.Columns(answered).add(now).add(name);
            answered.executeUpdate();
        }
    }

    static void tidy(Connection connection, Instant now) throws SQLException {
        try (PreparedStatement old =
                connection.prepareStatement("DELETE FROM alert_time WHERE coalesce(over_at, told_at) < ?")) {
            new Sql.Columns(old).add(now.minus(KEEP));
            old.executeUpdate();
        }
    }
}
