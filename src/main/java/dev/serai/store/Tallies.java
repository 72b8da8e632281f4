package dev.serai.store;

import dev.serai.alert.Measures.Span;
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
import javax.sql.DataSource;

/**
 * What happened how often, added up over all hubs: little to write, little to read, whatever the history holds. All by the
 * minute for a day, events for two; by the hour for five weeks as well runs that ended and their times, for the digest, calls,
 * whose last success is told, and what came in. What a hub counted in its last seconds dies with it.
 */
public final class Tallies {
    private static final Duration MINUTES = Duration.ofHours(26);
    /** Rules compare a window of up to a day with the same of the day before. */
    private static final Duration EVENT_MINUTES = Duration.ofHours(50);

    private static final Duration HOURS = Duration.ofDays(35);

    /** In one order, so that two hubs can't deadlock. */
    private static final String ADD = """
            INSERT INTO tally AS t (span, kind, at, name, part, outcome, count)
            SELECT span, u.kind, date_trunc(span, u.minute, 'UTC'), u.name, u.part, u.outcome, sum(u.count)
              FROM unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
                     AS u(minute, kind, name, part, outcome, count),
                   unnest(ARRAY['minute', 'hour']) AS span
             WHERE span = 'minute' OR u.kind IN ('flow', 'delivery_ms', 'call', 'request', 'event', 'repeat')
             GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
            ON CONFLICT (span, kind, at, name, part, outcome) DO UPDATE SET count = t.count + EXCLUDED.count""";

    private static final String BY_NAME = """
            SELECT name, sum(count) FROM tally
             WHERE span = ? AND kind = ? AND at >= ? AND at < ? AND (? = '' OR outcome = ?) GROUP BY name""";

    private static final String HABITS = """
            SELECT name, min(at), max(at), coalesce(extract(epoch FROM max(pause)), 0)::bigint
              FROM (SELECT name, at, at - lag(at) OVER (PARTITION BY name ORDER BY at) AS pause
                      FROM tally WHERE span = 'hour' AND kind = 'event' AND at >= ?) h
             GROUP BY name""";

    /** Name after name, of each from its newest hour on: a hundred connections have a hundred thousand rows in five weeks. */
    private static final String LAST_HOURS = """
            WITH RECURSIVE names AS (
              SELECT min(name) AS name FROM tally WHERE span = 'hour' AND kind = 'call'
              UNION ALL
              SELECT (SELECT min(t.name) FROM tally t WHERE t.span = 'hour' AND t.kind = 'call' AND t.name > names.name)
                FROM names WHERE names.name IS NOT NULL)
            SELECT names.name, last.at FROM names
             CROSS JOIN LATERAL (SELECT t.at FROM tally t
                                  WHERE t.span = 'hour' AND t.kind = 'call' AND t.name = names.name AND t.outcome = ANY (?)
                                    AND t.part <> ?
                                  ORDER BY t.at DESC LIMIT 1) last""";

    private final DataSource database;

    public Tallies(DataSource database) {
        this.database = database;
    }

    /**
     * Something that happened so often.
     *
     * @param minute when; of a sum, the last one in which it happened
     * @param kind flow, delivery_ms, step, call, cache, door, slow_door, request, event, repeat or unreadable
     * @param name of the flow, connection or source
     * @param part of it: a step, an operation; empty for the whole
     * @param outcome a word of a fixed list; empty where there is but one
     */
    public record Count(Instant minute, String kind, String name, String part, String outcome, long count) {}

