-- Why: what is finished must not slow down what is not, and must leave the disk at once when its time is over. So open
-- runs get a small table of their own, and history lies in slices: a slice is a range of numbers, for events and for
-- runs, that is dropped as a whole. A new slice begins when the two sequences are moved to its first number.

CREATE SEQUENCE event_number;
CREATE SEQUENCE run_number;

-- 1. Runs that are not finished: the only table that is searched for work.
ALTER TABLE run RENAME TO open_run;
ALTER TABLE open_run ALTER COLUMN id DROP IDENTITY;
ALTER TABLE open_run ALTER COLUMN id SET DEFAULT nextval('run_number');
ALTER SEQUENCE run_number OWNED BY open_run.id;
ALTER TABLE open_run ADD COLUMN holds boolean NOT NULL DEFAULT true;   -- whether later runs of its lane wait for it
ALTER TABLE open_run ADD COLUMN waits_for text;                        -- why it is due later than now, unless for a retry
ALTER TABLE open_run ADD COLUMN size int NOT NULL DEFAULT 0;           -- of the payload: so much memory a claim takes
ALTER TABLE open_run ADD COLUMN tried_since timestamptz NOT NULL DEFAULT now();   -- arrival, or when a person resumed it
ALTER TABLE open_run ADD COLUMN payload bytea;                         -- corrected by a person; the event keeps what arrived
ALTER TABLE open_run DROP CONSTRAINT run_state_check;

-- 2. History, cut into slices; what belongs to a slice that is gone, because its run was open longer, lies in "kept".
CREATE TABLE done_run (
  id          bigint NOT NULL,
  event_id    bigint NOT NULL,
  flow        text NOT NULL,
  claims      int NOT NULL,
  retries     int NOT NULL,
  created_at  timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  reason      text,                                   -- when it ended without doing its work: a stale event, say
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
-- Runs end nearly in the order of their events: a block range index costs next to nothing to keep. One in a hundred comes
-- hours late, so its ranges may have gaps; plain ones took 45 to 140 ms over 3 million runs, these take 2.
CREATE INDEX done_run_event ON done_run USING brin (event_id int8_minmax_multi_ops)
  WITH (pages_per_range = 16, autosummarize = on);

ALTER TABLE event RENAME TO event_before;
CREATE TABLE event (LIKE event_before INCLUDING DEFAULTS) PARTITION BY RANGE (id);
ALTER TABLE event ALTER COLUMN id SET DEFAULT nextval('event_number');
ALTER SEQUENCE event_number OWNED BY event.id;
ALTER TABLE event ADD PRIMARY KEY (id);

ALTER TABLE step RENAME TO step_before;
CREATE TABLE step (LIKE step_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS) PARTITION BY RANGE (run_id);
ALTER TABLE step ADD PRIMARY KEY (run_id, step);

ALTER TABLE attempt RENAME TO attempt_before;
CREATE TABLE attempt (LIKE attempt_before INCLUDING DEFAULTS) PARTITION BY RANGE (run_id);

CREATE TABLE event_kept PARTITION OF event DEFAULT;
CREATE TABLE done_run_kept PARTITION OF done_run DEFAULT;
CREATE TABLE step_kept PARTITION OF step DEFAULT;
CREATE TABLE attempt_kept PARTITION OF attempt DEFAULT;

-- One row a slice; it outlives its tables, to tell how old the numbers in it are.
CREATE TABLE slice (
  number     int PRIMARY KEY,                         -- holds the numbers from number * 100 million on
  began_at   timestamptz,                             -- null: made ahead, not begun
  dropped_at timestamptz
);

CREATE FUNCTION make_slice(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part text;
  first bigint := n::bigint * 100000000;
BEGIN
  FOREACH part IN ARRAY ARRAY['event', 'done_run', 'step', 'attempt'] LOOP
    -- made beside its parent and attached: a table that is made as a part would lock out everybody meanwhile
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part || '_' || n, part);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                   part, part || '_' || n, first, first + 100000000);
  END LOOP;
  INSERT INTO slice (number) VALUES (n);
END $$;

