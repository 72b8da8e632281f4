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

/** Who is logged in to the console. A session stands for a token, and ends with it; of its secret the digest is kept. */
public final class ConsoleSessions {
    /** Without a click for so long, it is over. */
    public static final Duration IDLE = Duration.ofHours(12);

    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private static final String OPEN = """
            WITH over AS (DELETE FROM console_session WHERE used_at <= ?)
            INSERT INTO console_session (digest, token, created_at, used_at) VALUES (?, ?, ?, ?)""";
    private static final String FIND = """
            SELECT t.name, t.role FROM console_session s JOIN api_token t ON t.name = s.token
             WHERE s.digest = ? AND s.used_at > ? AND (t.expires_at IS NULL OR t.expires_at > ?)""";
    private static final String USED = "UPDATE console_session SET used_at = ? WHERE digest = ? AND used_at < ?";

    private final DataSource database;
    private final InstantSource clock;

    public ConsoleSessions(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** @param name of the token the session stands for @param role viewer, operator or admin, as the token has it now */
    public record Holder(String name, String role) {}

    /** Opens a session, and forgets those that are over. @param secret random, known to the browser alone */
    public void open(String secret, String token) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement open = connection.prepareStatement(OPEN)) {
            open.setTimestamp(1, java.sql.Timestamp.from(now.minus(IDLE)));
            open.setBytes(2, digest(secret));
            open.setString(3, token);
            open.setTimestamp(4, java.sql.Timestamp.from(now));
            open.setTimestamp(5, java.sql.Timestamp.from(now));
            open.executeUpdate();
        }
    }

    /** Whose session it is; empty when it is nobody's, or it or its token is over. */
    public Optional<Holder> find(String secret) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setBytes(1, digest(secret));
            find.setTimestamp(2, java.sql.Timestamp.from(now.minus(IDLE)));
            find.setTimestamp(3, java.sql.Timestamp.from(now));
            Optional<Holder> holder;
            try (ResultSet row = find.executeQuery()) {
                holder = row.next() ? Optional.of(new Holder(row.getString(1), row.getString(2))) : Optional.empty();
            }
            if (holder.isPresent()) {
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

    /** Ends a session; one that is not there is over already. */
    public void close(String secret) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM console_session WHERE digest = ?")) {
            delete.setBytes(1, digest(secret));
            delete.executeUpdate();
        }
    }

    private static byte[] digest(String secret) {
        return Digest.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }
}