    /** Adds what a hub has counted. */
    public void add(List<Count> counts) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD)) {
            new Sql.Columns(add)
                    .add("timestamptz", counts, count -> count.minute.toString())
                    .add("text", counts, Count::kind)
                    .add("text", counts, Count::name)
                    .add("text", counts, Count::part)
                    .add("text", counts, Count::outcome)
                    .add("int8", counts, Count::count);
            add.executeUpdate();
        }
    }

    /** Sums since a minute, by name, part and outcome. */
    public List<Count> sums(String kind, Instant since) throws SQLException {
        return read(
                "SELECT max(at), kind, name, part, outcome, sum(count) FROM tally"
                        + " WHERE span = 'minute' AND kind = ? AND at >= ?"
                        + " GROUP BY kind, name, part, outcome ORDER BY name, part, outcome",
                kind,
                since,
                List.of());
    }

    /** Sums of several kinds since then, by kind, name and outcome. @param unit minute or hour */
    public List<Count> sums(String unit, Set<String> kinds, Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT max(at), kind, name, '', outcome, sum(count) FROM tally"
                                + " WHERE span = ? AND kind = ANY (?) AND at >= ?"
                                + " GROUP BY kind, name, outcome ORDER BY kind, name, outcome")) {
            new Sql.Columns(select).add(unit).add("text", kinds, kind -> kind).add(since);
            return counts(select);
        }
    }

    /**
     * How a source uses to send, in whole hours.
     *
     * @param first the first hour with an event since then
     * @param last the last one
     * @param longestPause the longest time from the beginning of one such hour to that of the next
     */
    public record Habit(Instant first, Instant last, Duration longestPause) {}

    /** The habits of all sources that have sent something since then. */
    public Map<String, Habit> habits(Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(HABITS)) {
            new Sql.Columns(select).add(since);
            var habits = new HashMap<String, Habit>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    habits.put(
                            row.getString(1),
                            new Habit(
                                    Sql.instant(row.getTimestamp(2)),
                                    Sql.instant(row.getTimestamp(3)),
                                    Duration.ofSeconds(row.getLong(4))));
                }
            }
            return habits;
        }
    }

    /** Each minute since then, by outcome, over all parts. @param name of the flow or connection; empty for all together */
    public List<Count> minutes(String kind, String name, Instant since) throws SQLException {
        String which = name.isEmpty() ? "" : " AND name = ?";
        return read(
                "SELECT at, kind, '', '', outcome, sum(count) FROM tally"
                        + " WHERE span = 'minute' AND kind = ? AND at >= ?" + which
                        + " GROUP BY at, kind, outcome ORDER BY at, outcome",
                kind,
                since,
                name.isEmpty() ? List.of() : List.of(name));
    }

    private List<Count> read(String sql, String kind, Instant since, List<String> more) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(select).add(kind).add(since);
            for (String each : more) {
                columns.add(each);
            }
            return counts(select);
        }
    }

    private static List<Count> counts(PreparedStatement select) throws SQLException {
        var counts = new ArrayList<Count>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                counts.add(new Count(
                        Sql.instant(row.getTimestamp(1)),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6)));
            }
        }
        return counts;
    }

    /** The last hour in which a call came to any of these outcomes, by connection; within five weeks. @param but a part that does not count */
    public Map<String, Instant> lastCalls(Set<String> outcomes, String but) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LAST_HOURS)) {
            new Sql.Columns(select).add("text", outcomes, outcome -> outcome).add(but);
            var last = new HashMap<String, Instant>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    last.put(row.getString(1), Sql.instant(row.getTimestamp(2)));
                }
            }
            return last;
        }
    }

    /** What was counted by minutes, by name. */
    public Map<String, Long> minutes(Span span) throws SQLException {
        return byName("minute", span);
    }

    /** What was counted by hours, by name. Of runs, their times, calls and what came in only. */
    public Map<String, Long> hours(Span span) throws SQLException {
        return byName("hour", span);
    }

    private Map<String, Long> byName(String unit, Span span) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(BY_NAME)) {
            new Sql.Columns(select)
                    .add(unit)
                    .add(span.what().kind())
                    .add(span.from())
                    .add(span.to())
                    .add(span.what().outcome())
                    .add(span.what().outcome());
            var sums = new HashMap<String, Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sums.put(row.getString(1), row.getLong(2));
                }
            }
            return sums;
        }
    }

    /** Forgets what is older than it is kept. */
    public void tidy(Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement old = connection.prepareStatement(
                        "DELETE FROM tally WHERE span = 'minute' AND kind <> 'event' AND at < ?"
                                + " OR span = 'minute' AND at < ? OR span = 'hour' AND at < ?")) {
            new Sql.Columns(old)
                    .add(now.minus(MINUTES))
                    .add(now.minus(EVENT_MINUTES))
                    .add(now.minus(HOURS));
            old.executeUpdate();
        }
    }
}
