-- Why: people correct payloads and decide what nobody knows. What they changed must be found beside who changed it and why.

-- The RFC 6902 patch that was applied to the payload; like a payload it may hold personal data.
ALTER TABLE audit ADD COLUMN patch text;
CREATE INDEX audit_run ON audit (run_id);
