package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What is kept of a person beside events and runs: what an erasure takes out by {@link ErasureSweep}, looked at. */
public final class PersonTraces {
    /** Of one column; there are as many as people have written by hand. */
    private static final int MOST = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String CUSTOMERS =
            "SELECT to_jsonb(c)::text FROM customers c WHERE lower(email) = ANY (?) OR phone = ANY (?)";
    private static final String REMOTE_IDS = "SELECT connection || ' ' || object || ' ' || id FROM remote_id"
            + " WHERE id IS NOT NULL AND key = ANY (?)";
    private static final String REMOTE_IDS_OF = "SELECT connection || ' ' || r.object || ' ' || id FROM remote_id r"
            + " JOIN unnest(?, ?) AS g(object, key) ON r.object = g.object AND r.key = g.key WHERE id IS NOT NULL";

    private final DataSource database;
    private final ErasureTexts texts;

    PersonTraces(DataSource database, ErasureTexts texts) {
        this.database = database;
        this.texts = texts;
    }

    /** A text in which the person stands. @param where table and column */
    public record Mention(String where, String text) {}

    /** What became different with an event, and the example that was kept of it. */
    public record Finding(String path, String detail, String was, String example) {}

    /** Rows of the table of customers, as JSON. */
    public List<String> customers() throws SQLException {
        return strings(CUSTOMERS, texts.values(), texts.values());
    }

    /** {@code connection object id} of what vendors call the person; a key that is an id counts for its own kind alone. */
    public List<String> remoteIds() throws SQLException {
        List<String> found =
                strings(REMOTE_IDS, texts.values().stream().map(Digest::sha256).toList());
        found.addAll(strings(
                REMOTE_IDS_OF,
                texts.ids().stream().map(id -> id[0]).toList(),
                texts.ids().stream().map(id -> Digest.sha256(id[1])).toList()));
        return found.stream().distinct().toList();
    }

    /**
     * Where the person stands in what people and vendors wrote, {@value #MOST} of a column at most. Patches are told with their runs;
     * what is known of the shape of a stream tells of nobody.
     */
    public List<Mention> mentions() throws SQLException {
        String pattern = texts.pattern();
        var found = new ArrayList<Mention>();
        if (pattern.isEmpty()) {
            return found;
        }
        var columns = new TreeMap<String, List<String>>();
        for (Map<String, List<String>> each : List.of(ErasureSweep.SENTENCES, ErasureSweep.KEYS)) {
            each.forEach((table, names) ->
                    columns.computeIfAbsent(table, none -> new ArrayList<>()).addAll(names));
        }
        columns.put("alert", ErasureSweep.DOCUMENTS.get("alert"));
        for (var table : columns.entrySet()) {
            for (String column : table.getValue()) {
                String sql = "SELECT DISTINCT " + column + " FROM " + table.getKey() + " WHERE " + column
                        + " ~* ? ORDER BY 1 LIMIT " + MOST;
                for (String text : matching(sql, pattern)) {
                    found.add(new Mention(table.getKey() + "." + column, text));
                }
            }
        }
        return found;
    }

    /** By event. */
    public Map<Long, List<Finding>> findings(Collection<Long> events) throws SQLException {
        var found = new HashMap<Long, List<Finding>>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT event_id, path, detail, was, example FROM drift"
                                + " WHERE event_id = ANY (?::bigint[]) ORDER BY id")) {
            new Sql.Columns(select).add("int8", events, id -> id);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.computeIfAbsent(row.getLong(1), event -> new ArrayList<>())
                            .add(new Finding(row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
                }
            }
        }
        return found;
    }

    private List<String> matching(String sql, String pattern) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) PATIENCE.toSeconds());
            new Sql.Columns(select).add(pattern);
            return strings(select);
        }
    }

    @SafeVarargs
    private List<String> strings(String sql, Collection<String>... lists) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(select);
            for (Collection<String> list : lists) {
                columns.add("text", list, text -> text);
            }
            return strings(select);
        }
    }

    private static List<String> strings(PreparedStatement select) throws SQLException {
        var found = new ArrayList<String>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
