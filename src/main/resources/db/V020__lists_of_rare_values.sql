-- Why: a list of what is rare (the runs of a flow, the events of a source or a type) read the whole history backwards until it was
-- full, or never. A slice that is finished gets an index for each of these words with the number behind it: its order is that of the
-- lists, so that a page of any value is read from one place. Kept from the first row on they would cost 7 µs an event, a ninth of
-- the work of the database; made at once, when nothing new is written to the slice any more, they cost intake nothing. The newest slice
-- has block ranges meanwhile, next to nothing to keep: they tell where a rare value is, and that one is nowhere.

-- One index of one slice. It waits for who writes to the slice, and who writes waits for it.
CREATE FUNCTION index_part(part text, word text, n int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I (%I, id)', part || '_' || n || '_' || word, part || '_' || n, word);
END $$;

CREATE FUNCTION mark_slice(n int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX %I ON %I USING brin (source text_bloom_ops(n_distinct_per_range = 64),'
    || ' type text_bloom_ops(n_distinct_per_range = 64)) WITH (pages_per_range = 64, autosummarize = on)',
    'event_' || n || '_words', 'event_' || n);
  EXECUTE format('CREATE INDEX %I ON %I USING brin (flow text_bloom_ops(n_distinct_per_range = 64))'
    || ' WITH (pages_per_range = 16, autosummarize = on)', 'done_run_' || n || '_words', 'done_run_' || n);
END $$;

-- Slices are made with block ranges from now on.
CREATE OR REPLACE FUNCTION make_slice(n int) RETURNS void LANGUAGE plpgsql AS $$
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
  PERFORM make_identifier_slice(n);
  PERFORM mark_slice(n);
  INSERT INTO slice (number) VALUES (n);
END $$;

CREATE INDEX event_kept_source ON event_kept (source, id);
CREATE INDEX event_kept_type ON event_kept (type, id);
CREATE INDEX done_run_kept_flow ON done_run_kept (flow, id);

-- Slices of up to 32 MB, those made ahead above all: that takes a moment. A larger one does without until it is finished.
SELECT mark_slice(number) FROM slice
 WHERE dropped_at IS NULL
   AND pg_relation_size(to_regclass('event_' || number)) + pg_relation_size(to_regclass('done_run_' || number)) < 33554432;

-- When a connection last succeeded is asked of five weeks of hours, with each list of connections.
CREATE INDEX tally_last_calls ON tally (name, at, outcome) WHERE span = 'hour' AND kind = 'call';
