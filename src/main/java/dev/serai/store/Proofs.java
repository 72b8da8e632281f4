package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** When each connection was last proved to work, over all hubs. */
public final class Proofs {
    private static final String KNOW =
            "INSERT INTO connection_proof (connection, next_at) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String TAKE =
            "UPDATE connection_proof SET next_at = ? WHERE connection = ? AND next_at <= ? RETURNING connection";
    /** What is parked was noted when that was. */
    private static final String PROVED = """
            WITH before AS (SELECT result FROM connection_proof WHERE connection = ?)
            INSERT INTO connection_proof (connection, proved_at, tried, result, made_at, next_at)
            VALUES (?, CASE WHEN ? THEN ?::timestamptz END, ?, ?, ?, ?)
            ON CONFLICT (connection) DO UPDATE
               SET tried = EXCLUDED.tried, result = EXCLUDED.result, made_at = EXCLUDED.made_at,
                   proved_at = coalesce(EXCLUDED.proved_at, connection_proof.proved_at)
            RETURNING result IS DISTINCT FROM (SELECT result FROM before)
                      AND NOT EXISTS (SELECT FROM parked_connection p
                                       WHERE p.connection = connection_proof.connection AND p.state = 'parked')""";

    private final DataSource database;

    public Proofs(DataSource database) {
        this.database = database;
    }

    /**
     * How the last proof came out.
     *
     * @param provedAt when it was last proved to work; null when it never was
     * @param madeAt when it was made; null when that was before hubs wrote it down
     * @param tried false when nothing harmless could be tried
     * @param result empty when it works, else why not, or why it was not tried
     */
    public record Proof(Instant provedAt, Instant madeAt, boolean tried, String result) {}

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

    /**
     * A proof that was made.
     *
     * @param who a person, or {@code hub NAME}
     * @param tried whether anything was
     * @param result empty when it works
     */
    public record Made(Instant at, String who, boolean tried, String result) {}

    /** Keeps it; a failure that is not the one of before is noted in the history of the connection. */
    public void proved(String name, Made made) throws SQLException {
        String result = Sql.clean(made.result);
        Sql.transaction(database, connection -> {
            try (PreparedStatement proved = connection.prepareStatement(PROVED)) {
                new Sql.Columns(proved)
                        .add(name)
                        .add(name)
                        .add(made.tried && result.isEmpty())
                        .add(made.at)
                        .add(made.tried)
                        .add(result)
                        .add(made.at)
                        .add(made.at);
                try (ResultSet row = proved.executeQuery()) {
                    row.next();
                    if (row.getBoolean(1) && made.tried && !result.isEmpty()) {
                        CredentialLog.note(connection, name, made.at, made.who, "proof failed", result);
                    }
                }
            }
            return null;
        });
    }

    /** The connections that a person has connected. */
    public Set<String> connected() throws SQLException {
        var connected = new HashSet<String>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT connection FROM token WHERE grant_no > 0");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                connected.add(row.getString(1));
            }
        }
        return connected;
    }

    public Map<String, Proof> all() throws SQLException {
        var all = new HashMap<String, Proof>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT connection, proved_at, made_at, tried, result FROM connection_proof");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.put(
                        row.getString("connection"),
                        new Proof(
                                Sql.instant(row.getTimestamp("proved_at")),
                                Sql.instant(row.getTimestamp("made_at")),
                                row.getBoolean("tried"),
                                row.getString("result")));
            }
        }
        return all;
    }
}
