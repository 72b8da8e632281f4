package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Keeps the block range indexes of history complete. PostgreSQL does so by itself, but forgets it when much comes at once, a
 * backfill say; then each look for the runs of an event would read all that was forgotten.
 */
final class BlockRanges {
    /** Of the parts that are written to now, and of the one before. */
    private static final String SUMMARIZE = """
            SELECT coalesce(sum(brin_summarize_new_values(i.indexrelid)), 0)
              FROM (SELECT number FROM slice WHERE began_at IS NOT NULL AND dropped_at IS NULL ORDER BY number DESC LIMIT 2) s
             CROSS JOIN unnest(ARRAY['done_run', 'event', 'identifier']) AS part
              JOIN pg_index i ON i.indrelid = to_regclass(part || '_' || s.number)
              JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin'""";

    private BlockRanges() {}

    /** @return how many ranges were not summed up before */
    static long summarize(Connection connection) throws SQLException {
        try (PreparedStatement summarize = connection.prepareStatement(SUMMARIZE);
                ResultSet row = summarize.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
