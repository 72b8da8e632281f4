package dev.serai.store;

import dev.serai.run.Pace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * Lets events go through a flow once more, or for the first time, as new runs: what an earlier run wrote is written again, under
 * keys of its own. In chunks, each a transaction.
 */
public final class Replay {
    /** Events that one call takes at most. */
    public static final int MOST = 10_000;

    private static final int CHUNK = 500;
    /** Events of which it is looked whether they went through the flow before. */
    private static final int LOOKED_AT = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String CHOOSE =
            "SELECT e.id, length(e.payload) > 0 AND e.key <> 'forgotten' AS whole, EXISTS (SELECT FROM"
                    + " open_run o WHERE o.event_id = e.id AND o.flow = ?) AS open FROM event e WHERE e.id > ?";

    private static final String RUNS = """
            WITH given AS (SELECT * FROM unnest(?::bigint[], ?::timestamptz[]) AS g(event_id, due_at)),
            replayed AS (
              INSERT INTO open_run (event_id, flow, lane, size, due_at, created_at, tried_since, holds, waits_for)
              SELECT e.id, ?, ? || ' ' || e.record, length(e.payload), g.due_at, ?, g.due_at, g.due_at <= ?,
                     CASE WHEN g.due_at > ? THEN 'pace' END
                FROM given g JOIN event e ON e.id = g.event_id
               WHERE NOT EXISTS (SELECT FROM open_run o WHERE o.event_id = e.id AND o.flow = ?)
               ORDER BY e.id
              RETURNING id, event_id),
            noted AS (INSERT INTO audit (at, who, what, run_id, why) SELECT ?, ?, 'replay', id, ? FROM replayed)
            SELECT event_id, id FROM replayed ORDER BY id""";

