package dev.serai.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;

/** The events that came in, with their bytes, in the order they came. Reads only, a few at a time. */
public final class Received {
    /** At 5 MiB each, the largest a door takes as it comes, these are half of a small heap. */
    private static final int AT_ONCE = 50;

    /** The first of them may be found behind millions that are older. */
    private static final int WAIT_MS = 600_000;

    /** A slice knows when it began: what is older lies in slices that are not looked into. */
    private static final String SELECT = """
            SELECT id, payload FROM event
             WHERE id >= coalesce((SELECT max(number) FROM slice WHERE began_at <= ?), 0) * 100000000::bigint
               AND received_at >= ? AND (? = '' OR source = ?) AND (? = '' OR type = ?) ORDER BY id""";

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
        try (Connection connection = database.getConnection()) {
            // outside a transaction the driver would fetch all rows at once
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            int patience = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, WAIT_MS);
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setFetchSize(AT_ONCE);
                new Sql.Columns(select)
                        .add(since)
                        .add(since)
                        .add(source)
                        .add(source)
                        .add(type)
                        .add(type);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        listener.take(new Receipt(row.getLong(1), false).name(), row.getBytes(2));
                    }
                }
            } finally {
                connection.rollback();
                connection.setNetworkTimeout(Runnable::run, patience);
                connection.setReadOnly(false);
                connection.setAutoCommit(true);
            }
        }
    }
}
