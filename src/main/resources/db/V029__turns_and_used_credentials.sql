-- Whoever waits for a limit is woken in the order of the runs, each once: that takes to find the next ones behind a number.
CREATE INDEX open_run_waits_for_id ON open_run (waits_for, id) WHERE waits_for IS NOT NULL;
DROP INDEX open_run_waits_for;

-- What a connection was called with last, so that its history tells of another key, also after a restart: a hash with a salt, cut
-- short, and never the key.
CREATE TABLE used_credential (
  connection  text PRIMARY KEY,
  salt        text NOT NULL,
  fingerprint text NOT NULL,
  since       timestamptz NOT NULL
);
