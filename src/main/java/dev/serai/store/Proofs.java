package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** When each connection was last proved to work, over all hubs. */
public final class Proofs {
    private static final String KNOW =
            "INSERT INTO connection_proof (connection, next_at) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String TAKE =
            "UPDATE connection_proof SET next_at = ? WHERE connection = ? AND next_at <= ? RETURNING connection";
    private static final String PROVED = """
            INSERT INTO connection_proof (connection, proved_at, tried, result, next_at)
            VALUES (?, CASE WHEN ? THEN ?::timestamptz END, ?, ?, ?)
            ON CONFLICT (connection) DO UPDATE
               SET tried = EXCLUDED.tried, result = EXCLUDED.result,
                   proved_at = coalesce(EXCLUDED.proved_at, connection_proof.proved_at)""";

    private final DataSource database;

    public Proofs(DataSource database) {
        this.database = database;
    }

    /**
     * How the last proof came out.
     *
     * @param provedAt when it was last proved to work; null when it never was
     * @param tried false when nothing harmless could be tried
     * @param result empty when it works, else why not, or why it was not tried
     */
    public record Proof(Instant provedAt, boolean tried, String result) {}

    /**
     * Asks for the next proof of a connection.
     *
     * @param first when one that nobody knew yet is proved first
     * @return whether the caller is the one to prove it now; nobody else will before {@code next}
     */
    public boolean take(String name, Instant now, Instant first, Instant next) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement know = connection.prepareStatement(KNOW);
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            new Sql.Columns(know).add(name).add(first);
            know.executeUpdate();
            new Sql.Columns(take).add(next).add(name).add(now);
            return take.executeQuery().next();
        }
    }

    /** @param tried whether anything was @param result empty when it works */
    public void proved(String name, Instant now, boolean tried, String result) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement proved = connection.prepareStatement(PROVED)) {
            new Sql.Columns(proved)
                    .add(name)
                    .add(tried && result.isEmpty())
                    .add(now)
                    .add(tried)
                    .add(Sql.clean(result))
                    .add(now);
            proved.executeUpdate();
        }
    }

    public Map<String, Proof> all() throws SQLException {
        var all = new HashMap<String, Proof>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT connection, proved_at, tried, result FROM connection_proof");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.put(
                        row.getString("connection"),
                        new Proof(
                                Sql.instant(row.getTimestamp("proved_at")),
                                row.getBoolean("tried"),
                                row.getString("result")));
            }
        }
        return all;
    }
}
