package dev.serai.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Tokens of the API: who may ask, and for what. A token is shown once, when it is made; its digest is all that is kept. */
public final class ApiTokens {
    private static final int BYTES = 32;
    private static final String PREFIX = "serai_";

    private static final String CREATE = """
            WITH made AS (
              INSERT INTO api_token (name, role, digest, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?)
              ON CONFLICT (name) DO NOTHING RETURNING name),
            noted AS (INSERT INTO audit (at, who, what, why) SELECT ?, ?, ?, ? FROM made)
            SELECT name FROM made""";
    private static final String REVOKE = """
            WITH gone AS (DELETE FROM api_token WHERE name = ? RETURNING name),
            noted AS (INSERT INTO audit (at, who, what, why) SELECT ?, ?, 'revoke token ' || name, ? FROM gone)
            SELECT name FROM gone""";
    private static final String FIND =
            "SELECT name, role, created_at, created_by, expires_at, used_at FROM api_token WHERE digest = ?";
    private static final String USED =
            "UPDATE api_token SET used_at = ? WHERE name = ? AND (used_at IS NULL OR used_at < ?)";

    private final DataSource database;
    private final InstantSource clock;

    public ApiTokens(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * What is known of a token.
     *
     * @param role viewer, operator or admin
     * @param expiresAt null: never
     * @param usedAt to the hour; null: never
     */
    public record Token(
            String name, String role, Instant createdAt, String createdBy, Instant expiresAt, Instant usedAt) {}

    /** @return the token itself, which nobody will see again; empty when the name is taken */
    public Optional<String> create(String name, String role, Optional<Instant> expires, ByHand by) throws SQLException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement create = connection.prepareStatement(CREATE)) {
            create.setString(1, name);
            create.setString(2, role);
            create.setBytes(3, digest(token));
            create.setTimestamp(4, java.sql.Timestamp.from(now));
            create.setString(5, by.who());
            create.setTimestamp(6, expires.map(java.sql.Timestamp::from).orElse(null));
            create.setTimestamp(7, java.sql.Timestamp.from(now));
            create.setString(8, by.who());
            create.setString(9, CredentialEvent.API_TOKEN_CREATED.what() + " " + name + ", " + role);
            create.setString(10, Sql.clean(by.why()));
            try (ResultSet row = create.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
            }
            tell(CredentialEvent.API_TOKEN_CREATED, name, now, by);
            return Optional.of(token);
        }
    }

    /** Whether it looks like a token; whose it is, if anybody's, is for the database to say. */
    public static boolean isOne(String text) {
        return text.startsWith(PREFIX);
    }

    /** @return false when there is none of that name */
    public boolean revoke(String name, ByHand by) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement revoke = connection.prepareStatement(REVOKE)) {
            Instant now = clock.instant();
            new Sql.Columns(revoke).add(name).add(now).add(by.who()).add(Sql.clean(by.why()));
            try (ResultSet row = revoke.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
            }
            tell(CredentialEvent.API_TOKEN_REVOKED, name, now, by);
            return true;
        }
    }

    private static void tell(CredentialEvent event, String name, Instant now, ByHand by) {
        CredentialLog.tell(new CredentialLog.Note(name, now, by.who(), event, by.why()), "api_token");
    }

    /** Whose token it is; empty when it is nobody's, or its time is over. */
    public Optional<Token> find(String token) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setBytes(1, digest(token));
            Optional<Token> found;
            try (ResultSet row = find.executeQuery()) {
                found = row.next() ? Optional.of(token(row)) : Optional.empty();
            }
            found = found.filter(t -> t.expiresAt == null || t.expiresAt.isAfter(now));
            if (found.isPresent()) {
                used(connection, found.get().name, now);
            }
            return found;
        }
    }

    private static void used(Connection connection, String name, Instant now) throws SQLException {
        try (PreparedStatement used = connection.prepareStatement(USED)) {
            new Sql.Columns(used).add(now).add(name).add(now.minusSeconds(3600));
            used.executeUpdate();
        }
    }

    /** By name. */
    public List<Token> all() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT name, role, created_at, created_by, expires_at, used_at FROM api_token ORDER BY name");
                ResultSet row = select.executeQuery()) {
            var tokens = new ArrayList<Token>();
            while (row.next()) {
                tokens.add(token(row));
            }
            return tokens;
        }
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("name"),
                row.getString("role"),
                Sql.instant(row.getTimestamp("created_at")),
                row.getString("created_by"),
                Sql.instant(row.getTimestamp("expires_at")),
                Sql.instant(row.getTimestamp("used_at")));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
