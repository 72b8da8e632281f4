package dev.serai.store;

import dev.serai.run.Owner;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/** Runs that are due, claimed, or finished. Several hubs share them without a leader. */
public final class Runs implements AutoCloseable {
    private static final int MOST_PER_COMMIT = 256;
    private static final int QUEUE = 10_000;

    /**
     * Only the head of a lane is ever due, and only as many are taken as there is room for. A run whose hub died is
     * due again when its lease has ended.
     */
    private static final String CLAIM = """
            WITH due AS MATERIALIZED (
              SELECT id FROM run r
                LEFT JOIN LATERAL (SELECT true AS any FROM run
                                    WHERE lane = r.lane AND id < r.id AND state IN ('waiting', 'claimed', 'in_doubt')
                                    LIMIT 1) before ON true
               WHERE (state = 'waiting' AND due_at <= ? OR state = 'claimed' AND lease_until <= ?)
                 AND flow = ANY (?) AND before.any IS NULL
               ORDER BY due_at, id LIMIT ? FOR UPDATE OF r SKIP LOCKED),
            claimed AS (
              UPDATE run r SET state = 'claimed', claimed_by = ?, lease_until = ?, claims = claims + 1,
                     unfinished = unfinished + 1
                FROM due WHERE r.id = due.id
              RETURNING r.id, r.flow, r.claims, r.retries, r.unfinished, r.event_id)
            SELECT c.id, c.flow, c.claims, c.retries, c.unfinished, e.id AS event, e.source, e.type, e.record,
                   e.occurred_at, e.content_type, e.payload
              FROM claimed c JOIN event e ON e.id = c.event_id ORDER BY c.id""";

    private static final String FINISH = """
            UPDATE run r SET state = u.state, due_at = coalesce(u.due_at, r.due_at), retries = u.retries, step = u.step,
                   reason = u.reason, owner = u.owner, claimed_by = NULL, lease_until = NULL, unfinished = 0,
                   finished_at = CASE WHEN u.state IN ('done', 'dead') THEN now() END
              FROM unnest(?::bigint[], ?::int[], ?::text[], ?::timestamptz[], ?::int[], ?::text[], ?::text[], ?::text[])
                AS u(id, claim, state, due_at, retries, step, reason, owner)
             WHERE r.id = u.id AND r.claims = u.claim AND r.claimed_by = ? AND r.state = 'claimed'
            RETURNING r.id""";

    private static final String RENEW = """
            UPDATE run r SET lease_until = ? FROM unnest(?::bigint[], ?::int[]) AS u(id, claim)
             WHERE r.id = u.id AND r.claims = u.claim AND r.claimed_by = ? AND r.state = 'claimed' RETURNING r.id""";

    private final DataSource database;
    private final InstantSource clock;
    private final String hub;
    private final GroupCommit<End, Boolean> writer;

    /** @param hub this hub's name, unique among all that share the database */
    public Runs(DataSource database, InstantSource clock, String hub) {
        this.database = database;
        this.clock = clock;
        this.hub = hub;
        this.writer = new GroupCommit<>("runs", QUEUE, MOST_PER_COMMIT, this::commit);
    }

    /** What a claim came to. */
    private record End(ClaimedRun run, String state, Instant dueAt, int retries, Failure failure) {}

    /**
     * Why a run did not get through.
     *
     * @param step the step that failed, or empty
     * @param reason one sentence for a person
     */
    public record Failure(String step, String reason, Owner owner) {}

    /**
     * Takes up to {@code room} due runs of the given flows. A run that was claimed {@code maxUnfinished} times and
     * never came to an outcome is not handed out again but set aside as dead: it may be what kills the process.
     */
    public List<ClaimedRun> claim(Collection<String> flows, int room, Duration lease, int maxUnfinished)
            throws SQLException {
        Instant now = clock.instant();
        var claimed = new ArrayList<ClaimedRun>();
        var killers = new ArrayList<ClaimedRun>();
        try (Connection connection = database.getConnection();
                PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            new Sql.Columns(claim)
                    .add(now)
                    .add(now)
                    .add("text", flows, f -> f)
                    .add(room)
                    .add(hub)
                    .add(now.plus(lease));
            try (ResultSet rows = claim.executeQuery()) {
                while (rows.next()) {
                    ClaimedRun run = claimedRun(rows, now.plus(lease));
                    (rows.getInt("unfinished") > maxUnfinished ? killers : claimed).add(run);
                }
            }
        }
        killers.forEach(run -> dead(
                run,
                new Failure(
                        "",
                        "claimed " + maxUnfinished + " times and never came to an outcome; it may be what ends the "
                                + "process, so it is set aside",
                        Owner.SYSTEM)));
        return claimed;
    }

