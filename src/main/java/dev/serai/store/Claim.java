package dev.serai.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes due runs, in one transaction: what is claimed is what is returned. */
final class Claim {
    /** Runs of a flow that are looked at beyond those wanted, because an earlier one of their lane may hold them. */
    private static final int LOOK_BEYOND = 32;
    /** When so many wait behind others that no free one is in sight, they step back for so long, or until they are free or rested. */
    private static final Duration STEP_BACK = Duration.ofSeconds(30);

    /** One whose outcome is being written is left alone: a slow hub's writer would hold what this waits for, and the other way round. */
    private static final String EXPIRE = """
            UPDATE open_run SET state = 'waiting', claimed_by = NULL, lease_until = NULL
             WHERE id IN (SELECT id FROM open_run WHERE state = 'claimed'
                             AND lease_until <= coalesce(?::timestamptz, clock_timestamp()) FOR UPDATE SKIP LOCKED)""";

    /** Hubs that claim runs of a flow with a limit do so one after the other, or both would count the same ones. */
    private static final String ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('serai flow ' || flow, 0))"
            + " FROM unnest(?::text[]) AS flow ORDER BY flow";

    private static final String CLAIM = """
            WITH wanted AS MATERIALIZED (
              SELECT w.flow, w.weight, w.gather, w.since,
                     CASE WHEN w.held_by_all = 0 THEN w.most
                          ELSE least(w.most, greatest(0, w.held_by_all - (SELECT count(*) FROM open_run
                                                                           WHERE state = 'claimed' AND flow = w.flow)::int))
                     END AS most
                FROM unnest(?::text[], ?::int[], ?::int[], ?::int[], ?::int[], ?::timestamptz[])
                  AS w(flow, most, weight, held_by_all, gather, since)),
            due AS MATERIALIZED (
              SELECT r.id, r.flow, r.size, r.due_at, r.unfinished, w.most, w.weight, w.gather, w.since,
                     earlier.any IS NOT NULL OR other.any IS NOT NULL AS blocked,
                     count(*) OVER (PARTITION BY r.flow) = w.most + ? AS crowded
                FROM wanted w
               CROSS JOIN LATERAL (SELECT id, flow, lane, due_at, size, unfinished FROM open_run
                                    WHERE flow = w.flow AND state = 'waiting' AND due_at <= ? AND w.most > 0
                                    ORDER BY due_at, id LIMIT w.most + ? FOR UPDATE SKIP LOCKED) r
                LEFT JOIN LATERAL (SELECT true AS any FROM open_run
                                    WHERE lane = r.lane AND holds AND id < r.id LIMIT 1) earlier ON true
                LEFT JOIN LATERAL (SELECT true AS any FROM open_run
                                    WHERE lane = r.lane AND state = 'claimed' LIMIT 1) other ON true),
            free AS (
              SELECT *, row_number() OVER (PARTITION BY flow ORDER BY due_at, id) AS turn,
                     row_number() OVER (PARTITION BY unfinished >= ? ORDER BY due_at, id) AS suspect,
                     count(*) OVER (PARTITION BY flow) >= gather
                       OR min(due_at) OVER (PARTITION BY flow) <= since AS gathered
                FROM due WHERE NOT blocked),
            chosen AS (
              SELECT id, row_number() OVER inturn AS place, sum(size) OVER inturn AS bytes
                FROM free WHERE turn <= most AND gathered AND (unfinished < ? OR suspect = 1 AND ?)
              WINDOW inturn AS (ORDER BY turn::float / weight, due_at, id)),
            stepped_back AS (
              UPDATE open_run r
                 SET due_at = coalesce((SELECT h.due_at FROM open_run h WHERE h.lane = r.lane AND h.holds AND h.waits_for = 'rest'
                                         ORDER BY h.id LIMIT 1), ?),
                     waits_for = 'lane'
                FROM due
               WHERE r.id = due.id AND due.blocked AND due.crowded RETURNING r.lane),
            claimed AS (
              UPDATE open_run r SET state = 'claimed', claimed_by = ?, claims = claims + 1,
                   lease_until = coalesce(?::timestamptz, clock_timestamp()) + ? * interval '1 millisecond',
                   unfinished = r.unfinished + 1, waits_for = NULL
              FROM chosen WHERE r.id = chosen.id AND place <= ? AND (bytes <= ? OR place = 1)
              RETURNING r.id, r.flow, r.claims, r.retries, r.unfinished, r.tried_since, r.event_id, r.payload)
            SELECT id, flow, claims, retries, unfinished, tried_since, event_id, payload, NULL AS lane FROM claimed
             UNION ALL SELECT DISTINCT NULL::bigint, NULL, 0, 0, 0, NULL::timestamptz, 0, NULL::bytea, lane FROM stepped_back""";

    private static final String EVENTS = """
            SELECT id, source, type, record, version, received_at, occurred_at, content_type, payload
              FROM event WHERE id = ANY (?::bigint[])""";

    static final String NEWER = """
            SELECT g.id, v.event_id FROM unnest(?::bigint[], ?::bytea[], ?::numeric[]) AS g(id, about, rank)
              JOIN record_version v ON v.digest = g.about AND v.rank > g.rank AND v.event_id < g.id""";

    private final Connection connection;
    private final Instant now;
    private final LeaseClock leases;
    private final Set<String> steppedBack = new HashSet<>();

    /** @param now by this hub's clock: what is due @param leases whether another hub's claim is over */
    Claim(Connection connection, Instant now, LeaseClock leases) {
        this.connection = connection;
        this.now = now;
        this.leases = leases;
    }

    /** A claimed run, before its event is read. */
    private record Row(
            long id,
            String flow,
            int claims,
            int retries,
            int unfinished,
            Instant since,
            long eventId,
            byte[] corrected) {}

    private record StoredEvent(ClaimedRun.Event event, String version) {}

    /** Runs whose hub let their lease end may be taken by anybody. */
    void expire() throws SQLException {
        try (PreparedStatement expire = connection.prepareStatement(EXPIRE)) {
            new Sql.Columns(expire).add(leases.now());
            expire.executeUpdate();
        }
    }

    /** @return the claimed runs; one whose event is gone has none */
    List<ClaimedRun> take(List<Runs.Share> shares, Runs.Terms terms, String hub) throws SQLException {
        lock(shares.stream()
                .filter(s -> s.heldByAll() > 0)
                .map(Runs.Share::flow)
                .toList());
        var term = Lease.Term.from(now, terms.lease());
        List<Row> rows = claim(shares, terms, hub);
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<Long, StoredEvent> events = events(rows);
        Map<Long, Receipt> newer = newer(events.values());
        var taken = new ArrayList<ClaimedRun>();
        for (Row row : rows) {
            StoredEvent stored = events.get(row.eventId);
            ClaimedRun.Event event = stored == null ? null : with(stored.event, newer.get(row.eventId), row.corrected);
            taken.add(new ClaimedRun(
                    row.id, row.flow, row.claims, row.retries, row.unfinished, row.since, new Lease(term), event));
        }
        return taken;
    }

    /** The lanes in which runs stepped back, because too many wait there. */
    Set<String> steppedBack() {
        return steppedBack;
    }

    private void lock(List<String> flows) throws SQLException {
        if (flows.isEmpty()) {
            return;
        }
        try (PreparedStatement lock = connection.prepareStatement(ONE_BY_ONE)) {
            new Sql.Columns(lock).add("text", flows, f -> f);
            lock.executeQuery().close();
        }
    }

    private List<Row> claim(List<Runs.Share> shares, Runs.Terms terms, String hub) throws SQLException {
        var rows = new ArrayList<Row>();
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            new Sql.Columns(claim)
                    .add("text", shares, Runs.Share::flow)
                    .add("int4", shares, Runs.Share::most)
                    .add("int4", shares, Runs.Share::weight)
                    .add("int4", shares, Runs.Share::heldByAll)
                    .add("int4", shares, Runs.Share::gather)
                    .add("timestamptz", shares, s -> now.minus(s.patience()).toString())
                    .add(LOOK_BEYOND)
                    .add(now)
                    .add(LOOK_BEYOND)
                    .add(ClaimedRun.SUSPECT)
                    .add(ClaimedRun.SUSPECT)
                    .add(terms.suspects())
                    .add(now.plus(STEP_BACK))
                    .add(hub)
                    .add(leases.now())
                    .add(terms.lease().toMillis())
                    .add(terms.room())
                    .add(terms.bytes());
            try (ResultSet row = claim.executeQuery()) {
                while (row.next()) {
                    if (row.getString("lane") != null) {
                        steppedBack.add(row.getString("lane"));
                        continue;
                    }
                    rows.add(new Row(
                            row.getLong(1),
                            row.getString(2),
                            row.getInt(3),
                            row.getInt(4),
                            row.getInt(5),
                            Sql.instant(row.getTimestamp(6)),
                            row.getLong(7),
                            row.getBytes(8)));
                }
            }
        }
        rows.sort(java.util.Comparator.comparingLong(Row::id));
        return rows;
    }

    /** By number and beside the claim, so that only the slices they lie in are looked at. */
    private Map<Long, StoredEvent> events(List<Row> rows) throws SQLException {
        var events = new HashMap<Long, StoredEvent>();
        try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
            new Sql.Columns(select).add("int8", rows, Row::eventId);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    var event = new ClaimedRun.Event(
                            row.getLong("id"),
                            row.getString("source"),
                            row.getString("type"),
                            row.getString("record"),
                            Sql.instant(row.getTimestamp("received_at")),
                            Optional.ofNullable(row.getTimestamp("occurred_at")).map(Timestamp::toInstant),
                            Optional.empty(),
                            row.getString("content_type"),
                            row.getBytes("payload"));
                    events.put(event.id(), new StoredEvent(event, row.getString("version")));
                }
            }
        }
        return events;
    }

    private Map<Long, Receipt> newer(Iterable<StoredEvent> events) throws SQLException {
        var versioned = new ArrayList<StoredEvent>();
        events.forEach(stored -> {
            if (Versions.rank(stored.version).isPresent()) {
                versioned.add(stored);
            }
        });
        var newer = new HashMap<Long, Receipt>();
        if (versioned.isEmpty()) {
            return newer;
        }
        try (PreparedStatement select = connection.prepareStatement(NEWER)) {
            new Sql.Columns(select)
                    .add("int8", versioned, s -> s.event.id())
                    .add("bytea", versioned, s -> Digest.of(s.event.source(), s.event.type(), s.event.record()))
                    .add("numeric", versioned, s -> Versions.rank(s.version).orElseThrow());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    newer.put(row.getLong(1), new Receipt(row.getLong(2), false));
                }
            }
        }
        return newer;
    }

    private static ClaimedRun.Event with(ClaimedRun.Event event, Receipt newer, byte[] corrected) {
        return new ClaimedRun.Event(
                event.id(),
                event.source(),
                event.type(),
                event.record(),
                event.receivedAt(),
                event.occurredAt(),
                Optional.ofNullable(newer),
                event.contentType(),
                corrected == null ? event.payload() : corrected);
    }
}
