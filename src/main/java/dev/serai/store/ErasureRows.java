package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.store.Erasures.Erasure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The rows of erasures: who is to be forgotten, what is gone so far, and at the end the certificate. */
final class ErasureRows {
    private ErasureRows() {}

    /** One that is under way. */
    record Open(List<String> subject, ObjectNode counts) {}

    /** Empty when it is done, or another hub is at it. */
    static Optional<Open> lock(Connection connection, long id) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT subject, counts FROM erasure WHERE id = ? AND finished_at IS NULL FOR UPDATE SKIP LOCKED")) {
            new Sql.Columns(lock).add(id);
            try (ResultSet row = lock.executeQuery()) {
                return row.next()
                        ? Optional.of(new Open(
                                List.of((String[]) row.getArray(1).getArray()), Certificate.read(row.getString(2))))
                        : Optional.empty();
            }
        }
    }

    static void keep(Connection connection, long id, ObjectNode counts) throws SQLException {
        try (PreparedStatement keep =
                connection.prepareStatement("UPDATE erasure SET counts = ?::jsonb WHERE id = ?")) {
            new Sql.Columns(keep).add(counts.toString()).add(id);
            keep.executeUpdate();
        }
    }

    /** Takes out who it was, and leaves the certificate. */
    static void finish(Connection connection, long id, Instant now, IdentifierKey key) throws SQLException {
        Optional<Open> open = lock(connection, id);
        if (open.isEmpty()) {
            return;
        }
        ObjectNode counts = open.get().counts;
        try (PreparedStatement end = connection.prepareStatement(
                "UPDATE erasure SET subject = NULL, counts = ?::jsonb, finished_at = ? WHERE id = ?"
                        + " RETURNING asked_at, asked_by, why")) {
            new Sql.Columns(end).add(counts.toString()).add(now).add(id);
            try (ResultSet row = end.executeQuery()) {
                row.next();
                var asking = new Certificate.Asking(
                        row.getTimestamp(1).toInstant(),
                        new ByHand(row.getString(2), row.getString(3)),
                        open.get().subject.size());
                write(connection, id, Certificate.of("f_" + id, asking, now, counts, key), asking.by());
            }
        }
    }

    private static void write(Connection connection, long id, String certificate, ByHand by) throws SQLException {
        try (PreparedStatement write = connection.prepareStatement("UPDATE erasure SET certificate = ? WHERE id = ?");
                PreparedStatement audit =
                        connection.prepareStatement("INSERT INTO audit (who, what, why) VALUES (?, ?, ?)")) {
            new Sql.Columns(write).add(certificate).add(id);
            write.executeUpdate();
            new Sql.Columns(audit).add(by.who()).add("forget f_" + id).add(by.why());
            audit.executeUpdate();
        }
    }

    static Optional<Erasure> find(DataSource database, long id, int held) throws SQLException {
        return list(database, held, "WHERE id = " + id).stream().findFirst();
    }

    /** The newest first, a thousand at most. */
    static List<Erasure> list(DataSource database, int held, String which) throws SQLException {
        var erasures = new ArrayList<Erasure>();
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT id, asked_at, asked_by, counts, certificate"
                                + " FROM erasure " + which + " ORDER BY id DESC LIMIT 1000");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Timestamp at = row.getTimestamp(2);
                erasures.add(new Erasure(
                        row.getLong(1),
                        at.toInstant(),
                        row.getString(3),
                        Certificate.read(row.getString(4)),
                        held,
                        Optional.ofNullable(row.getString(5))));
            }
        }
        return erasures;
    }
}
