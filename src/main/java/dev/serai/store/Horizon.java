package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/**
 * How far events can be read in the order of their numbers without passing one that is committed later. A number is drawn a
 * moment before its transaction has one: the newest number is looked at first, at the next look the transactions that are under
 * way, and when these have ended no smaller number can come any more. Not safe for many threads.
 */
final class Horizon {
    /** The newest number that was drawn. */
    static final String NEWEST = "CASE WHEN e.is_called THEN e.last_value ELSE e.last_value - 1 END";

    private static final String AHEAD =
            "SELECT " + NEWEST + ", pg_snapshot_xmax(pg_current_snapshot())::text FROM event_number e";
    private static final String PASSED = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= ?::text::xid8";

    private long top;
    /** Every transaction before that one has ended, once the top is reached; empty while it was not looked for. */
    private String before = "";

    /** Up to which number who has come to the position may read now; empty while nothing beyond it is certain. */
    OptionalLong beyond(Connection connection, long position) throws SQLException {
        if (top <= position || before.isEmpty()) {
            return OptionalLong.empty();
        }
        try (PreparedStatement passed = connection.prepareStatement(PASSED)) {
            new Sql.Columns(passed).add(before);
            try (ResultSet row = passed.executeQuery()) {
                return row.next() && row.getBoolean(1) ? OptionalLong.of(top) : OptionalLong.empty();
            }
        }
    }

    /** The next look ahead, of who has come to the position and finds nothing there that is certain. */
    void ahead(Connection connection, long position) throws SQLException {
        try (PreparedStatement look = connection.prepareStatement(AHEAD);
                ResultSet row = look.executeQuery()) {
            row.next();
            if (top <= position) {
                top = row.getLong(1);
                before = "";
            } else if (before.isEmpty()) {
                before = row.getString(2);
            }
        }
    }
}
