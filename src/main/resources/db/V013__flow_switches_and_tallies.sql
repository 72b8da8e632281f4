-- Why: what people switch is known to all hubs and outlives each of them; and what is told of the last hours, flow by flow
-- and minute by minute, must not be counted anew each time a page is looked at.

-- A flow without a row is on, and a canary without one gets nothing. A row outlives the file of its flow: what was paused
-- stays paused when the file comes back.
CREATE TABLE flow_switch (
  flow        text PRIMARY KEY,
  state       text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'off')),
  since       timestamptz NOT NULL,                   -- of the state
  share       int NOT NULL DEFAULT 0 CHECK (share BETWEEN 0 AND 100),   -- percent of the records of the flow it replaces
  share_since timestamptz NOT NULL,
  who         text NOT NULL,                          -- who switched last
  why         text NOT NULL
);

-- How often something happened, added up by all hubs: by the minute for a day, for charts and the rules of alerts; what the
-- weekly digest tells, by the hour for five weeks as well.
CREATE TABLE tally (
  span    text NOT NULL CHECK (span IN ('minute', 'hour')),
  kind    text NOT NULL,                              -- flow, delivery_ms, step, call, cache, door, slow_door or event
  at      timestamptz NOT NULL,                       -- when the minute or the hour began
  name    text NOT NULL,                              -- the flow, the connection or the source
  part    text NOT NULL,                              -- the step or the operation; else empty
  outcome text NOT NULL,                              -- a word of a fixed list: done, dead, retry, hit, 2xx, …; or empty
  count   bigint NOT NULL,                            -- of delivery_ms, their sum
  PRIMARY KEY (span, kind, at, name, part, outcome)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1);
