package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;

/** What happened how often, by the minute, added up over all hubs. What a hub counted in its last seconds dies with it. */
public final class Tallies {
    private static final String ADD = """
            INSERT INTO tally AS t (minute, kind, name, part, outcome, count)
            SELECT * FROM unnest(?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[])
            ON CONFLICT (kind, minute, name, part, outcome) DO UPDATE SET count = t.count + EXCLUDED.count""";

    private final DataSource database;

    public Tallies(DataSource database) {
        this.database = database;
    }

    /**
     * Something that happened so often.
     *
     * @param minute when; of a sum, the last one in which it happened
     * @param kind flow, step, call, cache or door
     * @param name of the flow or connection
     * @param part of it: a step, an operation; empty for the whole
     */
    public record Count(Instant minute, String kind, String name, String part, String outcome, long count) {}

    public void add(List<Count> counts) throws SQLException {
        // one order: two hubs can't deadlock
        var ordered = counts.stream()
                .sorted(Comparator.comparing(Count::kind)
                        .thenComparing(Count::minute)
                        .thenComparing(Count::name)
                        .thenComparing(Count::part)
                        .thenComparing(Count::outcome))
                .toList();
        try (Connection connection = database.getConnection();
                PreparedStatement add = connection.prepareStatement(ADD)) {
            new Sql.Columns(add)
                    .add("timestamptz", ordered, count -> count.minute.toString())
                    .add("text", ordered, Count::kind)
                    .add("text", ordered, Count::name)
                    .add("text", ordered, Count::part)
                    .add("text", ordered, Count::outcome)
                    .add("int8", ordered, Count::count);
            add.executeUpdate();
        }
    }

    /** Sums since a minute, by name, part and outcome. */
    public List<Count> sums(String kind, Instant since) throws SQLException {
        return read(
                "SELECT max(minute), kind, name, part, outcome, sum(count) FROM tally WHERE kind = ? AND minute >= ?"
                        + " GROUP BY kind, name, part, outcome ORDER BY name, part, outcome",
                kind,
                since);
    }

    /** Each minute since then, by outcome, over all parts. @param name of the flow or connection; empty for all together */
    public List<Count> minutes(String kind, String name, Instant since) throws SQLException {
        String which = name.isEmpty() ? "" : " AND name = ?";
        return read(
                "SELECT minute, kind, '', '', outcome, sum(count) FROM tally WHERE kind = ? AND minute >= ?" + which
                        + " GROUP BY minute, kind, outcome ORDER BY minute, outcome",
                kind,
                since,
                name.isEmpty() ? List.of() : List.of(name));
    }

    private List<Count> read(String sql, String kind, Instant since) throws SQLException {
        return read(sql, kind, since, List.of());
    }

    private List<Count> read(String sql, String kind, Instant since, List<String> more) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(select).add(kind).add(since);
            for (String each : more) {
                columns.add(each);
            }
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
    }

    /** Forgets what is older. */
    public void drop(Instant before) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement drop = connection.prepareStatement("DELETE FROM tally WHERE minute < ?")) {
            new Sql.Columns(drop).add(before);
            drop.executeUpdate();
        }
    }
}
