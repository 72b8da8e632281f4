package dev.serai.store;

import dev.serai.store.Runs.End;
import dev.serai.store.Runs.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes what claims came to, many in one statement. An outcome is taken only while its claim is the newest one. */
final class Outcomes {
    /**
     * What is done leaves the open runs. Of what its claims before left, it takes along what says of itself that whom it
     * tells of was noted: an erasure reads what open runs keep, and finds by the index what those keep that are done. Only a
     * claimed run has a claimer: its state is not asked for, or the planner would be tempted to walk through all that are
     * claimed.
     */
    private static final String FINISH = """
            WITH given AS (
              SELECT * FROM unnest(?::bigint[], ?::int[], ?::text[], ?::timestamptz[], ?::int[], ?::bool[], ?::text[],
                                   ?::text[], ?::text[], ?::text[], ?::bytea[])
                AS g(id, claim, state, due_at, retries, holds, waits_for, step, reason, owner, evidence)),
            done AS (
              DELETE FROM open_run r USING given g
               WHERE g.state = 'done' AND r.id = g.id AND r.claims = g.claim AND r.claimed_by = ?
              RETURNING r.id, r.event_id, r.flow, r.lane, r.claims, r.retries, r.created_at, g.reason,
                        CASE WHEN g.evidence IS NOT NULL THEN with_evidence(NOTED, g.evidence) END AS evidence),
            history AS (
              INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at, reason, evidence)
              SELECT id, event_id, flow, claims, retries, created_at, ?, reason, evidence FROM done),
            others AS (
              UPDATE open_run r SET state = g.state, due_at = coalesce(g.due_at, r.due_at), retries = g.retries,
                     holds = g.holds, waits_for = g.waits_for, step = g.step, reason = g.reason, owner = g.owner,
                     evidence = with_evidence(r.evidence, g.evidence),
                     claimed_by = NULL, lease_until = NULL, unfinished = 0,
                     finished_at = CASE WHEN g.state = 'dead' THEN ?::timestamptz END
                FROM given g
               WHERE g.state <> 'done' AND r.id = g.id AND r.claims = g.claim AND r.claimed_by = ?
              RETURNING r.id, r.lane, r.holds),
            freed AS (SELECT id, lane FROM done UNION ALL SELECT id, lane FROM others WHERE NOT holds),
            next AS (
              SELECT freed.id AS after, n.id FROM freed
               CROSS JOIN LATERAL (SELECT id FROM open_run WHERE lane = freed.lane AND holds AND id > freed.id
                                    ORDER BY id LIMIT 1) n)
            SELECT ended.id, CASE WHEN next.id IS NOT NULL THEN ended.lane END AS lane
              FROM (SELECT id, lane FROM done UNION ALL SELECT id, lane FROM others) ended LEFT JOIN next ON next.after = ended.id""".replace("NOTED", """
            (SELECT convert_to(string_agg(line, chr(10) ORDER BY n), 'UTF8')
               FROM regexp_split_to_table(convert_from(r.evidence, 'UTF8'), chr(10)) WITH ORDINALITY AS l(line, n)
              WHERE line LIKE '{"noted":true,%')""");

    private final String hub;
    private final Rests rests;

    /** @param hub whose claims these are */
    Outcomes(String hub, Rests rests) {
        this.hub = hub;
        this.rests = rests;
    }

    /**
     * What was written.
     *
     * @param ours the runs whose outcome was taken
     * @param lanes those in which another run waited behind it
     * @param resting until when the records of dead runs rest
     */
    record Taken(Set<Long> ours, Set<String> lanes, Map<Long, Instant> resting) {
        static final Taken NONE = new Taken(Set.of(), Set.of(), Map.of());
    }

    Taken write(Connection connection, List<End> ends, Instant now) throws SQLException {
        Map<Long, Instant> resting = rests.begin(connection, ends, hub, now);
        try (PreparedStatement finish = connection.prepareStatement(FINISH)) {
            new Sql.Columns(finish)
                    .add("int8", ends, e -> e.run().id())
                    .add("int4", ends, e -> e.run().claim())
                    .add("text", ends, e -> e.state().word())
                    .add(
                            "timestamptz",
                            ends,
                            e -> text(resting.getOrDefault(e.run().id(), e.dueAt())))
                    .add("int4", ends, End::retries)
                    .add(
                            "bool",
                            ends,
                            e -> e.state() != State.DEAD
                                    || resting.containsKey(e.run().id()))
                    .add("text", ends, e -> resting.containsKey(e.run().id()) ? Rests.WORD : e.waitsFor())
                    .add(
                            "text",
                            ends,
                            e -> e.failure() == null ? null : e.failure().step())
                    .add("text", ends, End::reason)
                    .add(
                            "text",
                            ends,
                            e -> e.failure() == null
                                    ? null
                                    : Sql.lower(e.failure().owner()))
                    .add("bytea", ends, e -> e.account().evidence())
                    .add(hub)
                    .add(now)
                    .add(now)
                    .add(hub);
            var ours = new HashSet<Long>();
            var lanes = new HashSet<String>();
            try (ResultSet rows = finish.executeQuery()) {
                while (rows.next()) {
                    ours.add(rows.getLong("id"));
                    Optional.ofNullable(rows.getString("lane")).ifPresent(lanes::add);
                }
            }
            return new Taken(ours, lanes, resting);
        }
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
