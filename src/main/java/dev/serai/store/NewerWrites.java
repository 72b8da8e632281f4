package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * A condition of an order: what is older is not written over what is newer. Looked at in the transaction of the order, behind the
 * locks that it takes.
 *
 * @param flows which write the same: a flow, and those that replace it; none: it does not matter
 * @param waitingToo whether a newer event counts already when its run waits: a run that is made anew would go behind it, one that is
 *     resumed goes before it
 */
public record NewerWrites(List<String> flows, boolean waitingToo) {
    /** Whatever was written since, the order stands. */
    static final NewerWrites DO_NOT_MATTER = new NewerWrites(List.of(), false);

    /** Event by event, as {@link Trails#RUNS_OF} and for the same reason; of what came behind it, the newest are looked at. */
    private static final String OVERTAKEN = """
            SELECT DISTINCT own.id FROM event own
             CROSS JOIN LATERAL (SELECT n.id FROM event n WHERE n.record = own.record AND n.id > own.id
                                  ORDER BY n.id DESC LIMIT 500) n
             CROSS JOIN LATERAL (SELECT o.id, o.state FROM open_run o WHERE o.event_id = n.id AND o.flow = ANY (?::text[])
                                 UNION ALL
                                 SELECT d.id, 'done' FROM done_run d WHERE d.event_id = n.id AND d.flow = ANY (?::text[])) r
             WHERE own.id = ANY (?::bigint[])
               AND (r.state = 'claimed' OR ? AND r.state = 'waiting'
                    OR EXISTS (SELECT FROM step s
                                WHERE s.run_id = r.id AND s.write_class <> 'read' AND s.state <> 'failed'))""";

    /**
     * Those of which nothing newer was written. Within a transaction.
     *
     * @param event what an item is about, by number
     * @param overtaken is told of each of the others
     */
    <T> List<T> spare(Connection connection, List<T> items, ToLongFunction<T> event, Consumer<T> overtaken)
            throws SQLException {
        if (flows.isEmpty() || items.isEmpty()) {
            return items;
        }
        Set<Long> older =
                overtaken(connection, items.stream().map(event::applyAsLong).toList());
        items.stream().filter(item -> older.contains(event.applyAsLong(item))).forEach(overtaken);
        return items.stream()
                .filter(item -> !older.contains(event.applyAsLong(item)))
                .toList();
    }

    private Set<Long> overtaken(Connection connection, List<Long> events) throws SQLException {
        var found = new HashSet<Long>();
        try (PreparedStatement index = connection.prepareStatement("SET LOCAL enable_seqscan = off");
                PreparedStatement select = connection.prepareStatement(OVERTAKEN);
                PreparedStatement usual = connection.prepareStatement("SET LOCAL enable_seqscan = on")) {
            index.execute();
            select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
            new Sql.Columns(select)
                    .add("text", flows, flow -> flow)
                    .add("text", flows, flow -> flow)
                    .add("int8", events, id -> id)
                    .add(waitingToo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getLong(1));
                }
            }
            usual.execute();
        }
        return found;
    }
}