    /** Two that replay a flow at once choose one after the other: the second sees the runs of the first. */
    private static final String ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('serai.replay ' || ?, 0))";

    /** Event by event, as {@link Trails#RUNS_OF} and for the same reason. */
    static final String BEFORE = """
            SELECT count(*) FROM unnest(?::bigint[]) e CROSS JOIN LATERAL
              (SELECT FROM done_run d WHERE d.event_id = e AND d.flow = ? LIMIT 1) d""";

    /** By what was noted of each: of those that were replayed there are fewer than of all that went through. */
    private static final String SINCE = """
            SELECT d.event_id FROM audit a JOIN done_run d ON d.id = a.run_id
             WHERE a.at >= ? AND a.what = 'replay' AND d.flow = ? AND d.event_id = ANY (?::bigint[])""";

    private final DataSource database;
    private final InstantSource clock;

    public Replay(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Which events; what is empty does not matter.
     *
     * @param events by number; empty for any
     * @param types that the flow takes; empty for any
     * @param unlessSince none that was replayed through the flow since then: an order that says so may be given again
     */
    public record Which(
            List<Long> events,
            List<String> types,
            Optional<String> source,
            Optional<String> record,
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<Instant> unlessSince) {
        private String sql() {
            return (events.isEmpty() ? "" : " AND e.id = ANY (?::bigint[])")
                    + (types.isEmpty() ? "" : " AND e.type = ANY (?::text[])")
                    + source.map(x -> " AND e.source = ?").orElse("")
                    + record.map(x -> " AND e.record = ?").orElse("")
                    + since.map(x -> " AND e.received_at >= ?").orElse("")
                    + until.map(x -> " AND e.received_at < ?").orElse("");
        }

        private Sql.Columns bind(Sql.Columns columns) throws SQLException {
            if (!events.isEmpty()) {
                columns.add("int8", events, id -> id);
            }
            if (!types.isEmpty()) {
                columns.add("text", types, type -> type);
            }
            for (Optional<String> text : List.of(source, record)) {
                if (text.isPresent()) {
                    columns.add(text.get());
                }
            }
            for (Optional<Instant> time : List.of(since, until)) {
                if (time.isPresent()) {
                    columns.add(time.get());
                }
            }
            return columns;
        }
    }

    /** @param most events at most, the oldest first */
    public record Order(String flow, Which which, Pace pace, int most) {}

    /**
     * What came of it, or would.
     *
     * @param events those that go through the flow again
     * @param runs the new runs; none of a dry run
     * @param open events that have a run of this flow already that is not done: resume that one
     * @param forgotten events of which nothing is left
     * @param repeated events that were replayed since the order says so
     * @param again how many of the first {@value #LOOKED_AT} went through this flow before: their writes are made again
     * @param more whether there are more than were asked for
     * @param cutShort whether the database was lost on the way
     */
    public record Result(
            List<Long> events,
            List<Long> runs,
            long open,
            long forgotten,
            long repeated,
            long again,
            boolean more,
            Instant lastDue,
            boolean cutShort) {}

    public Result replay(Order order, ByHand by, LongConsumer soFar) throws SQLException {
        return new Work(order, Optional.of(by), soFar).all();
    }

    /** What {@link #replay} would do; changes nothing. */
    public Result tryOut(Order order) throws SQLException {
        return new Work(order, Optional.empty(), soFar -> {}).all();
    }

    /** What was chosen of a chunk of events. @param found how many were looked at @param last the number of the last of them */
    private record Choice(List<Long> chosen, int found, long open, long forgotten, long last) {
        /** Those of the chosen that are not left aside. */
        Choice without(Set<Long> aside) {
            return new Choice(chosen.stream().filter(id -> !aside.contains(id)).toList(), found, open, forgotten, last);
        }
    }

    /** What became of them. */
    private record Begun(List<Long> events, List<Long> runs) {}

    /** One call's way through the events, chunk by chunk. */
    private final class Work {
        private final Order order;
        private final Optional<ByHand> by;
        private final LongConsumer soFar;
        private final Instant start = clock.instant();
        private final List<Long> events = new ArrayList<>();
        private final List<Long> runs = new ArrayList<>();
        private long open;
        private long forgotten;
        private long repeated;
        private long seen;
        private long last;
        private boolean more;

        Work(Order order, Optional<ByHand> by, LongConsumer soFar) {
            this.order = order;
            this.by = by;
            this.soFar = soFar;
        }

        Result all() throws SQLException {
            boolean cutShort = Chunks.cutShort(() -> by.isPresent() ? seen : 0, () -> {
                int wanted = (int) Math.min(CHUNK, order.most - seen);
                more = chunk(wanted) == wanted;
                soFar.accept(seen);
                return more && seen < order.most;
            });
            Instant lastDue = events.isEmpty() ? null : order.pace.dueAt(start, events.size() - 1);
            long again = by.isPresent() ? 0 : again();
            return new Result(events, runs, open, forgotten, repeated, again, more, lastDue, cutShort);
        }

        /** What is not committed is not told. */
        private int chunk(int wanted) throws SQLException {
            var begun = new Begun(new ArrayList<>(), new ArrayList<>());
            var since = new HashSet<Long>();
            Choice choice = Sql.transaction(database, connection -> {
                alone(connection);
                Choice found = choose(connection, wanted);
                since.addAll(since(connection, found.chosen));
                Choice chosen = found.without(since);
                if (by.isPresent() && !chosen.chosen.isEmpty()) {
                    write(connection, chosen.chosen, begun);
                } else {
                    begun.events.addAll(chosen.chosen);
                }
                return chosen;
            });
            events.addAll(begun.events);
            runs.addAll(begun.runs);
            open += choice.open + choice.chosen.size() - begun.events.size();
            forgotten += choice.forgotten;
            repeated += since.size();
            last = choice.last;
            seen += choice.found;
            return choice.found;
        }

        private void alone(Connection connection) throws SQLException {
            if (by.isPresent()) {
                try (PreparedStatement lock = connection.prepareStatement(ALONE)) {
                    lock.setQueryTimeout((int) PATIENCE.toSeconds());
                    new Sql.Columns(lock).add(order.flow);
                    lock.execute();
                }
            }
        }

        private Choice choose(Connection connection, int wanted) throws SQLException {
            var chosen = new ArrayList<Long>();
            int found = 0;
            long running = 0;
            long gone = 0;
            long id = last;
            try (PreparedStatement select =
                    connection.prepareStatement(CHOOSE + order.which.sql() + " ORDER BY e.id LIMIT ?")) {
                select.setQueryTimeout((int) PATIENCE.toSeconds());
                order.which
                        .bind(new Sql.Columns(select).add(order.flow).add(last))
                        .add(wanted);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        found++;
                        id = row.getLong(1);
                        if (!row.getBoolean(2)) {
                            gone++;
                        } else if (row.getBoolean(3)) {
                            running++;
                        } else {
                            chosen.add(id);
                        }
                    }
                }
            }
            return new Choice(chosen, found, running, gone, id);
        }

        /** Those that were replayed since the order says so, and are done; of others the run is open. */
        private Set<Long> since(Connection connection, List<Long> chosen) throws SQLException {
            var since = new HashSet<Long>();
            if (order.which.unlessSince.isPresent()) {
                try (PreparedStatement index = connection.prepareStatement("SET LOCAL enable_seqscan = off");
                        PreparedStatement select = connection.prepareStatement(SINCE)) {
                    index.execute();
                    select.setQueryTimeout((int) PATIENCE.toSeconds());
                    new Sql.Columns(select)
                            .add(order.which.unlessSince.get())
                            .add(order.flow)
                            .add("int8", chosen, id -> id);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            since.add(row.getLong(1));
                        }
                    }
                }
            }
            return since;
        }

        private void write(Connection connection, List<Long> chosen, Begun begun) throws SQLException {
            ByHand who = by.orElseThrow();
            var due = new ArrayList<Instant>();
            for (int i = 0; i < chosen.size(); i++) {
                due.add(order.pace.dueAt(start, events.size() + i));
            }
            try (PreparedStatement write = connection.prepareStatement(RUNS)) {
                new Sql.Columns(write)
                        .add("int8", chosen, id -> id)
                        .add("timestamptz", due, Instant::toString)
                        .add(order.flow)
                        .add(order.flow)
                        .add(start)
                        .add(start)
                        .add(start)
                        .add(order.flow)
                        .add(clock.instant())
                        .add(who.who())
                        .add(Sql.clean(who.why()));
                try (ResultSet row = write.executeQuery()) {
                    while (row.next()) {
                        begun.events.add(row.getLong(1));
                        begun.runs.add(row.getLong(2));
                    }
                }
            }
        }

        private long again() throws SQLException {
            List<Long> looked = events.stream().limit(LOOKED_AT).toList();
            return Sql.transaction(database, connection -> wentThrough(connection, looked, order.flow));
        }
    }

    /** How many of these events went through the flow before. Within a transaction. */
    static long wentThrough(Connection connection, List<Long> events, String flow) throws SQLException {
        try (PreparedStatement index = connection.prepareStatement("SET LOCAL enable_seqscan = off");
                PreparedStatement select = connection.prepareStatement(BEFORE)) {
            index.execute();
            select.setQueryTimeout((int) PATIENCE.toSeconds());
            new Sql.Columns(select).add("int8", events, id -> id).add(flow);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
