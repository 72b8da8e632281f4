package dev.serai.store;

import dev.serai.alert.Measures.Blast;
import dev.serai.alert.Measures.Pattern;
import dev.serai.run.ErrorClass;
import dev.serai.run.Owner;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** What the rules of alerts are held against, as the database knows it. */
public final class AlertSights {
    /**
     * Dead letters that are looked at of each end: among the newest is what is new, among the oldest what people know and what is
     * not over. What lies between is counted with its flow.
     */
    private static final int MOST_RUNS = 25_000;

    private static final int MOST_PATTERNS = 100;
    /** So many are read anew whenever others have come or gone, more of them once a minute: it takes long. */
    private static final long FEW = 1_000;

    private static final Duration MANY_EVERY = Duration.ofMinutes(1);

    /** That a rule may have, and the minute in which it begins. */
    private static final Duration LONGEST_WINDOW = Duration.ofHours(25);

    /** Runs of a pattern whose steps are looked at. */
    private static final int SAMPLE = 200;

    private static final String MARK = "SELECT count(*), coalesce(max(id), 0), coalesce(sum(id), 0), max(finished_at),"
            + " count(*) FILTER (WHERE waits_for = 'rest') FROM open_run WHERE state = 'dead'";

    /** The most frequent, and all of which people know already: their keys are {@code rule flow step pattern}. */
    private static final String PATTERNS = """
            SELECT flow, step, pattern, count(*), count(DISTINCT lane), (array_agg(id ORDER BY id DESC))[1:%d] AS newest,
                   array_agg(extract(epoch FROM date_trunc('minute', finished_at, 'UTC'))::bigint)
                     FILTER (WHERE finished_at >= ?) AS died, array_agg(lane) FILTER (WHERE waits_for = 'rest') AS resting
              FROM (
              SELECT r.id, r.flow, coalesce(r.step, '') AS step, r.lane, r.finished_at, r.waits_for, %s AS pattern
                FROM open_run r WHERE r.id IN (
                  (SELECT id FROM open_run WHERE state = 'dead' ORDER BY id DESC LIMIT ?) UNION
                  (SELECT id FROM open_run WHERE state = 'dead' ORDER BY id LIMIT ?))) dead
             GROUP BY 1, 2, 3
             ORDER BY (flow || ' ' || step || ' ' || pattern) = ANY (ARRAY(
                        SELECT substr(key, strpos(key, ' ') + 1) FROM alert
                         WHERE state <> 'resolved' AND signal = 'repeated_pattern')) DESC, count(*) DESC, 1, 2, 3
             LIMIT ?""".formatted(SAMPLE, FailedAlike.sql("r.reason"));

    /** The newest run of each pattern, and the last attempt at the step where it failed. */
    private static final String LAST = """
            SELECT r.id, r.owner, r.reason, s.connection, a.status, a.verdict, a.reason AS heard,
                   (SELECT e.source FROM event e WHERE e.id = r.event_id) AS source
              FROM open_run r
              LEFT JOIN step s ON s.run_id = r.id AND s.step = r.step
              LEFT JOIN LATERAL (SELECT status, verdict, reason FROM attempt
                                  WHERE run_id = r.id AND step = r.step ORDER BY at DESC LIMIT 1) a ON true
             WHERE r.id = ANY (?)""";

    private static final String UNFINISHED = """
            SELECT u.pattern, count(*) FILTER (WHERE s.write_class = 'once'), count(*) FILTER (WHERE s.write_class = 'lookup')
              FROM unnest(?::int[], ?::bigint[]) AS u(pattern, run)
              JOIN step s ON s.run_id = u.run AND s.state = 'intended' GROUP BY 1""";

    private static final String HELD =
            "SELECT count(*) FROM open_run WHERE lane = ANY (?::text[]) AND holds AND state = 'waiting'";

    private static final String GROWTH =
            "SELECT flow, count(*) FROM open_run WHERE state = 'dead' AND finished_at >= ? AND finished_at <= ? GROUP BY flow";

    private final DataSource database;
    private final int mostRuns;
    private Mark marked = new Mark(0, "", Instant.EPOCH);
    private Instant readAt = Instant.EPOCH;
    private List<Pattern> patterns = List.of();

    public AlertSights(DataSource database) {
        this(database, MOST_RUNS);
    }

    /** @param mostRuns of each end */
    AlertSights(DataSource database, int mostRuns) {
        this.database = database;
        this.mostRuns = mostRuns;
    }

    private record Alike(
            String flow,
            String step,
            String reason,
            long runs,
            long records,
            List<Long> newest,
            SortedMap<Instant, Long> died,
            List<String> resting) {}

    private record Last(ErrorClass kind, String connection, boolean own) {}

    /** Changes when dead letters come or go, also when the same come back. @param last when the last of them died */
    private record Mark(long runs, String which, Instant last) {}

