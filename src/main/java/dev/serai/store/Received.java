package dev.serai.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import javax.sql.DataSource;

/** The events that came in, with their bytes, in the order they came. Reads only, a few at a time. */
public final class Received {
    private static final int AT_ONCE = 500;

    private final DataSource database;

    public Received(DataSource database) {
        this.database = database;
    }

    /** Is told of each event. */
    public interface Listener {
        void take(String receipt, byte[] payload) throws IOException;
    }

    /** @param source empty for all @param type empty for all */
    public void since(Instant since, String source, String type, Listener listener) throws SQLException, IOException {
        String sql = "SELECT id, payload FROM event WHERE received_at >= ? AND (? = '' OR source = ?)"
                + " AND (? = '' OR type = ?) ORDER BY id";
        try (Connection connection = database.getConnection()) {
            // outside a transaction the driver would fetch all rows at once
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setFetchSize(AT_ONCE);
                select.setTimestamp(1, Timestamp.from(since));
                select.setString(2, source);
                select.setString(3, source);
                select.setString(4, type);
                select.setString(5, type);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        listener.take(new Receipt(row.getLong(1), false).name(), row.getBytes(2));
                    }
                }
            } finally {
                connection.rollback();
                connection.setReadOnly(false);
                connection.setAutoCommit(true);
            }
        }
    }
}
