package dev.serai.store;

import dev.serai.store.CredentialLog.Note;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings of connections that are kept encrypted: {@code {{mailchimp.api-key}}} is the row (mailchimp, api-key). */
public final class Secrets {
    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);
    private static final String SET = """
            INSERT INTO secret AS s (connection, name, value, kid, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (connection, name) DO UPDATE
               SET value = EXCLUDED.value, kid = EXCLUDED.kid, version = s.version + 1,
                   changed_at = EXCLUDED.changed_at, changed_by = EXCLUDED.changed_by
            RETURNING version""";
    private static final String RESEAL =
            "UPDATE secret SET value = ?, kid = ? WHERE connection = ? AND name = ? AND value = ?";

    private final DataSource database;
    private final Seal seal;
    private volatile Map<String, String> known = Map.of();
    private Map<String, String> sealed = Map.of();

    public Secrets(DataSource database, Seal seal) {
        this.database = database;
        this.seal = seal;
    }

    /** The value of a setting as it was at the last {@link #refresh}. */
    public Optional<String> get(String setting) {
        return Optional.ofNullable(known.get(setting));
    }

    /** Reads what was changed. What can't be opened counts as not set, and the log says why. */
    public synchronized void refresh() throws SQLException {
        Map<String, String> now = rows();
        if (now.equals(sealed)) {
            return;
        }
        var opened = new HashMap<String, String>();
        now.forEach((setting, jwe) -> {
            try {
                opened.put(setting, seal.open(connection(setting), name(setting), jwe));
            } catch (Seal.Unusable e) {
                LOG.error("secret.not_read: {}", e.getMessage());
            }
        });
        sealed = now;
        known = Map.copyOf(opened);
    }

    private static String connection(String setting) {
        return setting.substring(0, setting.indexOf('.'));
    }

    private static String name(String setting) {
        return setting.substring(setting.indexOf('.') + 1);
    }

    private Map<String, String> rows() throws SQLException {
        var rows = new HashMap<String, String>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT connection, name, value FROM secret");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                rows.put(row.getString("connection") + "." + row.getString("name"), row.getString("value"));
            }
        }
        return rows;
    }

    /** Keeps a value. Hubs use it within a second. @return its version @throws Seal.Unusable without a key */
    public int set(String connection, String name, String value, Instant now, String who) throws SQLException {
        String jwe = seal.seal(connection, name, value);
        return Sql.transaction(database, sql -> {
            try (PreparedStatement set = sql.prepareStatement(SET)) {
                new Sql.Columns(set)
                        .add(connection)
                        .add(name)
                        .add(jwe)
                        .add(seal.kid())
                        .add(now)
                        .add(who);
                try (ResultSet row = set.executeQuery()) {
                    row.next();
                    int version = row.getInt(1);
                    CredentialLog.note(
                            sql,
                            new Note(connection, now, who, CredentialEvent.SECRET_SET, name + ", version " + version));
                    return version;
                }
            }
        });
    }

    /** Encrypts everything with the first key, what it has too. @return how many values that changed */
    public int reseal(Instant now, String who) throws SQLException {
        record Row(String connection, String name, String jwe) {}
        return Sql.transaction(database, sql -> {
            var rows = new ArrayList<Row>();
            try (PreparedStatement select =
                    sql.prepareStatement("SELECT connection, name, value FROM secret WHERE kid <> ? FOR UPDATE")) {
                select.setString(1, seal.kid());
                ResultSet row = select.executeQuery();
                while (row.next()) {
                    rows.add(new Row(row.getString(1), row.getString(2), row.getString(3)));
                }
            }
            for (Row row : rows) {
                String jwe = seal.seal(row.connection, row.name, seal.open(row.connection, row.name, row.jwe));
                try (PreparedStatement update = sql.prepareStatement(RESEAL)) {
                    new Sql.Columns(update)
                            .add(jwe)
                            .add(seal.kid())
                            .add(row.connection)
                            .add(row.name)
                            .add(row.jwe);
                    update.executeUpdate();
                }
                CredentialLog.note(
                        sql, new Note(row.connection, now, who, CredentialEvent.SECRET_ENCRYPTED_ANEW, row.name));
            }
            return rows.size();
        });
    }

    /** The ids of the keys in use, by how many values; also those of tokens. */
    public List<String> kids() throws SQLException {
        var kids = new ArrayList<String>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT kid FROM secret UNION SELECT kid FROM token WHERE kid IS NOT NULL ORDER BY 1");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                kids.add(row.getString(1));
            }
        }
        return kids;
    }
}