    /** Dead letters that failed alike; read anew only when others have come or gone, and many of them once a minute. */
    public synchronized List<Pattern> patterns(Instant now) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Mark mark = mark(connection);
            boolean many = mark.runs > FEW && marked.runs > 0;
            if (mark.equals(marked) || many && now.isBefore(readAt.plus(MANY_EVERY))) {
                return patterns;
            }
            List<Alike> alike = alike(connection, now);
            Map<Long, Last> last = last(connection, alike);
            Map<Integer, Blast> unfinished = unfinished(connection, alike);
            var found = new ArrayList<Pattern>();
            for (int i = 0; i < alike.size(); i++) {
                Alike one = alike.get(i);
                Last seen = last.getOrDefault(one.newest.get(0), new Last(ErrorClass.SYSTEM, "", false));
                Blast open = unfinished.getOrDefault(i, new Blast(0, 0, 0));
                found.add(new Pattern(
                        one.flow,
                        one.step,
                        one.reason,
                        one.runs,
                        seen.kind.word(),
                        seen.connection,
                        Names.run(one.newest.get(0)),
                        new Blast(
                                one.records,
                                open.unclear(),
                                open.lookedUp(),
                                one.resting.size(),
                                held(connection, one.resting)),
                        seen.own,
                        one.died));
            }
            patterns = List.copyOf(found);
            marked = mark;
            readAt = now;
            return patterns;
        }
    }

    private static Mark mark(Connection connection) throws SQLException {
        try (var select = connection.createStatement();
                ResultSet row = select.executeQuery(MARK)) {
            row.next();
            Timestamp last = row.getTimestamp(4);
            return new Mark(
                    row.getLong(1),
                    row.getLong(2) + " " + row.getString(3) + " " + row.getLong(5),
                    last == null ? Instant.EPOCH : last.toInstant());
        }
    }

    private List<Alike> alike(Connection connection, Instant now) throws SQLException {
        var alike = new ArrayList<Alike>();
        try (PreparedStatement select = connection.prepareStatement(PATTERNS)) {
            new Sql.Columns(select)
                    .add(now.minus(LONGEST_WINDOW))
                    .add(mostRuns)
                    .add(mostRuns)
                    .add(MOST_PATTERNS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    alike.add(new Alike(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            List.of((Long[]) row.getArray(6).getArray()),
                            byMinute(row.getArray(7)),
                            lanes(row.getArray(8))));
                }
            }
        }
        alike.sort(Comparator.comparingLong(Alike::runs).reversed());
        return alike;
    }

    /** @param minutes one for each run, in seconds since 1970; null when there is none */
    private static SortedMap<Instant, Long> byMinute(Array minutes) throws SQLException {
        var died = new TreeMap<Instant, Long>();
        if (minutes != null) {
            for (Long minute : (Long[]) minutes.getArray()) {
                died.merge(Instant.ofEpochSecond(minute), 1L, Long::sum);
            }
        }
        return died;
    }

    private static List<String> lanes(Array lanes) throws SQLException {
        return lanes == null
                ? List.of()
                : Stream.of((String[]) lanes.getArray()).distinct().toList();
    }

    /** Runs that wait in lanes that rest. */
    private static long held(Connection connection, List<String> lanes) throws SQLException {
        if (lanes.isEmpty()) {
            return 0;
        }
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            new Sql.Columns(select).add("text", lanes, lane -> lane);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static Map<Long, Last> last(Connection connection, List<Alike> alike) throws SQLException {
        var last = new HashMap<Long, Last>();
        try (PreparedStatement select = connection.prepareStatement(LAST)) {
            new Sql.Columns(select).add("bigint", alike, one -> one.newest.get(0));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Integer status = row.getObject("status", Integer.class);
                    var failed = new ErrorClass.Failed(
                            "dead",
                            Sql.constant(Owner.class, row.getString("owner")),
                            row.getString("verdict"),
                            status,
                            row.getString("heard"));
                    String connectionName = row.getString("connection");
                    last.put(
                            row.getLong("id"),
                            new Last(
                                    ErrorClass.of(failed),
                                    connectionName == null ? "" : connectionName,
                                    "serai".equals(row.getString("source"))));
                }
            }
        }
        return last;
    }

    private static Map<Integer, Blast> unfinished(Connection connection, List<Alike> alike) throws SQLException {
        var numbers = new ArrayList<Integer>();
        var runs = new ArrayList<Long>();
        for (int i = 0; i < alike.size(); i++) {
            for (Long run : alike.get(i).newest) {
                numbers.add(i);
                runs.add(run);
            }
        }
        var unfinished = new HashMap<Integer, Blast>();
        try (PreparedStatement select = connection.prepareStatement(UNFINISHED)) {
            new Sql.Columns(select).add("integer", numbers, n -> n).add("bigint", runs, run -> run);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    unfinished.put(row.getInt(1), new Blast(0, row.getLong(2), row.getLong(3)));
                }
            }
        }
        return unfinished;
    }

    /** Dead letters by flow that came since, up to the last one that {@link #patterns} knows. */
    public synchronized Map<String, Long> growth(Instant since) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(GROWTH)) {
            new Sql.Columns(select).add(since).add(marked.last);
            var growth = new HashMap<String, Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    growth.put(row.getString(1), row.getLong(2));
                }
            }
            return growth;
        }
    }
}
