package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongConsumer;
import javax.sql.DataSource;

/** Gives up runs that are dead or in doubt: they end without having done their work, and their lanes go on. */
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
              INSERT INTO audit (at, who, what, run_id, why) SELECT ?, ?, 'discard', id, ? FROM done)
            SELECT count(*), coalesce(max(id), 0) FROM done""";

    private final DataSource database;
    private final InstantSource clock;

    public Discard(DataSource database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Ends them as done, with the reason that they were given up, by whom and why.
     *
     * @param which of those that are dead or in doubt
     * @param most runs at most, the oldest first
     * @param soFar is told how many, after each chunk
     * @return how many were given up
     */
    public long discard(RunFilter which, int most, ByHand by, LongConsumer soFar) throws SQLException {
        long all = 0;
        long last = 0;
        while (all < most) {
            long wanted = Math.min(CHUNK, most - all);
            long[] chunk = chunk(which, wanted, last, by);
            all += chunk[0];
            last = chunk[1];
            soFar.accept(all);
            if (chunk[0] < wanted) {
                break;
            }
        }
        return all;
    }

    /** @return how many, and the number of the last */
    private long[] chunk(RunFilter which, long wanted, long after, ByHand by) throws SQLException {
        Instant now = clock.instant();
        try (Connection connection = database.getConnection();
                PreparedStatement discard =
                        connection.prepareStatement(DISCARD.formatted(Resume.SET_ASIDE, which.sql()))) {
            which.bind(new Sql.Columns(discard).add(after))
                    .add(wanted)
                    .add(now)
                    .add(Sql.clean("given up by " + by.who() + ": " + by.why()))
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
