package dev.serai.store;

import dev.serai.run.Correction;
import dev.serai.run.Pace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/**
 * Makes runs due again that nobody goes on with: dead ones, and those in doubt. They go on at the step that failed, by
 * the files as they are now: what succeeded is in the journal and is not done again, and what is in doubt is looked up or
 * stays in doubt. In chunks, each a transaction of its own, so that neither memory nor locks grow with their number.
 */
public final class Resume {
    /** Runs that one call takes up at most, unless it says less. */
    public static final int MOST = 10_000;

    private static final int CHUNK = 500;
    /** Payloads in memory at the same moment, as they arrived; parsing one takes some ten times its size beside. */
    private static final long CHUNK_BYTES = 8L << 20;

    static final String SET_ASIDE = "r.state IN ('dead', 'in_doubt')";

    private static final String CHOOSE = "SELECT r.id, r.event_id, r.size FROM open_run r WHERE " + SET_ASIDE
            + " AND r.id > ? AND (%s) ORDER BY r.id LIMIT ?";

    /**
     * Of a run {@code r}: its reason, without numbers, addresses and words in quotes, however they are quoted. Cut behind that: a
     * quote that is cut is none. An apostrophe within a word is no quote.
     */
    static final String ALIKE = """
            left(regexp_replace(regexp_replace(regexp_replace(regexp_replace(left(coalesce(r.reason, ''), 2000),
              '"[^"]*("|$)|[“„][^“”]*([“”]|$)', '"…"', 'g'),
              '(^|[^[:alnum:]])''([^'']|''[[:alnum:]])*(''|$)', '\\1"…"', 'g'),
              '[^[:space:]"]+@[^[:space:]",;]+', '…@…', 'g'), '[0-9]+', 'N', 'g'), 300)""";

    private static final String PATTERNS = """
            SELECT flow, coalesce(step, ''), pattern, count(*), min(id) AS oldest, max(id) AS newest,
                   count(*) FILTER (WHERE waits_for = 'rest') FROM (
              SELECT r.id, r.flow, r.step, r.waits_for,
                     ALIKE AS pattern
                FROM open_run r WHERE %s AND (%s) ORDER BY r.id %s LIMIT ?) matching
             GROUP BY 1, 2, 3 ORDER BY count(*) DESC, oldest LIMIT ?""".replace("ALIKE", ALIKE);

    private final DataSource database;
    private final InstantSource clock;
    private final Identifiers identifiers;

    /** @param identifiers where it is noted whom a corrected payload tells of */
    public Resume(DataSource database, InstantSource clock, Identifiers identifiers) {
        this.database = database;
        this.clock = clock;
        this.identifiers = identifiers;
    }

    /**
     * What is asked for.
     *
     * @param which of those that are dead or in doubt
     * @param correction of each payload, if any
     * @param most runs at most, the oldest first
     */
    public record Order(RunFilter which, Optional<Correction> correction, Pace pace, int most) {}

    /**
     * What came of it.
     *
     * @param resumed those that are due again, or would be
     * @param refused those whose payload can't be corrected so; they are as they were
     * @param left how many more there are, beyond the most that were asked for
     * @param lastDue when the last of them is due; null when there is none
     * @param cutShort whether the database was lost on the way: how many are left is not known then
     */
    public record Result(List<Long> resumed, List<Refusal> refused, long left, Instant lastDue, boolean cutShort) {}

    /**
     * Runs that failed alike: numbers, quoted words and addresses in the reason do not count.
     *
     * @param resting those that let their record rest
     */
    public record Pattern(String flow, String step, String reason, long runs, long oldest, long newest, long resting) {}

    private record Chosen(long id, long eventId, int size) {}

    /** A run with its new payload; null when that stays as it is. */
    private record Corrected(Chosen run, byte[] payload) {}

    private record Stored(String contentType, byte[] payload) {}

