package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * History in slices: each holds a hundred million numbers of events and of runs, or a part of the time that history is
 * kept, whichever ends first. A slice is dropped as a whole, which takes a moment and gives its disk space back; what an
 * open run needs of it is kept.
 */
public final class Slices {
    static final long NUMBERS = 100_000_000L;
    /** Slices made before they are needed, so that intake never waits for one. */
    private static final int AHEAD = 2;
    /** Slices that history is cut into: as many as can be dropped one by one. */
    private static final int PARTS = 30;

    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    /** Rows that are deleted one by one, in a transaction: few compared with a slice. */
    private static final int CHUNK = 5_000;
    /** One hub at a time; the others look again in a minute. */
    private static final String ONE_HUB = "SELECT pg_try_advisory_xact_lock(hashtextextended('serai slices', 0))";
    /** A lock that is not free at once would make intake queue behind whoever holds it. */
    private static final String NEVER_QUEUE = "SET LOCAL lock_timeout = '1s'";

    private static final String SLICES = """
            SELECT number, began_at, (SELECT coalesce(sum(pg_total_relation_size(to_regclass(part || '_' || number))), 0)
                                        FROM unnest(ARRAY['event', 'done_run', 'step', 'attempt', 'identifier']) AS part)
              FROM slice WHERE dropped_at IS NULL ORDER BY number""";

    private static final String BEGIN = """
            UPDATE slice SET began_at = ? WHERE number = ? AND began_at IS NULL""";

    private static final String MOVE_ON = """
            SELECT setval('event_number', greatest(?, (SELECT last_value + 1 FROM event_number)), false),
                   setval('run_number', greatest(?, (SELECT last_value + 1 FROM run_number)), false)""";

    private static final String GIVE_UP = """
            WITH old AS (
              DELETE FROM open_run WHERE state = 'dead' AND id IN (
                SELECT id FROM open_run WHERE state = 'dead' AND finished_at <= ? LIMIT ? FOR UPDATE SKIP LOCKED)
              RETURNING *)
            INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at, reason)
            SELECT id, event_id, flow, claims, retries, created_at, ?, 'dead letter, given up for its age: ' || coalesce(reason, '')
              FROM old""";

    /** What was kept for runs that are done by now, or given up. */
    private static final List<String> FORGET_KEPT = List.of(
            "DELETE FROM done_run_kept WHERE id IN (SELECT id FROM done_run_kept WHERE finished_at <= ? LIMIT ?)",
            "DELETE FROM event_kept WHERE id IN (SELECT id FROM event_kept e WHERE received_at <= ? AND NOT EXISTS"
                    + " (SELECT 1 FROM open_run WHERE event_id = e.id) LIMIT ?)",
            "DELETE FROM step_kept WHERE (run_id, step) IN (SELECT run_id, step FROM step_kept s WHERE updated_at <= ?"
                    + " AND NOT EXISTS (SELECT 1 FROM open_run WHERE id = s.run_id) LIMIT ?)",
            "DELETE FROM attempt_kept WHERE ctid IN (SELECT ctid FROM attempt_kept a WHERE at <= ? AND NOT EXISTS"
                    + " (SELECT 1 FROM open_run WHERE id = a.run_id) LIMIT ?)");

    /** By whom an event that is gone could be found. */
    private static final String FORGET_IDENTIFIERS = "DELETE FROM identifier_kept WHERE ctid = ANY (ARRAY("
            + "SELECT ctid FROM identifier_kept k WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = k.event_id) LIMIT ?))";

    /** What people wrote to correct a payload is a part of it, and goes when that does; that they did, and why, stays. */
    private static final String FORGET_PATCHES = "UPDATE audit SET patch = '[]' WHERE ctid = ANY (ARRAY("
            + "SELECT ctid FROM audit a WHERE patch <> '[]' AND at <= ? AND NOT EXISTS"
            + " (SELECT 1 FROM open_run WHERE id = a.run_id) LIMIT ?))";

    private static final List<String> FORGET_KEYS = List.of(
            "DELETE FROM event_key WHERE digest IN (SELECT digest FROM event_key WHERE event_id < ? LIMIT ?)",
            "DELETE FROM record_version WHERE digest IN (SELECT digest FROM record_version WHERE event_id < ? LIMIT ?)");

    private static final String FORGET_POLLS =
            "DELETE FROM poll WHERE id = ANY (ARRAY(SELECT id FROM poll WHERE hour <= ? LIMIT ?))";

    private static final String FORGET_SEEN =
            "DELETE FROM seen_key WHERE key IN (SELECT key FROM seen_key WHERE seen_at <= ? LIMIT ?)";

