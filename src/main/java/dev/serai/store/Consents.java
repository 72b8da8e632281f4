package dev.serai.store;

import dev.serai.store.CredentialLog.Note;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.sql.DataSource;

/** People on their way to connect an account: links that work once, and those who are at a vendor's page now. */
public final class Consents {
    private static final int BYTES = 32;

    private final DataSource database;
    private final Seal seal;

    public Consents(DataSource database, Seal seal) {
        this.database = database;
        this.seal = seal;
    }

    /**
     * Somebody at a vendor's page.
     *
     * @param verifier of PKCE; a secret
     * @param redirect the address the vendor was told, which it wants to hear again
     */
    public record Started(String connection, String verifier, String redirect, String who) {}

    /**
     * Whoever has the link may connect the account, once.
     *
     * @return what the link carries, which nobody will see again
     * @throws Seal.Unusable without a key, for the token could not be kept
     */
    public String invite(String connection, String who, Instant now, Instant until) throws SQLException {
        seal.kid();
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String link = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        return Sql.transaction(database, sql -> {
            sweep(sql, now);
            try (PreparedStatement insert = sql.prepareStatement("INSERT INTO consent_link VALUES (?, ?, ?, ?)")) {
                new Sql.Columns(insert)
                        .add(Digest.sha256(link))
                        .add(connection)
                        .add(who)
                        .add(until);
                insert.executeUpdate();
            }
            CredentialLog.note(
                    sql, new Note(connection, now, who, CredentialEvent.CONNECT_LINK_MADE, "until " + until));
            return link;
        });
    }

    /** Uses a link up. @return who made it; empty when it is not one, is used or too old */
    public Optional<String> use(String link, String connection, Instant now) throws SQLException {
        try (Connection sql = database.getConnection();
                PreparedStatement use = sql.prepareStatement(
                        "DELETE FROM consent_link WHERE hash = ? AND connection = ? AND until > ? RETURNING made_by")) {
            new Sql.Columns(use).add(Digest.sha256(link)).add(connection).add(now);
            try (ResultSet row = use.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    /** @param state and cookie come back with the browser; only their hashes are kept @throws Seal.Unusable without a key */
    public void start(String state, String cookie, Started started, Instant now, Instant until) throws SQLException {
        String hash = Digest.sha256(state);
        String verifier = seal.seal(started.connection, hash, started.verifier);
        Sql.transaction(database, sql -> {
            sweep(sql, now);
            try (PreparedStatement insert = sql.prepareStatement("INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                new Sql.Columns(insert)
                        .add(hash)
                        .add(started.connection)
                        .add(Digest.sha256(cookie))
                        .add(verifier)
                        .add(started.redirect)
                        .add(started.who)
                        .add(until);
                insert.executeUpdate();
            }
            CredentialLog.note(sql, new Note(started.connection, now, started.who, CredentialEvent.CONNECT_BEGUN, ""));
            return null;
        });
    }

    /** Ends it, for good. @return empty when there is none of that state, for that browser, now */
    public Optional<Started> finish(String state, String cookie, Instant now) throws SQLException {
        String hash = Digest.sha256(state);
        try (Connection sql = database.getConnection();
                PreparedStatement finish = sql.prepareStatement(
                        "DELETE FROM consent WHERE hash = ? AND cookie = ? AND until > ? RETURNING *")) {
            new Sql.Columns(finish).add(hash).add(Digest.sha256(cookie)).add(now);
            try (ResultSet row = finish.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String connection = row.getString("connection");
                return Optional.of(new Started(
                        connection,
                        seal.open(connection, hash, row.getString("verifier")),
                        row.getString("redirect"),
                        row.getString("who")));
            }
        }
    }

    private static void sweep(Connection sql, Instant now) throws SQLException {
        for (String table : new String[] {"consent", "consent_link"}) {
            try (PreparedStatement sweep = sql.prepareStatement("DELETE FROM " + table + " WHERE until <= ?")) {
                new Sql.Columns(sweep).add(now);
                sweep.executeUpdate();
            }
        }
    }
}
