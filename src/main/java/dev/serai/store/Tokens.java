package dev.serai.store;

import dev.serai.store.CredentialLog.Note;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The token of each connection, encrypted. One hub at a time may renew it: it holds a lease, and what it got is stored
 * unless a newer one is. Leases end by the database's clock: a hub whose own is ahead must not take one over in the middle.
 */
public final class Tokens {
    private static final String NAME = "token";
    private static final String LEASE = """
            WITH before AS (SELECT sent_at, lease_until IS NOT NULL AS kept FROM token WHERE connection = ? FOR UPDATE)
            UPDATE token t SET fence = fence + 1, lease_by = ?,
                               lease_until = clock_timestamp() + ? * interval '1 millisecond'
              FROM before
             WHERE connection = ? AND version = ? AND (lease_until IS NULL OR lease_until <= clock_timestamp())
            RETURNING fence, before.sent_at, before.kept""";
    private static final String SENDING = """
            UPDATE token SET sent_at = ?, lease_until = clock_timestamp() + ? * interval '1 millisecond'
             WHERE connection = ? AND fence = ? AND lease_until > clock_timestamp()""";
    private static final String RELEASE = """
            UPDATE token SET lease_by = NULL, lease_until = NULL, sent_at = CASE WHEN ? THEN sent_at END
             WHERE connection = ? AND fence = ?""";
    /** What another lease got since is newer, and so is what a person brought; a lease that got nothing makes nothing old. */
    private static final String STORE = """
            WITH before AS (SELECT fence FROM token WHERE connection = ? FOR UPDATE)
            UPDATE token t SET version = version + 1, value = ?, kid = ?, obtained_at = ?, expires_at = ?,
                               lease_by = NULL, lease_until = NULL, sent_at = NULL
              FROM before
             WHERE connection = ? AND (t.fence = ? OR version = ?) RETURNING version, before.fence""";

    private static final String CONSENTED = """
            INSERT INTO token AS t (connection, grant_no, version, value, kid, obtained_at, expires_at)
            VALUES (?, 1, 1, ?, ?, ?, ?)
            ON CONFLICT (connection) DO UPDATE
               SET grant_no = t.grant_no + 1, version = t.version + 1, fence = t.fence + 1, value = EXCLUDED.value,
                   kid = EXCLUDED.kid, obtained_at = EXCLUDED.obtained_at, expires_at = EXCLUDED.expires_at,
                   lease_by = NULL, lease_until = NULL, sent_at = NULL
            RETURNING grant_no""";

    private final DataSource database;
    private final Seal seal;

    public Tokens(DataSource database, Seal seal) {
        this.database = database;
        this.seal = seal;
    }

    /** Those who are on their way to connect, with the same keys. */
    public Consents consents() {
        return new Consents(database, seal);
    }

    public Proofs proofs() {
        return new Proofs(database);
    }

    public CredentialLog log() {
        return new CredentialLog(database);
    }

    /** Whether there is a key to keep tokens with. */
    public boolean usable() {
        return seal.usable();
    }

    /**
     * The row of a connection.
     *
     * @param grant counts the consents of people
     * @param version counts the tokens
     * @param text what {@link #store} was given; empty while there is no token
     */
    public record Row(long grant, long version, Optional<String> text) {
        static final Row NONE = new Row(0, 0, Optional.empty());
    }

    /**
     * The right to renew a token once.
     *
     * @param version of the token that it replaces
     * @param life how long it is held at most, from when it is taken, and again from when the renewal is sent
     * @param sentBefore when a renewal was sent by somebody who never stored its answer
     * @param kept whether whoever held it before never gave it back, and may still come to store an answer
     */
    public record Lease(
            String connection, long version, long fence, Duration life, Optional<Instant> sentBefore, boolean kept) {}

    /** How things stand with a token, without its value. */
    public record Standing(String connection, long version, Instant obtainedAt, Instant expiresAt) {}

