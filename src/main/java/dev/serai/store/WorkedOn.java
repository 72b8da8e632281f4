package dev.serai.store;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** What runs work on, or worked on: what arrived, and what people made of it. Of many runs by one question. */
public final class WorkedOn {
    /** Run by run, so that no more of history is looked at than they are. */
    private static final String SELECT = """
            SELECT g.run, e.content_type, e.payload, o.payload AS corrected, a.patches
              FROM unnest(?::bigint[], ?::bigint[]) AS g(run, event)
              JOIN LATERAL (SELECT content_type, payload FROM event WHERE id = g.event LIMIT 1) e ON true
              LEFT JOIN LATERAL (SELECT payload FROM open_run WHERE id = g.run LIMIT 1) o ON true
              LEFT JOIN LATERAL (SELECT array_agg(patch ORDER BY id) AS patches FROM audit
                                  WHERE run_id = g.run AND patch IS NOT NULL) a ON true""";

    private final DataSource database;

    public WorkedOn(DataSource database) {
        this.database = database;
    }

    /**
     * Of one run.
     *
     * @param arrived its event
     * @param corrected what people made of it at last; null when they did not, or the run is done
     * @param patches by which they did, the oldest first; {@code []} where one is not kept any more
     */
    public record Given(long run, History.Payload arrived, byte[] corrected, List<String> patches) {}

    /**
     * A few are in memory at once: each may have 5 MiB. Runs whose event has left the history are left out.
     *
     * @throws SQLException also when it takes too long: {@link Patience}
     */
    public void each(Collection<History.Run> runs, Consumer<Given> given) throws SQLException {
        if (runs.isEmpty()) {
            return;
        }
        Sql.transaction(database, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setFetchSize(Identifiers.FETCHED);
                select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
                new Sql.Columns(select).add("int8", runs, History.Run::id).add("int8", runs, run -> run.event()
                        .id());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        var arrived = new History.Payload(row.getString(2), row.getBytes(3));
                        given.accept(new Given(row.getLong(1), arrived, row.getBytes(4), patches(row.getArray(5))));
                    }
                }
            }
            return null;
        });
    }

    private static List<String> patches(Array patches) throws SQLException {
        return patches == null ? List.of() : List.of((String[]) patches.getArray());
    }
}
