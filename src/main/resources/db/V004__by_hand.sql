-- Why: people correct payloads and decide what nobody knows. What they changed must be found beside who changed it and why.

-- The RFC 6902 patch that was applied to the payload; like a payload it may hold personal data.
ALTER TABLE audit ADD COLUMN patch text;
CREATE INDEX audit_run ON audit (run_id);

-- "Which runs did this event have?" Runs end nearly in the order of their events, but one in a hundred comes hours late, and
-- one number far off makes a plain range useless: 45 to 140 ms over 3 million runs. Ranges that may have gaps: 2 ms.
DROP INDEX done_run_event;
CREATE INDEX done_run_event ON done_run USING brin (event_id int8_minmax_multi_ops)
  WITH (pages_per_range = 16, autosummarize = on);
