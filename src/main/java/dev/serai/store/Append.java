package dev.serai.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Writes the events of one transaction, with their keys and runs; a key that comes twice in it is written once. */
final class Append {
    private static final String APPEND = """
            WITH moment AS (SELECT ?::timestamptz AS now),
            given AS MATERIALIZED (
              SELECT nextval('event_number') AS id, g.*
                FROM unnest(?::int[], ?::bytea[], ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                            ?::bytea[], ?::numeric[], ?::timestamptz[], ?::text[], ?::bytea[])
                  AS g(ord, digest, expires_at, source, key, type, record, version, about, rank, occurred_at,
                       content_type, payload)),
            fresh AS (
              INSERT INTO event_key (digest, event_id, expires_at)
              SELECT digest, id, expires_at FROM given ORDER BY digest               -- one order: two hubs can't deadlock
              ON CONFLICT (digest) DO UPDATE SET event_id = EXCLUDED.event_id, expires_at = EXCLUDED.expires_at
                WHERE event_key.expires_at <= (SELECT now FROM moment)
              RETURNING event_id),
            stored AS (
              INSERT INTO event (id, source, key, type, record, version, occurred_at, content_type, payload, received_at)
              SELECT id, source, key, type, record, version, occurred_at, content_type, payload, now
                FROM given JOIN fresh ON fresh.event_id = given.id CROSS JOIN moment ORDER BY ord),
            newest AS (
              INSERT INTO record_version AS v (digest, rank, event_id)
              SELECT DISTINCT ON (about) about, rank, id FROM given JOIN fresh ON fresh.event_id = given.id
               WHERE rank IS NOT NULL ORDER BY about, rank DESC, ord
              ON CONFLICT (digest) DO UPDATE SET rank = EXCLUDED.rank, event_id = EXCLUDED.event_id
                WHERE v.rank < EXCLUDED.rank),
            runs AS (
              INSERT INTO open_run (event_id, flow, lane, size, due_at, created_at, tried_since, state, claims, unfinished, claimed_by,
                                    lease_until)
              SELECT event_id, flow, lane, size, now, now, now, CASE WHEN ours THEN 'claimed' ELSE 'waiting' END, ours::int,
                     ours::int, CASE WHEN ours THEN ? END,
                     CASE WHEN ours THEN coalesce(?::timestamptz, clock_timestamp()) + ? * interval '1 millisecond' END
                FROM (SELECT given.id AS event_id, f.flow, l.lane, length(given.payload) AS size, f.turn,
                             f.ours AND before.any IS NULL
                               AND row_number() OVER (PARTITION BY l.lane ORDER BY f.turn) = 1 AS ours
                        FROM unnest(?::int[], ?::text[], ?::bool[]) WITH ORDINALITY AS f(ord, flow, ours, turn)
                        JOIN given ON given.ord = f.ord JOIN fresh ON fresh.event_id = given.id
                       CROSS JOIN LATERAL (SELECT f.flow || ' ' || given.record AS lane) l
                        LEFT JOIN LATERAL (SELECT true AS any FROM open_run o WHERE o.lane = l.lane AND o.holds AND f.ours
                                            LIMIT 1) before ON true) r
                CROSS JOIN moment ORDER BY turn
              RETURNING id, event_id, flow, state)
            SELECT given.ord, given.id, fresh.event_id IS NOT NULL AS is_fresh, runs.id AS run, runs.flow,
                   newer.event_id AS newer
              FROM given LEFT JOIN fresh ON fresh.event_id = given.id
              LEFT JOIN runs ON runs.event_id = given.id AND runs.state = 'claimed'
              LEFT JOIN LATERAL (SELECT event_id FROM record_version v
                                  WHERE v.digest = given.about AND v.rank > given.rank AND runs.id IS NOT NULL LIMIT 1) newer
                     ON true
             ORDER BY given.ord, runs.id""";

    private static final String EARLIER = """
            SELECT g.ord, k.event_id FROM unnest(?::int[], ?::bytea[]) AS g(ord, digest)
              JOIN event_key k ON k.digest = g.digest""";

    private final Instant now;
    private final Handover handover;
    private final Handover.Offer offer;
    private final LeaseClock leases;
    private final Lease.Term term;
    private final List<NewEvent> distinct = new ArrayList<>();
    private final List<byte[]> digests = new ArrayList<>();
    private final Map<Key, Integer> position = new HashMap<>();
    private final List<Integer> positions = new ArrayList<>();
    private final List<Boolean> repeated = new ArrayList<>();
    private final List<ClaimedRun> claimed = new ArrayList<>();

    private record Key(String source, String key) {}

    private record NewRun(int ord, String flow, boolean ours) {}

    /** @param offer how many runs are stored as claimed already */
    Append(Instant now, Handover handover, Handover.Offer offer, LeaseClock leases) {
        this.now = now;
        this.handover = handover;
        this.offer = offer;
        this.leases = leases;
        this.term = Lease.Term.from(now, offer.lease());
    }