-- What an open run still needs is kept; everything else of the slice goes, and its disk space with it.
CREATE FUNCTION drop_slice(n int, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part text;
  old text;
BEGIN
  FOREACH part IN ARRAY ARRAY['event', 'done_run', 'step', 'attempt'] LOOP
    old := part || '_' || n;
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', part, old);
    IF part = 'event' THEN
      EXECUTE format('INSERT INTO event SELECT * FROM %I WHERE id IN (SELECT event_id FROM open_run)', old);
    ELSIF part <> 'done_run' THEN
      EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE run_id IN (SELECT id FROM open_run)', part, old);
    END IF;
    EXECUTE format('DROP TABLE %I', old);
  END LOOP;
  UPDATE slice SET dropped_at = at WHERE number = n;
END $$;

SELECT make_slice(n) FROM generate_series(0, 2) AS n;
UPDATE slice SET began_at = now() WHERE number = 0;

-- 3. What was there moves over.
INSERT INTO event SELECT * FROM event_before;
INSERT INTO step SELECT * FROM step_before;
INSERT INTO attempt SELECT * FROM attempt_before;
INSERT INTO done_run (id, event_id, flow, claims, retries, created_at, finished_at)
SELECT id, event_id, flow, claims, retries, created_at, coalesce(finished_at, created_at) FROM open_run WHERE state = 'done';
DELETE FROM open_run WHERE state = 'done';
UPDATE open_run SET holds = state <> 'dead';
-- a claim of the version before may have a second one beside it in its lane: all are given back
UPDATE open_run SET state = 'waiting', claimed_by = NULL, lease_until = NULL WHERE state = 'claimed';
DROP TABLE event_before, step_before, attempt_before;
SELECT setval('event_number', coalesce((SELECT max(id) FROM event), 0) + 1, false);
SELECT setval('run_number', greatest((SELECT max(id) FROM open_run), (SELECT max(id) FROM done_run), 0) + 1, false);

CREATE INDEX event_record ON event (record, id);
CREATE INDEX attempt_run ON attempt (run_id, at);

-- 4. The indexes of open runs: one to find work, one to look at a lane, and one by which the database itself refuses
-- two claims in one lane.
ALTER TABLE open_run ADD CONSTRAINT open_run_state CHECK (state IN ('waiting', 'claimed', 'dead', 'in_doubt'));
DROP INDEX run_due;
DROP INDEX run_lane;
DROP INDEX run_dead;
CREATE INDEX open_run_due ON open_run (flow, due_at, id) WHERE state = 'waiting';
CREATE INDEX open_run_lane ON open_run (lane, id) WHERE holds;
CREATE UNIQUE INDEX open_run_one_claim_a_lane ON open_run (lane) WHERE state = 'claimed';
CREATE INDEX open_run_set_aside ON open_run (id) WHERE state IN ('dead', 'in_doubt');
CREATE INDEX open_run_waits_for ON open_run (waits_for) WHERE waits_for IS NOT NULL;
-- a queue: rows come and go all the time, so they are cleaned up by their number and not by the size of the table
ALTER TABLE open_run SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000);

-- Every run, open or done, for whoever wants to read.
CREATE VIEW run AS
SELECT id, event_id, flow, state, due_at, claims, unfinished, claimed_by, lease_until, retries, created_at, finished_at, step, reason,
       owner, waits_for
  FROM open_run
UNION ALL
SELECT id, event_id, flow, 'done', created_at, claims, 0, NULL, NULL, retries, created_at, finished_at, NULL, reason, NULL, NULL
  FROM done_run;

-- 5. Keys are digests: 16 bytes whatever the vendor's id is, and nobody can read a person's name from them.
CREATE TABLE key_before AS SELECT * FROM event_key;
DROP TABLE event_key;
CREATE TABLE event_key (
  digest     bytea PRIMARY KEY,                       -- of source and key
  event_id   bigint NOT NULL,
  expires_at timestamptz NOT NULL
);
INSERT INTO event_key
SELECT substring(sha256(convert_to(source, 'UTF8') || '\x00'::bytea || convert_to(key, 'UTF8')) FOR 16), event_id, expires_at FROM key_before;
DROP TABLE key_before;
-- keys are dropped by the age of their event, long after it
CREATE INDEX event_key_event ON event_key USING brin (event_id) WITH (autosummarize = on);

-- 6. The newest version of each record that a vendor's event has told, so that a late, older one is recognised.
CREATE TABLE record_version (
  digest   bytea PRIMARY KEY,                         -- of source, type and record
  rank     numeric NOT NULL,                          -- the version as a number: newer is greater
  event_id bigint NOT NULL
) WITH (fillfactor = 80);
