-- Why: what a run wrote, and why, is asked of runs that went well too. So a run that is done takes along what it sent and was
-- answered, where serai.history.evidence says so: with its row, in its slice, and gone with it. And a claim that fails leaves its
-- own when the run goes on later, so that each attempt is there in the end.

ALTER TABLE done_run ADD COLUMN evidence bytea;         -- as in open_run; null when it is not kept

-- One line a claim, the oldest first. What grows beyond 128 KiB loses its past.
CREATE FUNCTION with_evidence(before bytea, more bytea) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN more IS NULL THEN before
    WHEN before IS NULL OR length(before) + length(more) > 131072 THEN more
    ELSE before || '\x0a'::bytea || more
  END $$;
