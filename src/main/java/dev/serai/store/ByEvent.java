package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Runs that are asked for by what is said of their events, their record, source or type: first the events by their indexes, then
 * their runs. In one statement with the order of a list the planner would rather read history from its end, which for a record that
 * rested for weeks, or a source that there is not, is all of it.
 */
final class ByEvent {
    /** Of so many events each look for its runs costs its two milliseconds. */
    private static final int FEW = 500;

    /** Of so many it is quicker to look for runs from the end on and to know their events by heart; of more, to look at each event. */
    private static final int MANY = 10_000;

    private static final String EVENTS = "SELECT v.id FROM event v WHERE %s ORDER BY v.id DESC LIMIT " + (MANY + 1);

    /** Neither all of history, nor all of its index of numbers: that of the events alone is left. */
    private static final String ONLY_BITMAPS =
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off";

    private static final String RUNS = "SELECT id FROM open_run WHERE event_id = ANY (?::bigint[])"
            + " UNION ALL SELECT id FROM done_run WHERE event_id = ANY (?::bigint[])";

    private ByEvent() {}

    /**
     * The same runs, asked for in the way that is quickest.
     *
     * @param patience for each of two looks, in whole seconds; zero: as long as it takes
     */
    static RunFilter quickest(DataSource database, RunFilter which, Duration patience) throws SQLException {
        Optional<String> said = which.ofEvents();
        if (said.isEmpty()) {
            return which;
        }
        return Sql.transaction(database, connection -> {
            List<Long> events = events(connection, said.get(), which, patience);
            if (events.size() > MANY) {
                return which;
            }
            return events.size() > FEW
                    ? which.ofTheseEvents(events)
                    : which.ofThese(runs(connection, events, patience));
        });
    }

    private static List<Long> events(Connection connection, String said, RunFilter which, Duration patience)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(EVENTS.formatted(said))) {
            select.setQueryTimeout((int) patience.toSeconds());
            which.bindEvents(new Sql.Columns(select));
            return ids(select);
        }
    }

    private static List<Long> runs(Connection connection, List<Long> events, Duration patience) throws SQLException {
        if (events.isEmpty()) {
            return List.of();
        }
        try (PreparedStatement hints = connection.prepareStatement(ONLY_BITMAPS);
                PreparedStatement select = connection.prepareStatement(RUNS)) {
            hints.execute();
            select.setQueryTimeout((int) patience.toSeconds());
            new Sql.Columns(select).add("int8", events, id -> id).add("int8", events, id -> id);
            return ids(select);
        }
    }

    private static List<Long> ids(PreparedStatement select) throws SQLException {
        var ids = new ArrayList<Long>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids;
    }
}