    /** No number that was given since then is smaller. The clocks of hubs may differ. */
    static final String FIRST_SINCE = "SELECT coalesce(max(number), 0)::bigint * " + NUMBERS
            + " FROM slice WHERE began_at <= ?::timestamptz - interval '1 hour'";

    /** No number that was given until then is as great. The first slice may hold what is older than itself. */
    static final String FIRST_AFTER = "SELECT coalesce(min(number)::bigint * " + NUMBERS + ", " + Long.MAX_VALUE
            + ") FROM slice WHERE number > 0 AND began_at > ?::timestamptz + interval '1 hour'";

    /** Makes an index that a finished slice lacks: what is written to it meanwhile, the end of a late run, waits. */
    private static final String INDEX = """
            SELECT index_part(part, word, number)
              FROM (SELECT part, word, number FROM slice
                     CROSS JOIN (VALUES ('event', 'source'), ('event', 'type'), ('done_run', 'flow')) AS i(part, word)
                     WHERE dropped_at IS NULL AND number < ? AND to_regclass(part || '_' || number || '_' || word) IS NULL
                     ORDER BY number DESC LIMIT 1) missing""";

    private final DataSource database;
    private final InstantSource clock;
    private final Policy policy;
    private long keysForgottenBelow;

    /**
     * What is kept for how long.
     *
     * @param keep everything
     * @param keepFailed dead letters, with their event, steps and attempts
     * @param keepKeys what recognises an event that comes again
     * @param disk bytes that slices may take; beyond it the oldest are dropped before their time
     */
    public record Policy(Duration keep, Duration keepFailed, Duration keepKeys, long disk) {
        /** How much time a slice holds. */
        Duration slice() {
            Duration part = keep.dividedBy(PARTS);
            return part.compareTo(SHORTEST) < 0 ? SHORTEST : part.compareTo(LONGEST) > 0 ? LONGEST : part;
        }
    }

