package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes a person out of everything beside the events: the table of customers, the ids at vendors, the keys of routes, and what
 * people and vendors wrote. Part by part, each in a transaction of its own; any part can be done again.
 */
final class ErasureSweep {
    /** Sentences of people and vendors. A test demands that each column of each table is here, or is known to hold nobody. */
    static final Map<String, List<String>> SENTENCES = Map.of(
            "audit", List.of("what", "why"),
            "breaker", List.of("reason"),
            "connection_proof", List.of("result"),
            "drift", List.of("example", "was"),
            "flow_switch", List.of("why"),
            "open_run", List.of("reason"),
            "parked_connection", List.of("reason"));

    /** JSON, kept as text. */
    static final Map<String, List<String>> DOCUMENTS =
            Map.of("alert", List.of("body"), "audit", List.of("patch"), "drift_shape", List.of("shape"));

    /** Parts of the key of a row, a finding say: it stays one of its own. */
    static final Map<String, List<String>> KEYS =
            Map.of("drift", List.of("detail", "path"), "poll", List.of("endpoint"));

    /** A table that has grown large takes longer than the pool grants. */
    private static final int PATIENCE_MS = (int) Duration.ofMinutes(5).toMillis();

    private static final String CUSTOMERS = "DELETE FROM customers WHERE lower(email) = ANY (?) OR phone = ANY (?)";
    private static final String REMOTE_IDS = "DELETE FROM remote_id WHERE key = ANY (?)";
    private static final String REMOTE_IDS_OF =
            "DELETE FROM remote_id r USING unnest(?, ?) AS g(object, key) WHERE r.object = g.object AND r.key = g.key";
    private static final String ROUTE_KEYS = """
            WITH page AS (SELECT key FROM seen_key WHERE key > ? ORDER BY key LIMIT 20000),
            gone AS (DELETE FROM seen_key s USING page p WHERE s.key = p.key AND s.key ~* ? RETURNING 1)
            SELECT (SELECT count(*) FROM gone), (SELECT max(key) FROM page)""";

    private ErasureSweep() {}

    /** What was done. @param from where the part goes on; null when it is done */
    record Done(int rows, String from) {}

    /** @param counted how the certificate calls what goes */
    record Part(String counted, Work work) {}

    interface Work {
        /** @param from empty at the beginning, then what it said itself */
        Done in(Connection connection, String from) throws SQLException;
    }

    static List<Part> parts(ErasureTexts texts) {
        var parts = new ArrayList<Part>();
        parts.add(part("customers", c -> update(c, CUSTOMERS, texts.values(), texts.values())));
        List<String> hashes = texts.values().stream().map(Digest::sha256).toList();
        parts.add(part("remote_ids", c -> update(c, REMOTE_IDS, hashes)));
        List<String> objects = texts.ids().stream().map(id -> id[0]).toList();
        List<String> keys = texts.ids().stream().map(id -> Digest.sha256(id[1])).toList();
        parts.add(part("remote_ids", c -> update(c, REMOTE_IDS_OF, objects, keys)));
        String pattern = texts.pattern();
        if (pattern.isEmpty()) {
            return parts;
        }
        parts.add(new Part("route_keys", (c, from) -> routeKeys(c, pattern, from)));
        each(SENTENCES, (table, column) -> parts.add(part("other_texts", c -> replace(c, table, column, pattern))));
        each(DOCUMENTS, (table, column) -> parts.add(part("other_texts", c -> clean(c, table, column, texts))));
        each(KEYS, (table, column) -> parts.add(part("other_texts", c -> unname(c, table, column, pattern))));
        return parts;
    }

    private interface Column {
        void of(String table, String column);
    }

    private static void each(Map<String, List<String>> columns, Column column) {
        new TreeMap<>(columns).forEach((table, names) -> names.forEach(name -> column.of(table, name)));
    }

    private interface Whole {
        int in(Connection connection) throws SQLException;
    }

    private static Part part(String counted, Whole whole) {
        return new Part(counted, (connection, from) -> {
            connection.setNetworkTimeout(Runnable::run, PATIENCE_MS);
            return new Done(whole.in(connection), null);
        });
    }

    private static Done routeKeys(Connection connection, String pattern, String from) throws SQLException {
        try (PreparedStatement page = connection.prepareStatement(ROUTE_KEYS)) {
            new Sql.Columns(page).add(from).add(pattern);
            try (ResultSet row = page.executeQuery()) {
                row.next();
                return new Done(row.getInt(1), row.getString(2));
            }
        }
    }

    @SafeVarargs
    private static int update(Connection connection, String sql, Collection<String>... values) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            var columns = new Sql.Columns(update);
            for (Collection<String> each : values) {
                columns.add("text", each, text -> text);
            }
            return update.executeUpdate();
        }
    }

    private static int replace(Connection connection, String table, String column, String pattern) throws SQLException {
        String sql = "UPDATE " + table + " SET " + column + " = regexp_replace(" + column + ", ?, '" + ErasureTexts.GONE
                + "', 'gi') WHERE " + column + " ~* ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            new Sql.Columns(update).add(pattern).add(pattern);
            return update.executeUpdate();
        }
    }

    private static int unname(Connection connection, String table, String column, String pattern) throws SQLException {
        String sql = "UPDATE " + table + " SET " + column + " = 'forgotten ' || id WHERE " + column + " ~* ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            new Sql.Columns(update).add(pattern);
            return update.executeUpdate();
        }
    }

    private static int clean(Connection connection, String table, String column, ErasureTexts texts)
            throws SQLException {
        int changed = 0;
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT ctid::text, " + column + " FROM " + table + " WHERE " + column + " ~* ? FOR UPDATE");
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + table + " SET " + column + " = ? WHERE ctid = ?::tid")) {
            new Sql.Columns(select).add(texts.pattern());
            select.setFetchSize(100);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    new Sql.Columns(update)
                            .add(texts.withoutInJson(row.getString(2)))
                            .add(row.getString(1));
                    changed += update.executeUpdate();
                }
            }
        }
        return changed;
    }
}
