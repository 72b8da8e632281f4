package dev.serai.crash;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the database says, over a line of its own. */
final class Tables implements AutoCloseable {
    private final Connection connection;

    /** @param database its settings */
    Tables(Map<String, String> database) throws SQLException {
        connection = DriverManager.getConnection(
                database.get("serai.database.url"),
                database.get("serai.database.user"),
                database.get("serai.database.password"));
    }

    /** @param reason why it is not done, or empty */
    record Run(String state, String reason) {
        boolean settled() {
            return !state.equals("waiting") && !state.equals("claimed");
        }
    }

    /** The runs of an event. */
    List<Run> runs(String event) {
        var runs = new ArrayList<Run>();
        query(
                "SELECT r.state, coalesce(r.reason, '') FROM run r JOIN event e ON e.id = r.event_id WHERE e.key = ?",
                event,
                (state, reason) -> runs.add(new Run(state, reason)));
        return runs;
    }

    /** Whether the only run of an event waits for nothing but a person. */
    boolean settled(String event) {
        List<Run> runs = runs(event);
        return !runs.isEmpty() && runs.stream().allMatch(Run::settled);
    }

    /** Whether this hub has claimed a run of an event. */
    boolean isHeldBy(String hub, String event) {
        var holders = new ArrayList<String>();
        query(
                "SELECT o.claimed_by, o.state FROM open_run o JOIN event e ON e.id = o.event_id WHERE e.key = ?",
                event,
                (holder, state) -> holders.add(holder));
        return holders.contains(hub);
    }

    /** How often an event is stored. */
    int events(String event) {
        var found = new ArrayList<String>();
        query("SELECT key, type FROM event WHERE key = ?", event, (key, type) -> found.add(key));
        return found.size();
    }

    /** The states of an event's steps, by step. */
    Map<String, String> steps(String event) {
        var steps = new HashMap<String, String>();
        query(
                "SELECT s.step, s.state FROM step s JOIN run r ON r.id = s.run_id JOIN event e ON e.id = r.event_id"
                        + " WHERE e.key = ?",
                event,
                steps::put);
        return steps;
    }

    private interface Row {
        void take(String first, String second);
    }

    private synchronized void query(String sql, String parameter, Row row) {
        try (var select = connection.prepareStatement(sql)) {
            select.setString(1, parameter);
            try (var rows = select.executeQuery()) {
                while (rows.next()) {
                    row.take(rows.getString(1), rows.getString(2));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
