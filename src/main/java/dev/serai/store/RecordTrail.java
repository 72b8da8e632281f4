package dev.serai.store;

import dev.serai.store.History.EventLine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The newest events about a record, and which of them came too late: an older version behind a newer one. */
public final class RecordTrail {
    private static final String NEWEST = """
            SELECT id, source, type, record, received_at, version, occurred_at, length(payload) > 0 AND key <> 'forgotten'
              FROM event WHERE record = ? ORDER BY id DESC LIMIT ?""";

    private final DataSource database;

    public RecordTrail(DataSource database) {
        this.database = database;
    }

    /**
     * What an event tells of its record.
     *
     * @param version as the vendor writes it; empty when the event carries none
     * @param occurredAt null when the event does not say
     * @param newer the event that told a newer version before this one came; 0 for none
     * @param whole whether its payload is still there
     */
    public record Version(EventLine event, String version, Instant occurredAt, long newer, boolean whole) {
        private Version behind(long event) {
            return new Version(this.event, version, occurredAt, event, whole);
        }
    }

    /** The newest first. @throws SQLException also when they are not found in time: {@link Patience} */
    public List<Version> newest(String record, int most) throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<Version> found = found(connection, record, most);
            Map<Long, Long> newer = newer(connection, found);
            return found.stream()
                    .map(each -> each.behind(newer.getOrDefault(each.event.id(), 0L)))
                    .toList();
        }
    }

    private static List<Version> found(Connection connection, String record, int most) throws SQLException {
        var found = new ArrayList<Version>();
        try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
            select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
            new Sql.Columns(select).add(record).add(most);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var event = new EventLine(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            Sql.instant(row.getTimestamp(5)));
                    found.add(new Version(
                            event, row.getString(6), Sql.instant(row.getTimestamp(7)), 0, row.getBoolean(8)));
                }
            }
        }
        return found;
    }

    private static Map<Long, Long> newer(Connection connection, List<Version> found) throws SQLException {
        List<Version> versioned = found.stream()
                .filter(each -> Versions.rank(each.version).isPresent())
                .toList();
        var newer = new HashMap<Long, Long>();
        if (versioned.isEmpty()) {
            return newer;
        }
        try (PreparedStatement select = connection.prepareStatement(Claim.NEWER)) {
            new Sql.Columns(select)
                    .add("int8", versioned, each -> each.event.id())
                    .add(
                            "bytea",
                            versioned,
                            each -> Digest.of(each.event.source(), each.event.type(), each.event.record()))
                    .add("numeric", versioned, each -> Versions.rank(each.version)
                            .orElseThrow());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    newer.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        return newer;
    }
}
