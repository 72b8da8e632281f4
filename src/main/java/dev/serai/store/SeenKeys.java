package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Keys that an idempotent consumer has met. Each remembers whose it is: a run that died between its key and its work
 * meets its own key when it is resumed, and goes on.
 */
public final class SeenKeys {
    private static final String ADD = """
            INSERT INTO seen_key (key, owner) VALUES (?, ?)
            ON CONFLICT (key) DO UPDATE SET seen_at = now() WHERE seen_key.owner = EXCLUDED.owner""";

    private final DataSource database;

    public SeenKeys(DataSource database) {
        this.database = database;
    }

    /**
     * Takes a key.
     *
     * @param owner who asks, such as {@code r_81}
     * @return false when somebody else has it
     */
    public boolean add(String key, String owner) throws SQLException {
        return change(ADD, key, owner) == 1;
    }

    public boolean contains(String key) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT FROM seen_key WHERE key = ?")) {
            select.setString(1, key);
            return select.executeQuery().next();
        }
    }

    /** Gives a key back, so that it may be taken again. @return whether there was one */
    public boolean remove(String key) throws SQLException {
        return change("DELETE FROM seen_key WHERE key = ?", key) == 1;
    }

    /** Forgets every key. */
    public void clear() throws SQLException {
        change("TRUNCATE seen_key");
    }

    private int change(String sql, String... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }
}