    /** How many there are. @param patience in whole seconds, see {@link Patience}; zero: as long as it takes */
    public long count(RunFilter which, Duration patience) throws SQLException {
        return count(which, 0, patience);
    }

    private long count(RunFilter which, long after, Duration patience) throws SQLException {
        String sql = "SELECT count(*) FROM open_run r WHERE " + SET_ASIDE + " AND r.id > ? AND (" + which.sql() + ")";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) patience.toSeconds());
            which.bind(new Sql.Columns(select).add(after));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * What they failed of, the most frequent first.
     *
     * @param most runs that are looked at, the oldest
     * @param patterns at most
     * @param patience in whole seconds; zero: as long as it takes
     */
    public List<Pattern> patterns(RunFilter which, int most, int patterns, Duration patience) throws SQLException {
        return patterns(PATTERNS.formatted(SET_ASIDE, which.sql(), ""), which, most, patterns, patience);
    }

    /** The same of the newest of them: nothing new is hidden behind what lies there for long. */
    List<Pattern> newestPatterns(RunFilter which, int most, int patterns, Duration patience) throws SQLException {
        return patterns(PATTERNS.formatted(SET_ASIDE, which.sql(), "DESC"), which, most, patterns, patience);
    }

    private List<Pattern> patterns(String sql, RunFilter which, int most, int patterns, Duration patience)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) patience.toSeconds());
            which.bind(new Sql.Columns(select)).add(most).add(patterns);
            var found = new ArrayList<Pattern>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Pattern(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7)));
                }
            }
            return found;
        }
    }

    /** Resumes them. @param soFar is told how many were looked at, after each chunk */
    public Result resume(Order order, ByHand by, LongConsumer soFar) throws SQLException {
        return new Work(order, Optional.of(by), soFar).all();
    }

    /** What {@link #resume} would do; changes nothing. Each look at the table has the time of {@link Patience}. */
    public Result tryOut(Order order, LongConsumer soFar) throws SQLException {
        return new Work(order, Optional.empty(), soFar).all();
    }

    /** One call's way through the runs, chunk by chunk. */
    private final class Work {
        private final Order order;
        private final Optional<ByHand> by;
        private final LongConsumer soFar;
        private final Instant start = clock.instant();
        private final List<Refusal> refused = new ArrayList<>();
        private final List<Long> resumed = new ArrayList<>();
        private long seen;
        private long left;
        private long last;

        Work(Order order, Optional<ByHand> by, LongConsumer soFar) {
            this.order = order;
            this.by = by;
            this.soFar = soFar;
        }

        Result all() throws SQLException {
            boolean cutShort = Chunks.cutShort(() -> by.isPresent() ? seen : 0, () -> {
                int wanted = (int) Math.min(CHUNK, order.most - seen);
                boolean more = chunk(wanted) == wanted;
                soFar.accept(seen);
                if (more && seen >= order.most) {
                    left = count(order.which, last, patience());
                }
                return more && seen < order.most;
            });
            Instant lastDue = resumed.isEmpty() ? null : order.pace.dueAt(start, resumed.size() - 1);
            return new Result(resumed, refused, left, lastDue, cutShort);
        }

        /** A trial is a look, and looks have an end. What is done is done to its end: half of it would tell nobody how far. */
        private Duration patience() {
            return by.isPresent() ? Duration.ZERO : Patience.WITH_PEOPLE;
        }

        /** What is not committed is not told. */
        private int chunk(int wanted) throws SQLException {
            int before = resumed.size();
            int refusedBefore = refused.size();
            long lastBefore = last;
            try {
                int chosen = Sql.transaction(database, connection -> chunk(connection, wanted));
                seen += chosen;
                return chosen;
            } catch (SQLException e) {
                resumed.subList(before, resumed.size()).clear();
                refused.subList(refusedBefore, refused.size()).clear();
                last = lastBefore;
                throw e;
            }
        }

        private int chunk(Connection connection, int wanted) throws SQLException {
            List<Chosen> runs = choose(connection, wanted);
            for (List<Chosen> part : inParts(runs)) {
                List<Corrected> corrected = corrected(connection, part);
                if (by.isPresent()) {
                    write(connection, corrected, by.get());
                }
                corrected.forEach(c -> resumed.add(c.run.id));
            }
            return runs.size();
        }

        private List<Chosen> choose(Connection connection, int wanted) throws SQLException {
            String sql = CHOOSE.formatted(order.which.sql()) + (by.isPresent() ? " FOR UPDATE" : "");
            var chosen = new ArrayList<Chosen>();
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setQueryTimeout((int) patience().toSeconds());
                order.which.bind(new Sql.Columns(select).add(last)).add(wanted);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        chosen.add(new Chosen(row.getLong(1), row.getLong(2), row.getInt(3)));
                        last = row.getLong(1);
                    }
                }
            }
            return chosen;
        }

        private List<List<Chosen>> inParts(List<Chosen> chosen) {
            var parts = new ArrayList<List<Chosen>>();
            var part = new ArrayList<Chosen>();
            long bytes = 0;
            for (Chosen run : chosen) {
                bytes += run.size;
                if (bytes > CHUNK_BYTES && order.correction.isPresent()) {
                    parts.add(part);
                    part = new ArrayList<>();
                    bytes = run.size;
                }
                part.add(run);
            }
            parts.add(part);
            return parts;
        }

        /** Those that can be resumed; the others are noted as refused. */
        private List<Corrected> corrected(Connection connection, List<Chosen> runs) throws SQLException {
            if (order.correction.isEmpty()) {
                return runs.stream().map(run -> new Corrected(run, null)).toList();
            }
            Map<Long, Stored> payloads = payloads(connection, runs);
            var corrected = new ArrayList<Corrected>();
            for (Chosen run : runs) {
                Stored stored = payloads.get(run.id);
                try {
                    if (stored.payload == null) {
                        refused.add(new Refusal(run.id, "its event is not in the store any more"));
                    } else {
                        corrected.add(
                                new Corrected(run, order.correction.get().of(stored.contentType, stored.payload)));
                    }
                } catch (Correction.Refused e) {
                    refused.add(new Refusal(run.id, e.getMessage()));
                }
            }
            return corrected;
        }

        private Map<Long, Stored> payloads(Connection connection, List<Chosen> runs) throws SQLException {
            var payloads = new HashMap<Long, Stored>();
            try (PreparedStatement select = connection.prepareStatement(ResumeSql.PAYLOADS)) {
                new Sql.Columns(select).add("int8", runs, Chosen::id);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        payloads.put(row.getLong(1), new Stored(row.getString(2), row.getBytes(3)));
                    }
                }
            }
            return payloads;
        }

        private void write(Connection connection, List<Corrected> runs, ByHand by) throws SQLException {
            var due = new ArrayList<Instant>();
            for (int i = 0; i < runs.size(); i++) {
                due.add(order.pace.dueAt(start, resumed.size() + i));
            }
            try (PreparedStatement write = connection.prepareStatement(ResumeSql.RESUME)) {
                new Sql.Columns(write)
                        .add("int8", runs, c -> c.run.id)
                        .add("timestamptz", due, Instant::toString)
                        .add("bytea", runs, Corrected::payload)
                        .add(start)
                        .add(start)
                        .add(start)
                        .add(start)
                        .add(clock.instant())
                        .add(by.who())
                        .add(Sql.clean(by.why()))
                        .add(order.correction.map(Correction::asPatch).orElse(null));
                write.executeUpdate();
            }
            if (order.correction.isPresent()) {
                identifiers.corrected(
                        connection,
                        runs.stream()
                                .map(c -> Map.entry(c.run.eventId, c.payload))
                                .toList());
            }
        }
    }
}