    /** @throws Seal.Unusable when it can't be read */
    public Row read(String name) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT grant_no, version, value FROM token WHERE connection = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    return Row.NONE;
                }
                return new Row(
                        row.getLong("grant_no"),
                        row.getLong("version"),
                        Optional.ofNullable(row.getString("value")).map(jwe -> seal.open(name, NAME, jwe)));
            }
        }
    }

    /** How often somebody consented, by connection. */
    public Map<String, Long> grants() throws SQLException {
        var grants = new HashMap<String, Long>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT connection, grant_no FROM token WHERE grant_no > 0");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                grants.put(row.getString(1), row.getLong(2));
            }
        }
        return grants;
    }

    public List<Standing> standings() throws SQLException {
        var all = new ArrayList<Standing>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT connection, version, obtained_at, expires_at FROM token WHERE value IS NOT NULL");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.add(new Standing(
                        row.getString("connection"),
                        row.getLong("version"),
                        Sql.instant(row.getTimestamp("obtained_at")),
                        Sql.instant(row.getTimestamp("expires_at"))));
            }
        }
        return all;
    }

    /**
     * Asks for the right to renew the token of that version.
     *
     * @param life how long it is held at most
     * @return empty when another hub renews it now, or has
     */
    public Optional<Lease> lease(String name, long version, String hub, Duration life) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (PreparedStatement row =
                    connection.prepareStatement("INSERT INTO token (connection) VALUES (?) ON CONFLICT DO NOTHING")) {
                row.setString(1, name);
                row.executeUpdate();
            }
            try (PreparedStatement lease = connection.prepareStatement(LEASE)) {
                new Sql.Columns(lease)
                        .add(name)
                        .add(hub)
                        .add(life.toMillis())
                        .add(name)
                        .add(version);
                try (ResultSet row = lease.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Lease(
                                    name,
                                    version,
                                    row.getLong("fence"),
                                    life,
                                    Optional.ofNullable(Sql.instant(row.getTimestamp("sent_at"))),
                                    row.getBoolean("kept")))
                            : Optional.empty();
                }
            }
        });
    }

    /** Written down before a renewal is sent. @param now to tell people @return false when the lease is lost, and nothing may be sent */
    public boolean sending(Lease lease, Instant now) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement sending = connection.prepareStatement(SENDING)) {
            new Sql.Columns(sending)
                    .add(now)
                    .add(lease.life.toMillis())
                    .add(lease.connection)
                    .add(lease.fence);
            return sending.executeUpdate() == 1;
        }
    }

    /** Gives the right back. @param unknown whether nobody knows what became of the renewal that was sent */
    public void release(Lease lease, boolean unknown) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(RELEASE)) {
            new Sql.Columns(release).add(unknown).add(lease.connection).add(lease.fence);
            release.executeUpdate();
        }
    }

    /**
     * Stores a renewed token: access and refresh token, and the note of it, in one transaction. If another hub was refused
     * meanwhile, because this one was not stored yet, its connection goes on.
     *
     * @param expiresAt empty when nobody said
     * @return its version; empty when the lease is lost, and somebody else has stored another
     */
    public Optional<Long> store(Lease lease, String text, Instant now, Optional<Instant> expiresAt, String who)
            throws SQLException {
        String jwe = seal.seal(lease.connection, NAME, text);
        return Sql.transaction(database, connection -> {
            try (PreparedStatement store = connection.prepareStatement(STORE)) {
                new Sql.Columns(store)
                        .add(lease.connection)
                        .add(jwe)
                        .add(seal.kid())
                        .add(now);
                end(store, 5, expiresAt);
                store.setString(6, lease.connection);
                store.setLong(7, lease.fence);
                store.setLong(8, lease.version);
                try (ResultSet row = store.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    long version = row.getLong(1);
                    if (row.getLong(2) != lease.fence) {
                        ParkedConnections.letGo(connection, lease.connection);
                    }
                    CredentialLog.note(
                            connection,
                            new Note(
                                    lease.connection,
                                    now,
                                    who,
                                    CredentialEvent.TOKEN_RENEWED,
                                    "version " + version
                                            + expiresAt
                                                    .map(end -> ", until " + end)
                                                    .orElse("")));
                    return Optional.of(version);
                }
            }
        });
    }

    private static void end(PreparedStatement statement, int index, Optional<Instant> expiresAt) throws SQLException {
        if (expiresAt.isPresent()) {
            statement.setTimestamp(index, Timestamp.from(expiresAt.get()));
        } else {
            statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
        }
    }

    /**
     * Stores the token of a new consent, whatever was there; a renewal that is under way can't store its own any more.
     *
     * @return how often people have consented by now
     */
    public long consented(String name, String text, Instant now, Optional<Instant> expiresAt, String who)
            throws SQLException {
        String jwe = seal.seal(name, NAME, text);
        return Sql.transaction(database, connection -> {
            long grant;
            try (PreparedStatement store = connection.prepareStatement(CONSENTED)) {
                new Sql.Columns(store).add(name).add(jwe).add(seal.kid()).add(now);
                end(store, 5, expiresAt);
                try (ResultSet row = store.executeQuery()) {
                    row.next();
                    grant = row.getLong(1);
                }
            }
            CredentialLog.note(
                    connection,
                    new Note(
                            name,
                            now,
                            who,
                            CredentialEvent.CONNECTED,
                            expiresAt.map(end -> "token until " + end).orElse("")));
            return grant;
        });
    }

    /** Encrypts every token with the first key. @return how many that changed */
    public int reseal(Instant now, String who) throws SQLException {
        return Sql.transaction(database, connection -> {
            int changed = 0;
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT connection, value FROM token WHERE kid <> ? FOR UPDATE");
                    PreparedStatement update =
                            connection.prepareStatement("UPDATE token SET value = ?, kid = ? WHERE connection = ?")) {
                select.setString(1, seal.kid());
                ResultSet row = select.executeQuery();
                while (row.next()) {
                    String name = row.getString(1);
                    String jwe = seal.seal(name, NAME, seal.open(name, NAME, row.getString(2)));
                    new Sql.Columns(update).add(jwe).add(seal.kid()).add(name);
                    changed += update.executeUpdate();
                    CredentialLog.note(connection, new Note(name, now, who, CredentialEvent.TOKEN_ENCRYPTED_ANEW, ""));
                }
            }
            return changed;
        });
    }
}