    private static ClaimedRun claimedRun(ResultSet row, Instant leaseEnd) throws SQLException {
        var event = new ClaimedRun.Event(
                row.getLong("event"),
                row.getString("source"),
                row.getString("type"),
                row.getString("record"),
                Optional.ofNullable(row.getTimestamp("occurred_at")).map(Timestamp::toInstant),
                row.getString("content_type"),
                row.getBytes("payload"));
        return new ClaimedRun(
                row.getLong("id"),
                row.getString("flow"),
                row.getInt("claims"),
                row.getInt("retries"),
                row.getInt("claims") > 1,
                new Lease(leaseEnd),
                event);
    }

    /** The run got through. Completes with false when the claim was lost meanwhile. */
    public CompletionStage<Boolean> done(ClaimedRun run) {
        return end(new End(run, "done", null, run.retries(), null));
    }

    /** Nobody goes on with it until a person does. Completes with false when the claim was lost meanwhile. */
    public CompletionStage<Boolean> dead(ClaimedRun run, Failure failure) {
        return end(new End(run, "dead", null, run.retries(), failure));
    }

    /** Sent perhaps, and nobody knows: holds its lane until a person or a look-up tells. */
    public CompletionStage<Boolean> inDoubt(ClaimedRun run, Failure failure) {
        return end(new End(run, "in_doubt", null, run.retries(), failure));
    }

    /** To be tried again at {@code dueAt}; holds its lane until then. */
    public CompletionStage<Boolean> retry(ClaimedRun run, Instant dueAt, Failure failure) {
        return end(new End(run, "waiting", dueAt, run.retries() + 1, failure));
    }

    /** Gives the claim back untouched: nothing was sent, any hub may take it at once. */
    public CompletionStage<Boolean> release(ClaimedRun run) {
        return end(new End(run, "waiting", clock.instant(), run.retries(), null));
    }

    private CompletableFuture<Boolean> end(End end) {
        return writer.submitPatiently(end);
    }

    private List<Boolean> commit(List<End> ends) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement finish = connection.prepareStatement(FINISH)) {
            new Sql.Columns(finish)
                    .add("int8", ends, e -> e.run.id())
                    .add("int4", ends, e -> e.run.claim())
                    .add("text", ends, End::state)
                    .add("timestamptz", ends, e -> e.dueAt == null ? null : e.dueAt.toString())
                    .add("int4", ends, End::retries)
                    .add("text", ends, e -> e.failure == null ? null : e.failure.step)
                    .add("text", ends, e -> e.failure == null ? null : Sql.clean(e.failure.reason))
                    .add("text", ends, e -> e.failure == null ? null : Sql.lower(e.failure.owner))
                    .add(hub);
            Set<Long> ours = ids(finish);
            return ends.stream().map(e -> ours.contains(e.run.id())).toList();
        }
    }

    /** Prolongs the leases of runs that are still worked on; those that another claim has taken over are lost. */
    public void renew(Collection<ClaimedRun> runs, Duration lease) throws SQLException {
        Instant end = clock.instant().plus(lease);
        try (Connection connection = database.getConnection();
                PreparedStatement renew = connection.prepareStatement(RENEW)) {
            new Sql.Columns(renew)
                    .add(end)
                    .add("int8", runs, ClaimedRun::id)
                    .add("int4", runs, ClaimedRun::claim)
                    .add(hub);
            Set<Long> ours = ids(renew);
            for (ClaimedRun run : runs) {
                if (ours.contains(run.id())) {
                    run.lease().prolong(end);
                } else {
                    run.lease().lose();
                }
            }
        }
    }

    private static Set<Long> ids(PreparedStatement statement) throws SQLException {
        var ids = new HashSet<Long>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    @Override
    public void close() {
        writer.close();
    }
}