    void add(NewEvent event) {
        var key = new Key(event.source(), event.key());
        Integer earlier = position.putIfAbsent(key, distinct.size());
        positions.add(earlier == null ? distinct.size() : earlier);
        repeated.add(earlier != null);
        if (earlier == null) {
            distinct.add(event);
            digests.add(Digest.of(event.source(), event.key()));
        }
    }

    /** The receipts of what was added, in order; nothing is safe until the caller commits. */
    List<Receipt> write(Connection connection) throws SQLException {
        Receipt[] written = insert(connection);
        lookUpEarlier(connection, written);
        var receipts = new ArrayList<Receipt>();
        for (int i = 0; i < positions.size(); i++) {
            Receipt receipt = written[positions.get(i)];
            receipts.add(repeated.get(i) ? new Receipt(receipt.eventId(), true) : receipt);
        }
        return receipts;
    }

    /** The runs that were stored as claimed by this hub. */
    List<ClaimedRun> claimed() {
        return claimed;
    }

    private Receipt[] insert(Connection connection) throws SQLException {
        var receipts = new Receipt[distinct.size()];
        try (PreparedStatement append = connection.prepareStatement(APPEND)) {
            bind(append);
            try (ResultSet rows = append.executeQuery()) {
                while (rows.next()) {
                    int at = rows.getInt("ord");
                    if (rows.getBoolean("is_fresh")) {
                        receipts[at] = new Receipt(rows.getLong("id"), false);
                    }
                    if (rows.getLong("run") != 0) {
                        claimed.add(claimed(rows, distinct.get(at)));
                    }
                }
            }
        }
        return receipts;
    }

    private void bind(PreparedStatement append) throws SQLException {
        var ordinals = IntStream.range(0, distinct.size()).boxed().toList();
        var ranks = distinct.stream().map(e -> Versions.rank(e.version())).toList();
        var runs = runs();
        new Sql.Columns(append)
                .add(now)
                .add("int4", ordinals, i -> i)
                .add("bytea", digests, d -> d)
                .add("timestamptz", distinct, e -> expiry(e.keyHolds()))
                .add("text", distinct, NewEvent::source)
                .add("text", distinct, NewEvent::key)
                .add("text", distinct, NewEvent::type)
                .add("text", distinct, NewEvent::record)
                .add("text", distinct, NewEvent::version)
                .add("bytea", ordinals, i -> about(distinct.get(i), ranks.get(i)))
                .add("numeric", ranks, rank -> rank.orElse(null))
                .add("timestamptz", distinct, e -> e.occurredAt()
                        .map(Instant::toString)
                        .orElse(null))
                .add("text", distinct, NewEvent::contentType)
                .add("bytea", distinct, NewEvent::payload)
                .add(offer.hub())
                .add(leases.now())
                .add(offer.lease().toMillis())
                .add("int4", runs, NewRun::ord)
                .add("text", runs, NewRun::flow)
                .add("bool", runs, NewRun::ours);
    }

    /** The first runs that there is room for are ours at once. */
    private List<NewRun> runs() {
        var runs = new ArrayList<NewRun>();
        int left = offer.runs();
        for (int i = 0; i < distinct.size(); i++) {
            for (String flow : distinct.get(i).flows()) {
                boolean ours = left > 0 && handover.takes(flow);
                left -= ours ? 1 : 0;
                runs.add(new NewRun(i, flow, ours));
            }
        }
        return runs;
    }

    private static byte[] about(NewEvent event, Optional<BigDecimal> rank) {
        return rank.isEmpty() ? null : Digest.of(event.source(), event.type(), event.record());
    }

    private String expiry(Optional<Duration> holds) {
        return holds.map(time -> now.plus(time).toString()).orElse("infinity");
    }

    private ClaimedRun claimed(ResultSet row, NewEvent event) throws SQLException {
        long newer = row.getLong("newer");
        return new ClaimedRun(
                row.getLong("run"),
                row.getString("flow"),
                1,
                0,
                1,
                now,
                new Lease(term),
                new ClaimedRun.Event(
                        row.getLong("id"),
                        event.source(),
                        event.type(),
                        event.record(),
                        now,
                        event.occurredAt(),
                        newer == 0 ? Optional.empty() : Optional.of(new Receipt(newer, false)),
                        event.contentType(),
                        event.payload()));
    }

    /** A statement of its own sees what another hub committed while ours waited for the key. */
    private void lookUpEarlier(Connection connection, Receipt[] receipts) throws SQLException {
        var missing = IntStream.range(0, receipts.length)
                .filter(i -> receipts[i] == null)
                .boxed()
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        try (PreparedStatement earlier = connection.prepareStatement(EARLIER)) {
            new Sql.Columns(earlier).add("int4", missing, i -> i).add("bytea", missing, digests::get);
            try (ResultSet rows = earlier.executeQuery()) {
                while (rows.next()) {
                    receipts[rows.getInt(1)] = new Receipt(rows.getLong(2), true);
                }
            }
        }
    }
}
