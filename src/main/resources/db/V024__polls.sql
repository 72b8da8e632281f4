-- Why: which flow used which connection on which endpoint, and when, is told of polls too, which are no runs and have no attempts.

-- One row an hour, of a flow, a stream (or the read that begins it) and an endpoint; as old as history at the most.
CREATE TABLE poll (
  id         bigint GENERATED ALWAYS AS IDENTITY,
  connection text NOT NULL,
  flow       text NOT NULL,
  operation  text NOT NULL,
  endpoint   text NOT NULL,                           -- method and path of the first call of a poll, no query
  hour       timestamptz NOT NULL,
  calls      bigint NOT NULL,
  fine       bigint NOT NULL,                         -- of them, those that succeeded
  last_at    timestamptz NOT NULL,
  UNIQUE (connection, hour, flow, operation, endpoint)
) WITH (fillfactor = 50);
CREATE INDEX poll_hour ON poll (hour);
