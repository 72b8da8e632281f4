package dev.serai.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the checker compares.
 *
 * @param acknowledged events that were answered with 202
 * @param requests the writes the vendor saw, in the order of their work
 * @param runs what became of the events
 * @param steps what the journal says
 */
record Evidence(List<Event> acknowledged, List<Vendor.Request> requests, List<Run> runs, List<Step> steps) {

    /** A run of an event. @param reason why it is not done, or empty */
    record Run(String event, String state, String reason) {}

    /** A step that succeeded. @param at when the journal's transaction began */
    record Step(String event, String collection, Instant at) {}

    static Evidence gather(Connection connection, List<Event> acknowledged, List<Vendor.Request> requests)
            throws SQLException {
        return new Evidence(acknowledged, requests, runs(connection), steps(connection));
    }

    private static List<Run> runs(Connection connection) throws SQLException {
        var runs = new ArrayList<Run>();
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT event.key, state, coalesce(reason, '')"
                        + " FROM run JOIN event ON event.id = event_id ORDER BY run.id")) {
            while (rows.next()) {
                runs.add(new Run(rows.getString(1), rows.getString(2), rows.getString(3)));
            }
        }
        return runs;
    }

    private static List<Step> steps(Connection connection) throws SQLException {
        var steps = new ArrayList<Step>();
        try (var statement = connection.createStatement();
                // the operations of the connector file are named after the collections: put_member, create_invoice
                ResultSet rows =
                        statement.executeQuery("SELECT event.key, split_part(operation, '_', 2) || 's', step.updated_at"
                                + " FROM step JOIN run ON run.id = run_id JOIN event ON event.id = event_id"
                                + " WHERE step.state = 'succeeded'")) {
            while (rows.next()) {
                steps.add(new Step(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getTimestamp(3).toInstant()));
            }
        }
        return steps;
    }
}
