-- Why: what a vendor allows one credential, it allows all hubs together. One row is what was used of it, what each hub
-- holds of it, and what the vendor said; a hub that asks locks the row for a moment.

CREATE TABLE quota (
  connection text NOT NULL,
  operation  text NOT NULL,                           -- empty: the connection as a whole
  state      jsonb NOT NULL,                          -- of dev.serai.run.Bucket
  PRIMARY KEY (connection, operation)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
-- a few KiB, written often: in its place, compressed, and not beside the table
ALTER TABLE quota ALTER COLUMN state SET STORAGE MAIN;
