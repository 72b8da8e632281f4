package dev.serai.store;

import dev.serai.store.CredentialLog.Note;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/** When each connection was last proved to work, over all hubs. */
public final class Proofs {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String KNOW =
            "INSERT INTO connection_proof (connection, next_at) VALUES (?, ?) ON CONFLICT DO NOTHING";
    private static final String TAKE =
            "UPDATE connection_proof SET next_at = ? WHERE connection = ? AND next_at <= ? RETURNING connection";
    /**
     * What is parked was noted when that was, and is told as that. What fails otherwise is proved again after five minutes, then
     * after as long as it has failed, an hour at most.
     */
    private static final String PROVED = """
            WITH made AS (
              SELECT m.*, b.result AS before, b.failing_since, b.next_at,
                     m.tried AND m.result <> '' AND p.connection IS NULL AS failed
                FROM (VALUES (?, ?::timestamptz, ?::boolean, ?)) AS m (connection, at, tried, result)
                LEFT JOIN connection_proof b ON b.connection = m.connection
                LEFT JOIN parked_connection p ON p.connection = m.connection AND p.state = 'parked')
            INSERT INTO connection_proof AS proof (connection, proved_at, tried, result, made_at, failing_since, next_at)
            SELECT connection, CASE WHEN tried AND result = '' THEN at END, tried, result, at,
                   CASE WHEN failed THEN coalesce(failing_since, at) WHEN NOT tried THEN failing_since END,
                   CASE WHEN failed OR NOT tried AND failing_since IS NOT NULL
                        THEN least(next_at, at + least(greatest(at - failing_since, interval '5 min'), interval '1 h'))
                        ELSE coalesce(next_at, at) END
              FROM made
            ON CONFLICT (connection) DO UPDATE
               SET tried = EXCLUDED.tried, result = EXCLUDED.result, made_at = EXCLUDED.made_at,
                   failing_since = EXCLUDED.failing_since, next_at = EXCLUDED.next_at,
                   proved_at = coalesce(EXCLUDED.proved_at, proof.proved_at)
            RETURNING (SELECT failed AND result IS DISTINCT FROM before FROM made)""";
    /** Of what is parked, or left alone since before that, people know already; what could not be tried may be well again. */
    private static final String FAILING = """
            SELECT p.connection, p.failing_since, p.result FROM connection_proof p
             WHERE p.failing_since IS NOT NULL AND p.tried
               AND NOT EXISTS (SELECT FROM parked_connection k WHERE k.connection = p.connection AND k.state = 'parked')
               AND NOT EXISTS (SELECT FROM breaker b WHERE b.connection = p.connection AND b.state <> 'closed'
                                  AND b.since <= p.failing_since)
               AND NOT EXISTS (SELECT FROM tally t
                                WHERE t.span IN ('minute', 'hour') AND t.kind = 'call' AND t.name = p.connection
                                  AND t.at > greatest(p.failing_since, p.made_at - interval '1 day')
                                  AND t.outcome IN ('success', 'ignore') AND t.part <> ?)
             ORDER BY p.connection""";

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
     * @param failingSince the first of the proofs that failed in a row; null when the last did not
     * @param result empty when it works, else why not, or why it was not tried
     */
    public record Proof(Instant provedAt, Instant madeAt, Instant failingSince, boolean tried, String result) {
        /** A call that got through after that says more than a proof that failed; null when nobody knows. */
        public Instant outdoneAfter() {
            if (madeAt == null || failingSince == null) {
                return madeAt;
            }
            Instant dayBefore = madeAt.minus(DAY);
            return failingSince.isAfter(dayBefore) ? failingSince : dayBefore;
        }
    }

    /** A connection that fails its proofs, and got no call through meanwhile. @param reason what the last proof found */
    public record Failing(String connection, Instant since, String reason) {}

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
                new Sql.Columns(proved).add(name).add(made.at).add(made.tried).add(result);
                try (ResultSet row = proved.executeQuery()) {
                    row.next();
                    if (row.getBoolean(1)) {
                        CredentialLog.note(
                                connection, new Note(name, made.at, made.who, CredentialEvent.PROOF_FAILED, result));
                    }
                }
            }
            return null;
        });
    }

    /** Those that fail, by name; also such as have no file any more, or are not in use. @param but a part whose calls prove nothing */
    public List<Failing> failing(String but) throws SQLException {
        var failing = new ArrayList<Failing>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(FAILING)) {
            new Sql.Columns(select).add(but);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    failing.add(new Failing(
                            row.getString("connection"),
                            Sql.instant(row.getTimestamp("failing_since")),
                            row.getString("result")));
                }
            }
        }
        return failing;
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
                        "SELECT connection, proved_at, made_at, failing_since, tried, result FROM connection_proof");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.put(
                        row.getString("connection"),
                        new Proof(
                                Sql.instant(row.getTimestamp("proved_at")),
                                Sql.instant(row.getTimestamp("made_at")),
                                Sql.instant(row.getTimestamp("failing_since")),
                                row.getBoolean("tried"),
                                row.getString("result")));
            }
        }
        return all;
    }
}
