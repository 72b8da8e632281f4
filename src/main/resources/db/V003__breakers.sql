-- Why: that an endpoint fails again and again, or that a credential is refused, is known to all hubs and outlives each
-- of them. What waits for it is parked: it burns no retry, and is woken when the way is free.

CREATE TABLE breaker (
  connection text NOT NULL,
  operation  text NOT NULL,
  state      text NOT NULL DEFAULT 'closed' CHECK (state IN ('closed', 'open', 'half_open')),
  failures   int NOT NULL DEFAULT 0,                -- in a row, while closed
  since      timestamptz NOT NULL,
  until      timestamptz,                           -- when the next probe may go
  probe      bigint NOT NULL DEFAULT 0,             -- counts; only the newest may say what it found
  reason     text NOT NULL DEFAULT '',
  PRIMARY KEY (connection, operation)
);
CREATE INDEX breaker_troubled ON breaker (connection, operation) WHERE state <> 'closed' OR failures > 0;

-- A connection whose credential was refused. Secrets are not kept: only what recognises the same ones again.
CREATE TABLE parked_connection (
  connection text PRIMARY KEY,
  state      text NOT NULL CHECK (state IN ('parked', 'renewed', 'resumed')),
  since      timestamptz NOT NULL,
  reason     text NOT NULL,
  salt       text NOT NULL,
  refused    text[] NOT NULL                        -- fingerprints of the credentials that were refused
);
