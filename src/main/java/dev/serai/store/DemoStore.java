package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** What the demonstration asks of its own database beyond {@link History}: an empty start, and the shipped table. */
public final class DemoStore {
    private final DataSource database;

    public DemoStore(DataSource database) {
        this.database = database;
    }

    /** Forgets every event, run and customer. */
    public void empty() throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("TRUNCATE event, event_key, record_version, open_run, done_run, step, attempt, cursor,"
                    + " audit, seen_key, breaker, parked_connection, used_credential, customers RESTART IDENTITY");
        }
    }

    /** The owner of a customer; empty when there is no such row. */
    public Optional<String> ownerOf(String email) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT owner_email FROM customers WHERE email = ?")) {
            select.setString(1, email);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    public int customers() throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM customers")) {
            row.next();
            return row.getInt(1);
        }
    }

    public int events() throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM event")) {
            row.next();
            return row.getInt(1);
        }
    }
}
