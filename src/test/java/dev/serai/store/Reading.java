package dev.serai.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What came of some work, and how many rows it read of each table: all of it is done in one transaction, which counts them. */
record Reading(int result, Map<String, Long> rows) {
    private static final Set<String> KEPT = Set.of("close", "commit", "rollback", "setAutoCommit");

    /** What is asked of a database. */
    interface Work {
        int of(DataSource database) throws SQLException;
    }

    static Reading of(DataSource database, Work work) throws SQLException {
        try (Connection real = database.getConnection()) {
            real.setAutoCommit(false);
            try {
                // what this connection read before may not be told of yet
                Map<String, Long> before = rows(real);
                Connection one = proxy(Connection.class, real);
                int result = work.of(proxy(DataSource.class, one));
                Map<String, Long> rows = rows(real);
                rows.replaceAll((table, count) -> count - before.getOrDefault(table, 0L));
                rows.values().removeIf(count -> count == 0);
                return new Reading(result, rows);
            } finally {
                real.rollback();
            }
        }
    }

    /** A connection that stays open, or a source that has one alone. */
    private static <T> T proxy(Class<T> type, Connection connection) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (type == DataSource.class) {
                return connection;
            }
            if (KEPT.contains(method.getName())) {
                return null;
            }
            try {
                return method.invoke(connection, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Map<String, Long> rows(Connection connection) throws SQLException {
        var rows = new TreeMap<String, Long>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0)"
                        + " FROM pg_stat_xact_user_tables")) {
            while (row.next()) {
                rows.put(row.getString(1), row.getLong(2));
            }
        }
        return rows;
    }

    /** Of a table and of its parts. */
    long rows(String table) {
        return rows.entrySet().stream()
                .filter(each -> each.getKey().startsWith(table))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
