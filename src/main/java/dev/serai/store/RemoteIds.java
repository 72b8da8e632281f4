package dev.serai.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Which id a record has at a remote, by its natural key, and who works on it now. All times are the database's own: hubs
 * whose clocks differ still agree.
 */
public final class RemoteIds {
    private static final String WHERE = " WHERE connection = ? AND object = ? AND key = ?";
    private static final String MINE = WHERE + " AND holder = ? AND lease_until > now()";

    private static final String CLAIM = """
            INSERT INTO remote_id AS r (connection, object, key, holder, lease_until)
            VALUES (?, ?, ?, ?, now() + ? * interval '1 millisecond')
            ON CONFLICT (connection, object, key) DO UPDATE
               SET holder = EXCLUDED.holder, lease_until = EXCLUDED.lease_until
             WHERE r.holder IS NULL OR r.lease_until <= now()
            RETURNING id, account, (extract(epoch FROM now() - sent_at) * 1000)::bigint""";

    private final DataSource database;

    public RemoteIds(DataSource database) {
        this.database = database;
    }

    /** Whose id it is. @param key the natural key, which is stored only as a hash */
    public record Record(String connection, String object, String key) {
        private String digest() {
            return HexFormat.of().formatHex(Digest.sha256(key.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public String toString() {
            return connection + " " + object;
        }
    }

    /** An id. @param account the mark of the account that gave it, for which alone it counts; null where nobody noted that */
    public record Id(String id, String account) {}

    /** What is known of a record. @param sentAgo how long ago a create was sent that no search has shown yet */
    public record Known(Optional<Id> id, Optional<Duration> sentAgo) {}

    /** The id, whoever works on the record now. */
    public Optional<Id> find(Record record) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT id, account FROM remote_id" + WHERE)) {
            bind(select, record);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? id(row) : Optional.empty();
            }
        }
    }

    private static Optional<Id> id(ResultSet row) throws SQLException {
        String account = row.getString(2);
        return Optional.ofNullable(row.getString(1)).map(id -> new Id(id, account));
    }

    /** Takes the record for a while. @return empty when somebody else has it */
    public Optional<Known> claim(Record record, String holder, Duration lease) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            bind(claim, record).add(holder).add(lease.toMillis());
            try (ResultSet row = claim.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                Optional<Id> id = id(row);
                long ago = row.getLong(3);
                return Optional.of(
                        new Known(id, row.wasNull() ? Optional.empty() : Optional.of(Duration.ofMillis(ago))));
            }
        }
    }

    /** A create is about to be sent. @return false when the record was lost to another holder: nothing may be sent */
    public boolean sending(Record record, String holder) throws SQLException {
        return change("UPDATE remote_id SET sent_at = clock_timestamp()" + MINE, record, holder) == 1;
    }

    /** The create was certainly not done. */
    public void notDone(Record record, String holder) throws SQLException {
        change("UPDATE remote_id SET sent_at = NULL" + WHERE + " AND holder = ?", record, holder);
    }

    /** A search has shown the id. Takes no lease: what a remote said stays true. */
    public void found(Record record, Id id) throws SQLException {
        known(record, id, ", sent_at = NULL");
    }

    /** A create has given the id. When it was sent stays known: should the id be forgotten, a search may not show it yet. */
    public void made(Record record, Id id) throws SQLException {
        known(record, id, "");
    }

    private void known(Record record, Id id, String more) throws SQLException {
        String set = "UPDATE remote_id SET id = ?, account = ?, changed_at = now()" + more + WHERE;
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(set)) {
            new Sql.Columns(update)
                    .add(id.id)
                    .add(id.account)
                    .add(record.connection)
                    .add(record.object)
                    .add(record.digest());
            update.executeUpdate();
        }
    }

    /** The id is of no use any more: the remote does not know it. */
    public void forget(Record record, String id) throws SQLException {
        change("UPDATE remote_id SET id = NULL, changed_at = now()" + WHERE + " AND id = ?", record, id);
    }

    /** Lets anybody take it. */
    public void release(Record record, String holder) throws SQLException {
        change("UPDATE remote_id SET holder = NULL, lease_until = NULL" + WHERE + " AND holder = ?", record, holder);
    }

    private int change(String sql, Record record, String more) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            bind(update, record).add(more);
            return update.executeUpdate();
        }
    }

    private static Sql.Columns bind(PreparedStatement statement, Record record) throws SQLException {
        return new Sql.Columns(statement)
                .add(record.connection)
                .add(record.object)
                .add(record.digest());
    }
}
