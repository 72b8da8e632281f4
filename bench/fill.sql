-- Finished events, with all a hub keeps of each: event, key, done run, one journalled step, its attempt, two identifiers.
-- Like the work of the benchmark in size (payload 340 bytes) and in the order of their numbers; received a quarter of a
-- second apart, the last of them now. :count of them in one transaction and one slice, :left still to come with these.
-- Some are rare, so that lists of them can be asked for: one in a hundred thousand each is of a flow, a source and a type
-- of its own, and one in five thousand of a flow, a source and a type that are rather rare.
-- It follows the tables of src/main/resources/db by hand; versions of records are left out, as the work here has none.
DO $$
DECLARE
  slice_now int := 1 + (SELECT greatest(e.last_value, r.last_value) FROM event_number e, run_number r) / 100000000;
  event_before bigint := slice_now * 100000000::bigint;
  run_before bigint := event_before;
  -- HMAC by hand: the key of the identifiers, filled up to a block of SHA-256, with each byte turned as its standard says
  inner_key bytea := (SELECT key || decode(repeat('00', 32), 'hex') FROM identifier_watch);
  outer_key bytea := inner_key;
  latest timestamptz := now() - (:left - :count) * interval '0.25 s';
BEGIN
  FOR i IN 0..63 LOOP
    outer_key := set_byte(outer_key, i, get_byte(outer_key, i) # 92);
    inner_key := set_byte(inner_key, i, get_byte(inner_key, i) # 54);
  END LOOP;
  PERFORM make_slice(slice_now) WHERE NOT EXISTS (SELECT FROM slice WHERE number = slice_now);
  UPDATE slice SET began_at = latest - :count * interval '0.25 s' WHERE number = slice_now;
  PERFORM setval('event_number', event_before + :count), setval('run_number', run_before + :count);

  INSERT INTO event (id, source, key, type, record, occurred_at, received_at, payload)
  SELECT event_before + n,
         CASE WHEN n % 100000 = 2 THEN 'past-rare' WHEN n % 5000 = 5 THEN 'past-some' ELSE 'crm' END,
         'past-' || event_before + n || ':2026-01-01T10:00:00Z',
         CASE WHEN n % 100000 = 3 THEN 'past.rare' WHEN n % 5000 = 6 THEN 'past.some' ELSE 'contact.updated' END,
         'contact:past-' || event_before + n, '2026-01-01T10:00:00Z', latest - (:count - n) * interval '0.25 s',
         convert_to('{"id":"past-' || event_before + n || '","updated_at":"2026-01-01T10:00:00Z","properties":{"email":"  User'
           || event_before + n || '@Example.COM ","firstname":"Ann","lastname":"Lee","phone":"(415) 555-0100",'
           || '"country":"United States","lifecyclestage":"lead","note":"' || repeat('all is well; ', 8) || '"}}', 'UTF8')
    FROM generate_series(1, :count) AS n;

  INSERT INTO event_key (digest, event_id, expires_at)
  SELECT digest, id, 'infinity'
    FROM (SELECT event_before + n AS id,
                 substring(sha256(convert_to('crm', 'UTF8') || '\x00'::bytea
                   || convert_to('past-' || event_before + n || ':2026-01-01T10:00:00Z', 'UTF8')) FOR 16) AS digest
            FROM generate_series(1, :count) AS n) AS keys
   ORDER BY id;

  INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at)
  SELECT run_before + n, event_before + n,
         CASE WHEN n % 100000 = 1 THEN 'past-rare' WHEN n % 5000 = 4 THEN 'past-some' ELSE 'lead-sync' END, 1, 0, at, at + interval '20 ms'
    FROM generate_series(1, :count) AS n, LATERAL (SELECT latest - (:count - n) * interval '0.25 s' AS at) AS moment;

  -- shaped by a version of the mapping that is not known any more
  INSERT INTO step (run_id, step, state, connection, operation, write_class, idempotency_key, answer, mapped, updated_at)
  SELECT run_before + n, 'to-leads', 'succeeded', 'sink', 'lead', 'idempotent',
         encode(sha256(convert_to('past-' || run_before + n, 'UTF8')), 'hex'), '{"ok":true}', '|crm/contact-to-member@past',
         latest - (:count - n) * interval '0.25 s'
    FROM generate_series(1, :count) AS n;

  INSERT INTO attempt (run_id, step, at, number, endpoint, request_size, status, verdict, duration_ms)
  SELECT run_before + n, 'to-leads', latest - (:count - n) * interval '0.25 s', 1, 'POST http://127.0.0.1:9099/lists/leads',
         230, 200, 'success', 1
    FROM generate_series(1, :count) AS n;

  -- what recognises whom it is about; the hub has nothing left to look through
  INSERT INTO identifier (digest, event_id)
  SELECT ('x' || encode(substring(sha256(outer_key || sha256(inner_key || convert_to(form, 'UTF8'))) FOR 8), 'hex'))::bit(64)::bigint,
         event_before + n
    FROM generate_series(1, :count) AS n,
         unnest(ARRAY['email:user' || event_before + n || '@example.com', 'id:contact:past-' || event_before + n]) AS form;
  -- as a hub does with a slice that is finished
  PERFORM index_part('event', 'source', number), index_part('event', 'type', number), index_part('done_run', 'flow', number)
     FROM slice WHERE number = slice_now - 1;
  UPDATE identifier_watch SET position = event_before + :count;
END $$;
