package dev.serai.store;

import dev.serai.store.CredentialLog.Note;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;

/** By which credential each connection was called last, as a fingerprint. Another one is noted in its history, once. */
public final class UsedCredentials {
    private static final String FIRST = """
            INSERT INTO used_credential AS u (connection, salt, fingerprint, since) VALUES (?, ?, ?, ?)
            ON CONFLICT (connection) DO UPDATE SET connection = EXCLUDED.connection RETURNING salt, fingerprint""";
    private static final String CHANGED = """
            UPDATE used_credential SET fingerprint = ?, since = ? WHERE connection = ? AND fingerprint = ?
            RETURNING connection""";

    private final DataSource database;
    private final String who;

    UsedCredentials(DataSource database, String who) {
        this.database = database;
        this.who = who;
    }

    /** @param fingerprint of a credential, made with the salt */
    public record Seen(String salt, String fingerprint) {}

    /** The one that was used last. @param now this one, where there was none */
    public Seen last(String name, Seen now, Instant at) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement first = connection.prepareStatement(FIRST)) {
                new Sql.Columns(first)
                        .add(name)
                        .add(now.salt)
                        .add(now.fingerprint)
                        .add(at);
                try (ResultSet row = first.executeQuery()) {
                    row.next();
                    return new Seen(row.getString("salt"), row.getString("fingerprint"));
                }
            }
        });
    }

    /**
     * Another one is used now; what another hub has said already is passed over.
     *
     * @param noted whether somebody else notes it in the history
     */
    public void changed(String name, Seen before, String fingerprint, Instant at, boolean noted) throws SQLException {
        Sql.transaction(database, connection -> {
            try (PreparedStatement change = connection.prepareStatement(CHANGED)) {
                new Sql.Columns(change).add(fingerprint).add(at).add(name).add(before.fingerprint);
                if (change.executeQuery().next() && !noted) {
                    String why = "it is called with another credential than before";
                    CredentialLog.note(connection, new Note(name, at, who, CredentialEvent.CHANGED, why));
                }
                return null;
            }
        });
    }
}
