package dev.serai.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Who is logged in to the console. A session stands for a token and ends with it, or for somebody an issuer vouched for; of its
 * secret the digest is kept.
 */
public final class ConsoleSessions {
    /** Without a click for so long, it is over. */
    public static final Duration IDLE = Duration.ofHours(12);

    /** However much is clicked, after so long it is over; what an issuer vouched for may be over earlier. */
    public static final Duration LONGEST = Duration.ofHours(24);

    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);
    /** Longer than any issuer's ID token is valid. */
    private static final Duration NONCES_KEPT = Duration.ofDays(1);

    private static final String OPEN = """
            WITH over AS (DELETE FROM console_session WHERE used_at <= ? OR created_at <= ?)
            INSERT INTO console_session (digest, token, created_at, used_at) VALUES (?, ?, ?, ?)""";
    private static final String VOUCHED = """
            WITH over AS (DELETE FROM console_session WHERE used_at <= ? OR created_at <= ?),
            old AS (DELETE FROM console_sign_in WHERE at <= ?),
            taken AS (INSERT INTO console_sign_in (digest, at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING at),
            noted AS (INSERT INTO audit (at, who, what, why) SELECT at, ?, ?, ? FROM taken)
            INSERT INTO console_session (digest, who, role, created_at, used_at) SELECT ?, ?, ?, at, at FROM taken""";
    private static final String FIND = """
            SELECT coalesce(t.name, s.who), coalesce(t.role, s.role)
              FROM console_session s LEFT JOIN api_token t ON t.name = s.token
             WHERE s.digest = ? AND s.used_at > ?
               AND CASE WHEN s.token IS NULL THEN s.created_at > ?
                        ELSE s.created_at > ? AND (t.expires_at IS NULL OR t.expires_at > ?) END""";
    private static final String USED = "UPDATE console_session SET used_at = ? WHERE digest = ? AND used_at < ?";
    private static final String CLOSE = "DELETE FROM console_session WHERE digest = ? RETURNING token IS NULL";

    private final DataSource database;
    private final InstantSource clock;
    private final Duration longest;

    /** @param longest that somebody an issuer vouched for stays logged in; zero: nobody is any more */
    public ConsoleSessions(DataSource database, InstantSource clock, Duration longest) {
        this.database = database;
        this.clock = clock;
        this.longest = longest;
    }

    /** @param name of the token, or as the issuer calls who it vouched for @param role viewer, operator or admin */
    public record Holder(String name, String role) {}

    /** Somebody an issuer vouched for. @param what and why are noted in the audit */
    public record Vouched(Holder holder, String nonce, String what, String why) {}

    /** Opens a session, and forgets those that are over. @param secret random, known to the browser alone */
    public void open(String secret, String token) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement open = connection.prepareStatement(OPEN)) {
            over(open, now);
            open.setBytes(3, digest(secret));
            open.setString(4, token);
            open.setTimestamp(5, java.sql.Timestamp.from(now));
            open.setTimestamp(6, java.sql.Timestamp.from(now));
            open.executeUpdate();
        }
    }

    /** @return false when a session was opened with that nonce before: this one is a repeat, and opens none */
    public boolean open(String secret, Vouched vouched) throws SQLException {
        Instant now = clock.instant();
        Holder holder = vouched.holder;
        try (Connection connection = database.getConnection();
                PreparedStatement open = connection.prepareStatement(VOUCHED)) {
            over(open, now);
            open.setTimestamp(3, java.sql.Timestamp.from(now.minus(NONCES_KEPT)));
            open.setBytes(4, digest(vouched.nonce));
            open.setTimestamp(5, java.sql.Timestamp.from(now));
            open.setString(6, holder.name);
            open.setString(7, vouched.what);
            open.setString(8, vouched.why);
            open.setBytes(9, digest(secret));
            open.setString(10, holder.name);
            open.setString(11, holder.role);
            return open.executeUpdate() == 1;
        }
    }

    private static void over(PreparedStatement open, Instant now) throws SQLException {
        open.setTimestamp(1, java.sql.Timestamp.from(now.minus(IDLE)));
        open.setTimestamp(2, java.sql.Timestamp.from(now.minus(LONGEST)));
    }

    /**
     * Whose session it is; empty when it is nobody's, or it, its token or the time an issuer's word is good for is over.
     *
     * @param clicked whether a person asks: what a page asks for by itself keeps no session alive
     */
    public Optional<Holder> find(String secret, boolean clicked) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setBytes(1, digest(secret));
            find.setTimestamp(2, java.sql.Timestamp.from(now.minus(IDLE)));
            find.setTimestamp(3, java.sql.Timestamp.from(now.minus(longest)));
            find.setTimestamp(4, java.sql.Timestamp.from(now.minus(LONGEST)));
            find.setTimestamp(5, java.sql.Timestamp.from(now));
            Optional<Holder> holder;
            try (ResultSet row = find.executeQuery()) {
                holder = row.next() ? Optional.of(new Holder(row.getString(1), row.getString(2))) : Optional.empty();
            }
            if (holder.isPresent() && clicked) {
                used(connection, secret, now);
            }
            return holder;
        }
    }

    private static void used(Connection connection, String secret, Instant now) throws SQLException {
        try (PreparedStatement used = connection.prepareStatement(USED)) {
            used.setTimestamp(1, java.sql.Timestamp.from(now));
            used.setBytes(2, digest(secret));
            used.setTimestamp(3, java.sql.Timestamp.from(now.minus(NOTED_EVERY)));
            used.executeUpdate();
        }
    }

    /** Ends a session; one that is not there is over already. @return whether an issuer had vouched for who it was */
    public boolean close(String secret) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement close = connection.prepareStatement(CLOSE)) {
            close.setBytes(1, digest(secret));
            try (ResultSet row = close.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static byte[] digest(String secret) {
        return Digest.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }
}
