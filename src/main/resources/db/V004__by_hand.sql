-- Why: people correct payloads and decide what nobody knows. What they changed must be found beside who changed it and why,
-- and it must work for runs that are older than the history they lie in.

-- The RFC 6902 patch that was applied to the payload; like a payload it may hold personal data.
ALTER TABLE audit ADD COLUMN patch text;
CREATE INDEX audit_run ON audit (run_id);

-- A dead letter may outlive its slice; when it ends at last, its line needs a place.
CREATE TABLE done_run_kept PARTITION OF done_run DEFAULT;
