package dev.serai.store;

/**
 * A step that was certainly not done goes under a key of its own from now on: with other data, a remote that compares
 * would refuse the one it knows. Certain is a refusal, when no attempt before it may have got through, and none left it open:
 * a keyed step is intended then, also by a claim that ended before it wrote down what came; one of an upsert always is, and
 * is searched for first.
 */
final class NewKeys {
    /** Of runs {@code resumed}. */
    static final String SQL = """
            UPDATE step s SET idempotency_key = regexp_replace(s.idempotency_key, ':again-[0-9]+$', '') || ':again-'
                     || (coalesce(substring(s.idempotency_key FROM ':again-([0-9]+)$'), '0')::int + 1)
              FROM resumed r
             WHERE s.run_id = r.id AND s.state <> 'succeeded' AND s.write_class IN ('keyed', 'upsert')
               AND (s.state <> 'intended' OR s.write_class = 'upsert')
               AND (SELECT a.verdict FROM attempt a WHERE a.run_id = s.run_id AND a.step = s.step
                     ORDER BY a.at DESC, a.number DESC LIMIT 1) = 'fail'
               AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.run_id = s.run_id AND a.step = s.step
                     AND (a.status IS NULL OR a.status IN (408, 409) OR a.status >= 500 OR a.verdict = 'retry'
                       OR s.write_class = 'keyed' AND a.verdict = 'success'))""";

    private NewKeys() {}
}
