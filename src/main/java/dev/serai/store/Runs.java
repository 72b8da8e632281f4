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
                     unfinished = unfinished + 1, waits_for = NULL
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

    private static final String PARK = """
            UPDATE run r SET state = 'waiting', due_at = u.due_at, waits_for = u.waits_for, step = u.step,
                   reason = u.reason, owner = u.owner, claimed_by = NULL, lease_until = NULL, unfinished = 0
              FROM unnest(?::bigint[], ?::int[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[])
                AS u(id, claim, due_at, waits_for, step, reason, owner)
             WHERE r.id = u.id AND r.claims = u.claim AND r.claimed_by = ? AND r.state = 'claimed'
            RETURNING r.id""";

    /** One is enough to find out; not a second one while that is on its way. */
    private static final String WAKE_ONE = """
            UPDATE run SET due_at = ?
             WHERE id = (SELECT id FROM run WHERE state = 'waiting' AND waits_for = ? AND flow = ANY (?)
                          ORDER BY id LIMIT 1)
               AND NOT EXISTS (SELECT FROM run
                                WHERE state = 'waiting' AND waits_for = ? AND flow = ANY (?) AND due_at <= ?)""";

    private static final String WAKE_LET_GO = """
            UPDATE run SET due_at = ?, waits_for = NULL
             WHERE state = 'waiting' AND waits_for IS NOT NULL
               AND NOT EXISTS (SELECT FROM parked_connection p WHERE p.connection = waits_for AND p.state = 'parked')
               AND NOT EXISTS (SELECT FROM breaker b
                                WHERE b.connection || '/' || b.operation = waits_for AND b.state <> 'closed')""";

    private static final String RENEW = """
            UPDATE run r SET lease_until = ? FROM unnest(?::bigint[], ?::int[]) AS u(id, claim)
             WHERE r.id = u.id AND r.claims = u.claim AND r.claimed_by = ? AND r.state = 'claimed' RETURNING r.id""";

    private final DataSource database;
    private final InstantSource clock;
    private final String hub;
    private final GroupCommit<End, Boolean> writer;
    private final GroupCommit<Parking, Boolean> parker;

    /** @param hub this hub's name, unique among all that share the database */
    public Runs(DataSource database, InstantSource clock, String hub) {
        this.database = database;
        this.clock = clock;
        this.hub = hub;
        this.writer = new GroupCommit<>("runs", QUEUE, MOST_PER_COMMIT, this::commit);
        this.parker = new GroupCommit<>("parked", QUEUE, MOST_PER_COMMIT, this::commitParked);
    }

    private record Parking(ClaimedRun run, Instant until, String waitsFor, Failure failure) {}

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

    /**
     * Nothing was sent, as the way is closed: to be claimed again when it is free, or at {@code until} at the latest.
     * Counts as no retry. Holds its lane. Completes with false when the claim was lost meanwhile.
     *
     * @param waitsFor what it is woken by: a connection, or {@code connection/operation}
     */
    public CompletionStage<Boolean> park(ClaimedRun run, Instant until, String waitsFor, Failure why) {
        return parker.submitPatiently(new Parking(run, until, waitsFor, why));
    }

    private List<Boolean> commitParked(List<Parking> parked) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement park = connection.prepareStatement(PARK)) {
            new Sql.Columns(park)
                    .add("int8", parked, p -> p.run.id())
                    .add("int4", parked, p -> p.run.claim())
                    .add("timestamptz", parked, p -> p.until.toString())
                    .add("text", parked, Parking::waitsFor)
                    .add("text", parked, p -> p.failure.step)
                    .add("text", parked, p -> Sql.clean(p.failure.reason))
                    .add("text", parked, p -> Sql.lower(p.failure.owner))
                    .add(hub);
            Set<Long> ours = ids(park);
            return parked.stream().map(p -> ours.contains(p.run.id())).toList();
        }
    }

    /** All that wait for it are due now. */
    static void wake(Connection connection, String waitsFor, Instant now) throws SQLException {
        try (PreparedStatement wake = connection.prepareStatement(
                "UPDATE run SET due_at = ?, waits_for = NULL WHERE state = 'waiting' AND waits_for = ?")) {
            new Sql.Columns(wake).add(now).add(waitsFor);
            wake.executeUpdate();
        }
    }

    /** The oldest run of these flows that waits for it is due now, so that it may find out; unless one is already. */
    public void wakeOne(String waitsFor, Collection<String> flows) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement wake = connection.prepareStatement(WAKE_ONE)) {
            Instant now = clock.instant();
            new Sql.Columns(wake)
                    .add(now)
                    .add(waitsFor)
                    .add("text", flows, f -> f)
                    .add(waitsFor)
                    .add("text", flows, f -> f)
                    .add(now);
            wake.executeUpdate();
        }
    }

    /** Runs that were parked in the very moment in which their way became free. */
    public void wakeLetGo() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement wake = connection.prepareStatement(WAKE_LET_GO)) {
            new Sql.Columns(wake).add(clock.instant());
            wake.executeUpdate();
        }
    }

    /** When the event of a run was stored. */
    public Instant arrival(ClaimedRun run) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT received_at FROM event WHERE id = ?")) {
            select.setLong(1, run.event().id());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getTimestamp(1).toInstant() : clock.instant();
            }
        }
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
        parker.close();
    }
}
