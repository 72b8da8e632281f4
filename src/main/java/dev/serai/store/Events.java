package dev.serai.store;

import dev.serai.store.History.EventLine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Lists of events, the newest first. A list that would have to read too much of the history is given up in time. */
public final class Events {

    private final DataSource database;

    public Events(DataSource database) {
        this.database = database;
    }

    /** Which events; empty fields do not matter. @param before only numbers below this one */
    public record Which(
            Optional<String> source,
            Optional<String> type,
            Optional<String> record,
            Optional<Instant> since,
            long before) {}

    /** @throws SQLException also when the list is not found within {@link Patience#WITH_PEOPLE} */
    public List<EventLine> list(Which which, int most) throws SQLException {
        String sql = "SELECT id, source, type, record, received_at FROM event WHERE id < ?"
                + which.source.map(x -> " AND source = ?").orElse("")
                + which.type.map(x -> " AND type = ?").orElse("")
                + which.record.map(x -> " AND record = ?").orElse("")
                + which.since
                        .map(x -> " AND received_at >= ? AND id >= (" + Slices.FIRST_SINCE + ")")
                        .orElse("") + " ORDER BY id DESC LIMIT ?";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
            var columns = new Sql.Columns(select).add(which.before);
            for (Optional<String> text : List.of(which.source, which.type, which.record)) {
                if (text.isPresent()) {
                    columns.add(text.get());
                }
            }
            if (which.since.isPresent()) {
                columns.add(which.since.get()).add(which.since.get());
            }
            columns.add(most);
            return lines(select);
        }
    }

    private static List<EventLine> lines(PreparedStatement select) throws SQLException {
        var events = new ArrayList<EventLine>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                events.add(new EventLine(
                        row.getLong("id"),
                        row.getString("source"),
                        row.getString("type"),
                        row.getString("record"),
                        Sql.instant(row.getTimestamp("received_at"))));
            }
        }
        return events;
    }
}
