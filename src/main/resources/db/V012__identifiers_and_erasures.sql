-- Why: whoever asks for a person knows an address, a phone number or an id, and not a receipt. What events carry of these is
-- kept as a keyed hash beside them, so that one look finds all that is stored about a person, and so that it can be erased.

-- One row: how far events were looked at, and the key of the hashes. The key lies beside them: a row lives exactly as long as
-- the payload it was taken from, and tells less.
CREATE TABLE identifier_watch (
  one      boolean PRIMARY KEY DEFAULT true CHECK (one),
  key      bytea NOT NULL DEFAULT sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')),
  position bigint NOT NULL DEFAULT 0                    -- events up to this number are in the index
);
INSERT INTO identifier_watch DEFAULT VALUES;

CREATE TABLE identifier (
  digest   bigint NOT NULL,                             -- first 8 bytes of the HMAC-SHA-256 of email:…, phone:…, id:…
  event_id bigint NOT NULL,
  fetched  boolean NOT NULL DEFAULT false               -- not the event told it, but what its runs fetched on their way
) PARTITION BY RANGE (event_id);
CREATE INDEX identifier_digest ON identifier (digest, event_id);
-- rows are added nearly in the order of their events: to find those of an event costs next to nothing to keep
CREATE INDEX identifier_event ON identifier USING brin (event_id int8_minmax_multi_ops)
  WITH (pages_per_range = 16, autosummarize = on);
CREATE TABLE identifier_kept PARTITION OF identifier DEFAULT;

CREATE FUNCTION make_identifier_slice(n int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first bigint := n::bigint * 100000000;
BEGIN
  EXECUTE format('CREATE TABLE %I (LIKE identifier INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', 'identifier_' || n);
  EXECUTE format('ALTER TABLE identifier ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
                 'identifier_' || n, first, first + 100000000);
END $$;

-- Slices have a fifth part from now on.
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
  INSERT INTO slice (number) VALUES (n);
END $$;

-- What an open run still needs is kept; everything else of the slice goes, and its disk space with it.
CREATE OR REPLACE FUNCTION drop_slice(n int, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part text;
  old text;
BEGIN
  FOREACH part IN ARRAY ARRAY['event', 'done_run', 'step', 'attempt', 'identifier'] LOOP
    old := part || '_' || n;
    CONTINUE WHEN to_regclass(old) IS NULL;
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', part, old);
    IF part = 'event' THEN
      EXECUTE format('INSERT INTO event SELECT * FROM %I WHERE id IN (SELECT event_id FROM open_run)', old);
    ELSIF part = 'identifier' THEN
      EXECUTE format('INSERT INTO identifier SELECT * FROM %I WHERE event_id IN (SELECT event_id FROM open_run)', old);
    ELSIF part <> 'done_run' THEN
      EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE run_id IN (SELECT id FROM open_run)', part, old);
    END IF;
    EXECUTE format('DROP TABLE %I', old);
  END LOOP;
  UPDATE slice SET dropped_at = at WHERE number = n;
END $$;

SELECT make_identifier_slice(number) FROM slice WHERE dropped_at IS NULL;

-- Somebody is to be forgotten, or was. While it is under way the row says who, so that any hub can go on after a crash; at the
-- end only the certificate is left, which says nothing of the person.
CREATE TABLE erasure (
  id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  asked_at    timestamptz NOT NULL,
  asked_by    text NOT NULL,
  why         text NOT NULL,
  subject     text[],                                   -- what recognises the person, as it was asked; null at the end
  counts      jsonb NOT NULL DEFAULT '{}',              -- what is gone so far
  certificate text,                                     -- JSON; null until the end
  finished_at timestamptz
);
CREATE INDEX erasure_open ON erasure (id) WHERE finished_at IS NULL;

-- Which mapping files shaped what a step sent, in order, each with its version; a bar stands where the call
-- before was made: "hubspot/contact-to-contact@1a2b3c4d|mailchimp/contact-to-member@5e6f7a8b". So that it can be told why a field somewhere has its value.
ALTER TABLE step ADD COLUMN mapped text;
