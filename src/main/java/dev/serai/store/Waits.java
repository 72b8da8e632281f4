package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.alert.Judge.News;
import dev.serai.alert.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** How far the state of a connection reaches: the runs that wait for it. */
final class Waits {
    /** Those that wait for it, and in the lanes of the first so many of them those behind. */
    private static final String WAITING = """
            WITH first AS MATERIALIZED (
              SELECT id, lane, flow, created_at FROM open_run
               WHERE waits_for IS NOT NULL AND state = 'waiting'
                 AND (waits_for = ? || '/*' OR waits_for = ? OR waits_for = ? || '/' || ?
                      OR ? = '' AND split_part(waits_for, '/', 1) = ?)),
            reached AS (
              SELECT id, flow, created_at FROM first
              UNION
              SELECT o.id, o.flow, o.created_at FROM (SELECT lane FROM first ORDER BY id LIMIT 5000) l
                JOIN open_run o ON o.lane = l.lane AND o.holds AND o.state = 'waiting')
            SELECT count(*), min(id), min(created_at), array_agg(DISTINCT flow) FROM reached""";

    private Waits() {}

    /** Adds {@code waiting_runs}, {@code oldest}, {@code waiting_since} and their {@code flows}; says them in the text. */
    static void tell(Connection connection, ObjectNode body) throws SQLException {
        String name = body.path("connection").asText();
        String news = body.path("news").asText();
        boolean holdsNothing = List.of("drift_found", "stream_gap")
                .contains(body.path("signal").asText());
        if (name.isEmpty() || news.isEmpty() || holdsNothing) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement(WAITING)) {
            String operation = body.path("operation").asText();
            new Sql.Columns(select)
                    .add(name)
                    .add(Buckets.waitsFor(name))
                    .add(name)
                    .add(operation)
                    .add(operation)
                    .add(name);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                body.put("waiting_runs", row.getLong(1));
                body.remove("oldest");
                body.remove("waiting_since");
                if (row.getLong(1) > 0) {
                    body.put("oldest", Names.run(row.getLong(2)));
                    body.put("waiting_since", Sql.instant(row.getTimestamp(3)).toString());
                    var flows = new TreeSet<String>();
                    body.path("flows").forEach(flow -> flows.add(flow.asText()));
                    for (Object flow : (Object[]) row.getArray(4).getArray()) {
                        flows.add(flow.toString());
                    }
                    flows.forEach(body.putArray("flows")::add);
                }
            }
        }
        Message.tell(body, News.valueOf(news.toUpperCase(Locale.ROOT)));
    }
}
