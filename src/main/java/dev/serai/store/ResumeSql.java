package dev.serai.store;

/** How runs are let go on: {@link Resume} says which. */
final class ResumeSql {
    static final String PAYLOADS = """
            SELECT r.id, e.content_type, coalesce(r.payload, e.payload)
              FROM open_run r LEFT JOIN event e ON e.id = r.event_id WHERE r.id = ANY (?::bigint[])""";

    /**
     * Until its turn comes, a paced run holds its lane only if it did so before; a rest ends, and who stepped back behind it comes
     * forward.
     */
    static final String RESUME = """
            WITH given AS (SELECT * FROM unnest(?::bigint[], ?::timestamptz[], ?::bytea[]) AS g(id, due_at, payload)),
            resumed AS (
              UPDATE open_run r SET state = 'waiting', due_at = g.due_at, tried_since = g.due_at,
                     holds = r.holds AND r.waits_for IS DISTINCT FROM 'rest' OR g.due_at <= ?,
                     waits_for = CASE WHEN g.due_at > ? THEN 'pace' END, retries = 0, finished_at = NULL,
                     payload = coalesce(g.payload, r.payload), size = coalesce(length(g.payload), r.size)
                FROM given g WHERE r.id = g.id RETURNING r.id),
            let_go AS (
              SELECT r.id, r.lane FROM open_run r JOIN given g ON g.id = r.id WHERE r.waits_for = 'rest' AND g.due_at > ?),
            next AS (
              SELECT n.id FROM let_go l
               CROSS JOIN LATERAL (SELECT id FROM open_run WHERE lane = l.lane AND holds AND id <> l.id ORDER BY id LIMIT 1) n),
            woken AS (
              UPDATE open_run r SET due_at = ?, waits_for = NULL FROM next
               WHERE r.id = next.id AND r.state = 'waiting' AND r.waits_for = 'lane'),
            anew AS (NEW_KEYS)
            INSERT INTO audit (at, who, what, run_id, why, patch) SELECT ?, ?, 'resume', id, ?, ? FROM resumed""".replace("NEW_KEYS", NewKeys.SQL);

    private ResumeSql() {}
}
