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
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/** Gives up runs that nobody works on: they end without having done their work, and their lanes go on. */
public final class Discard {
    private static final int CHUNK = 500;

    private static final String DISCARD = """
            WITH chosen AS MATERIALIZED (
              SELECT r.id FROM open_run r WHERE %s AND r.id > ? AND (%s) ORDER BY r.id LIMIT ? FOR UPDATE),
            done AS (
              DELETE FROM open_run r USING chosen c WHERE r.id = c.id
              RETURNING r.id, r.event_id, r.flow, r.lane, r.claims, r.retries, r.created_at),
            history AS (
              INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at, reason)
              SELECT id, event_id, flow, claims, retries, created_at, ?, ? FROM done),
            next AS (
              SELECT n.id FROM done
               CROSS JOIN LATERAL (SELECT o.id FROM open_run o
                                    WHERE o.lane = done.lane AND o.holds AND o.id > done.id
                                      AND NOT EXISTS (SELECT FROM chosen c WHERE c.id = o.id)
                                    ORDER BY o.id LIMIT 1) n),
            woken AS (
              UPDATE open_run r SET due_at = ?, waits_for = NULL FROM next
               WHERE r.id = next.id AND r.state = 'waiting' AND r.waits_for = 'lane'),
            noted AS (
              INSERT INTO audit (at, who, what, run_id, why) SELECT ?, ?, '%s', id, ? FROM done)
            SELECT count(*), coalesce(max(id), 0) FROM done""";

    /** What is counted of those that wait. A step that was begun may have been done all the same. */
    private static final String WAITING = """
            SELECT flow, waits_for, reason, count(*), min(id), sum(begun) FROM (
              SELECT r.id, r.flow, coalesce(r.waits_for, '') AS waits_for, ALIKE AS reason,
                     (SELECT count(*) FROM step s WHERE s.run_id = r.id AND s.state = 'intended' LIMIT 1)::int AS begun
                FROM open_run r WHERE %s AND (%s) ORDER BY r.id LIMIT ?) fitting
             GROUP BY 1, 2, 3 ORDER BY count(*) DESC, 5 LIMIT ?""".replace("ALIKE", FailedAlike.sql("r.reason"));

    /** Which runs a verb is for. */
    private enum Verb {
        DISCARD("discard", "given up by ", Resume.SET_ASIDE),
        CANCEL("cancel", "cancelled by ", "r.state = 'waiting'");

        private final String word;
        private final String reason;
        private final String state;

        Verb(String word, String reason, String state) {
            this.word = word;
            this.reason = reason;
            this.state = state;
        }
    }

    private final DataSource database;
    private final InstantSource clock;

    public Discard(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** How many were given up. @param cutShort whether the database was lost on the way, so that there may be more */
    public record Ended(long runs, boolean cutShort) {}

    /**
     * Ends them as done, with the reason that they were given up, by whom and why.
     *
     * @param which of those that are dead or in doubt
     * @param most runs at most, the oldest first
     * @param soFar is told how many, after each chunk
     */
    public Ended discard(RunFilter which, int most, ByHand by, LongConsumer soFar) throws SQLException {
        return end(Verb.DISCARD, which, most, by, soFar);
    }

    /**
     * The same of runs that wait: for their turn, a retry, their record, or a connection that is closed. One that a hub takes
     * meanwhile is left alone.
     *
     * @param which of those that wait
     */
    public Ended cancel(RunFilter which, int most, ByHand by, LongConsumer soFar) throws SQLException {
        return end(Verb.CANCEL, which, most, by, soFar);
    }

    /** How many of them wait. @param patience in whole seconds, see {@link Patience}; zero: as long as it takes */
    public long waiting(RunFilter which, Duration patience) throws SQLException {
        String sql = "SELECT count(*) FROM open_run r WHERE " + Verb.CANCEL.state + " AND (" + which.sql() + ")";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) patience.toSeconds());
            which.bind(new Sql.Columns(select));
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Those of them that wait, the oldest first. @param most at most */
    public List<Long> waitingRuns(RunFilter which, int most) throws SQLException {
        String sql = "SELECT r.id FROM open_run r WHERE " + Verb.CANCEL.state + " AND (" + which.sql()
                + ") ORDER BY r.id LIMIT ?";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
            which.bind(new Sql.Columns(select)).add(most);
            var runs = new ArrayList<Long>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    runs.add(row.getLong(1));
                }
            }
            return runs;
        }
    }

    /**
     * Runs that wait for the same.
     *
     * @param waitsFor {@code connection/operation}, {@code lane}, {@code pace}; empty for their turn or a retry
     * @param reason of their last failure, without what differs; empty for none
     * @param begun those of which a write may have been done, and nobody has looked yet
     */
    public record Waiting(String flow, String waitsFor, String reason, long runs, long oldest, long begun) {}

    /**
     * What they wait for, the most first.
     *
     * @param most runs that are looked at
     * @param groups at most
     * @throws SQLException also when that takes too long: {@link Patience}
     */
    public List<Waiting> groups(RunFilter which, int most, int groups) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement(WAITING.formatted(Verb.CANCEL.state, which.sql()))) {
            select.setQueryTimeout((int) Patience.WITH_PEOPLE.toSeconds());
            which.bind(new Sql.Columns(select)).add(most).add(groups);
            var found = new ArrayList<Waiting>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Waiting(
                            row.getString(1),
                            row.getString(2),
                            row.getString(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6)));
                }
            }
            return found;
        }
    }

    private Ended end(Verb verb, RunFilter which, int most, ByHand by, LongConsumer soFar) throws SQLException {
        // how many so far, and the number of the last
        long[] so = {0, 0};
        boolean cutShort = Chunks.cutShort(() -> so[0], () -> {
            long wanted = Math.min(CHUNK, most - so[0]);
            long[] chunk = chunk(verb, which, wanted, so[1], by);
            so[0] += chunk[0];
            so[1] = chunk[1];
            soFar.accept(so[0]);
            return chunk[0] == wanted && so[0] < most;
        });
        return new Ended(so[0], cutShort);
    }

    /** @return how many, and the number of the last */
    private long[] chunk(Verb verb, RunFilter which, long wanted, long after, ByHand by) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement discard =
                        connection.prepareStatement(DISCARD.formatted(verb.state, which.sql(), verb.word))) {
            which.bind(new Sql.Columns(discard).add(after))
                    .add(wanted)
                    .add(now)
                    .add(Sql.clean(verb.reason + by.who() + ": " + by.why()))
                    .add(now)
                    .add(now)
                    .add(by.who())
                    .add(Sql.clean(by.why()));
            try (ResultSet row = discard.executeQuery()) {
                row.next();
                return new long[] {row.getLong(1), row.getLong(2)};
            }
        }
    }
}
