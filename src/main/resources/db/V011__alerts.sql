-- Why: the same trouble is told once, however often and by however many hubs it is seen; its end is told too; and what
-- people were told outlives every hub.

-- One row is one trouble. Its name is made of its key, so that each hub names it alike before it is stored.
CREATE TABLE alert (
  name           text PRIMARY KEY,                   -- a_ and twelve digits
  key            text NOT NULL,
  rule           text NOT NULL,
  signal         text NOT NULL,
  state          text NOT NULL CHECK (state IN ('pending', 'open', 'resolved')),
  severity       text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  since          timestamptz NOT NULL,
  seen_at        timestamptz NOT NULL,
  clear_since    timestamptz,                        -- since when it is not so any more, while that is not told yet
  resolved_at    timestamptz,                        -- its last end
  count          bigint NOT NULL,
  flaps          int NOT NULL DEFAULT 0,             -- how often it came back within an hour of its end
  muted          boolean NOT NULL DEFAULT false,     -- kept, and not told: the telling itself fails
  told_severity  text,                               -- what people know; null while nobody was told
  told_count     bigint,
  told_at        timestamptz,
  told_key       text,                               -- of the newest event that told of it
  acked_by       text,
  acked_at       timestamptz,
  silenced_until timestamptz,
  body           text NOT NULL                       -- JSON: what people are told; no personal data
);
CREATE INDEX alert_open ON alert (since DESC) WHERE state <> 'resolved';
CREATE INDEX alert_resolved ON alert (resolved_at DESC) WHERE state = 'resolved';

-- One row: which hub judges, and when the last digest was sent.
CREATE TABLE alert_watch (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  digest_at   timestamptz,
  claimed_by  text,
  lease_until timestamptz
);
INSERT INTO alert_watch DEFAULT VALUES;