    /** How much of the disk space that history may take it takes, in percent. */
    public double diskPercent() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return 100.0 * slices(connection).stream().mapToLong(Slice::bytes).sum() / policy.disk;
        }
    }

    /** A slice that was dropped. @param bytes of disk space that are free again */
    public record Dropped(int number, Instant beganAt, long bytes, boolean beforeItsTime) {}

    private record Slice(int number, Instant beganAt, long bytes) {}

    public Slices(DataSource database, InstantSource clock, Policy policy) {
        this.database = database;
        this.clock = clock;
        this.policy = policy;
    }

    /**
     * Makes slices ahead, begins a new one when it is time, drops what is too old or too much. Every hub calls it now and
     * then; what another one is doing at this moment is left to it.
     */
    public List<Dropped> tidy() throws SQLException {
        inTurn(this::makeAhead);
        inTurn(this::moveOn);
        var dropped = new ArrayList<Dropped>();
        for (var next = inTurn(this::dropOldest); next.isPresent(); next = inTurn(this::dropOldest)) {
            dropped.add(next.get());
        }
        inTurn(connection -> Optional.of(BlockRanges.summarize(connection)));
        Instant now = clock.instant();
        delete(GIVE_UP, now.minus(policy.keepFailed), now);
        for (String kept : FORGET_KEPT) {
            delete(kept, now.minus(policy.keep));
        }
        while (inTurn(Slices::forgetIdentifiers).isPresent()) {
            // one chunk in each transaction
        }
        delete(FORGET_PATCHES, now.minus(policy.keep));
        forgetKeys(now);
        while (inTurn(Slices::index).isPresent()) {
            // one index in each transaction
        }
        return dropped;
    }

    /** @return what the step did; empty when another hub is at it */
    private <T> Optional<T> inTurn(Sql.Work<Optional<T>> step) throws SQLException {
        return Sql.transaction(database, connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute(NEVER_QUEUE);
                try (ResultSet row = statement.executeQuery(ONE_HUB)) {
                    row.next();
                    return row.getBoolean(1) ? step.in(connection) : Optional.empty();
                }
            }
        });
    }

    private Optional<Integer> makeAhead(Connection connection) throws SQLException {
        var slices = slices(connection);
        int last = slices.get(slices.size() - 1).number;
        int wanted = current(connection) + AHEAD;
        try (PreparedStatement make = connection.prepareStatement("SELECT make_slice(?)")) {
            for (int number = last + 1; number <= wanted; number++) {
                make.setInt(1, number);
                make.executeQuery().close();
            }
        }
        return Optional.of(wanted - last);
    }

    /** The slice that new numbers lie in. */
    private static int current(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT greatest((SELECT last_value FROM event_number),"
                        + " (SELECT last_value FROM run_number)) / " + NUMBERS)) {
            row.next();
            return row.getInt(1);
        }
    }

    private Optional<Integer> moveOn(Connection connection) throws SQLException {
        int current = current(connection);
        Instant now = clock.instant();
        // whatever overflowed into this slice by itself
        begin(connection, current, now);
        Slice slice = slices(connection).stream()
                .filter(s -> s.number == current)
                .findFirst()
                .orElseThrow();
        boolean old = !slice.beganAt.plus(policy.slice()).isAfter(now);
        boolean large = slice.bytes > policy.disk / PARTS;
        if (!old && !large) {
            return Optional.empty();
        }
        begin(connection, current + 1, now);
        try (PreparedStatement move = connection.prepareStatement(MOVE_ON)) {
            long first = (current + 1) * NUMBERS + 1;
            new Sql.Columns(move).add(first).add(first);
            move.executeQuery().close();
        }
        return Optional.of(current + 1);
    }

    private static void begin(Connection connection, int number, Instant now) throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement(BEGIN)) {
            new Sql.Columns(begin).add(now).add(number);
            begin.executeUpdate();
        }
    }

    private Optional<Dropped> dropOldest(Connection connection) throws SQLException {
        var slices = slices(connection);
        int current = current(connection);
        Slice oldest = slices.get(0);
        if (oldest.number >= current) {
            return Optional.empty();
        }
        Instant ended = slices.stream()
                .skip(1)
                .map(Slice::beganAt)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(Instant.MAX.minus(policy.keep));
        boolean old = !ended.plus(policy.keep).isAfter(clock.instant());
        boolean tooMuch = slices.stream().mapToLong(Slice::bytes).sum() > policy.disk;
        if (!old && !tooMuch) {
            return Optional.empty();
        }
        try (PreparedStatement drop = connection.prepareStatement("SELECT drop_slice(?, ?)")) {
            drop.setInt(1, oldest.number);
            drop.setTimestamp(2, java.sql.Timestamp.from(clock.instant()));
            drop.executeQuery().close();
        }
        return Optional.of(new Dropped(oldest.number, oldest.beganAt, oldest.bytes, !old));
    }

    /** Of slices that nothing new is written to. */
    private static Optional<Boolean> index(Connection connection) throws SQLException {
        // of a large slice it may take longer than any other statement
        connection.setNetworkTimeout(Runnable::run, 0);
        try (PreparedStatement index = connection.prepareStatement(INDEX)) {
            new Sql.Columns(index).add(current(connection));
            try (ResultSet row = index.executeQuery()) {
                return row.next() ? Optional.of(true) : Optional.empty();
            }
        }
    }

    private static List<Slice> slices(Connection connection) throws SQLException {
        var slices = new ArrayList<Slice>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SLICES)) {
            while (row.next()) {
                slices.add(new Slice(row.getInt(1), Sql.instant(row.getTimestamp(2)), row.getLong(3)));
            }
        }
        return slices;
    }

    /** Never beside one that drops a slice, which takes the same tables the other way round. @return empty when that was all */
    private static Optional<Boolean> forgetIdentifiers(Connection connection) throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement(FORGET_IDENTIFIERS)) {
            new Sql.Columns(forget).add(CHUNK);
            return forget.executeUpdate() == CHUNK ? Optional.of(true) : Optional.empty();
        }
    }

    private void forgetKeys(Instant now) throws SQLException {
        delete(FORGET_SEEN, now.minus(policy.keepKeys));
        delete(FORGET_POLLS, now.minus(policy.keep));
        long below = firstNumberSince(now.minus(policy.keepKeys));
        if (below > keysForgottenBelow) {
            for (String keys : FORGET_KEYS) {
                delete(keys, below);
            }
            keysForgottenBelow = below;
        }
    }

    /** All events with a smaller number are older; 0 when none surely is. */
    private long firstNumberSince(Instant time) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT coalesce(max(number), 0) FROM slice WHERE began_at <= ?")) {
            new Sql.Columns(select).add(time);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1) * NUMBERS;
            }
        }
    }

    /** Deletes in chunks, each a transaction of its own: @param bounds up to where, then what else the statement asks for */
    private void delete(String sql, Object... bounds) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement(sql)) {
            int deleted;
            do {
                var columns = new Sql.Columns(delete);
                bind(columns, bounds[0]);
                columns.add(CHUNK);
                for (int i = 1; i < bounds.length; i++) {
                    bind(columns, bounds[i]);
                }
                deleted = delete.executeUpdate();
            } while (deleted == CHUNK);
        }
    }

    private static void bind(Sql.Columns columns, Object bound) throws SQLException {
        if (bound instanceof Instant at) {
            columns.add(at);
        } else {
            columns.add((Long) bound);
        }
    }
}
