-- Why: what a source sends changes without a word. The shape of each stream is learned by one hub at a time and kept here,
-- so that it outlives the hub, and what has become different is kept until somebody has looked at it.

-- One row: how far the events were looked at, and by whom.
CREATE TABLE drift_watch (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  position    bigint NOT NULL DEFAULT 0,              -- the newest event that the shapes know
  sampled_at  timestamptz,                            -- when events were last left out because there were too many
  claimed_by  text,
  lease_until timestamptz
);
INSERT INTO drift_watch (position) SELECT coalesce(max(id), 0) FROM event;

CREATE TABLE drift_shape (
  source     text NOT NULL,
  type       text NOT NULL,
  shape      text NOT NULL,                           -- JSON; values are in it as hashes only
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (source, type)
);

CREATE TABLE drift (
  id       bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  source   text NOT NULL,
  type     text NOT NULL,
  kind     text NOT NULL,
  path     text NOT NULL,
  detail   text NOT NULL DEFAULT '',                  -- the new value, the new form; mapping and field of a table that let pass
  was      text NOT NULL DEFAULT '',
  example  text NOT NULL DEFAULT '',                  -- masked
  event_id bigint NOT NULL,                           -- the first that was different
  since    timestamptz NOT NULL,
  found_at timestamptz NOT NULL,
  count    bigint NOT NULL DEFAULT 0,                 -- of what the shape does not count
  state    text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'over')),
  told     boolean NOT NULL DEFAULT false,            -- whether there was an alert
  UNIQUE (source, type, kind, path, detail)
);
CREATE INDEX drift_untold ON drift (source, type) WHERE NOT told;
