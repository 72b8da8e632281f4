-- Why: a vendor without an upsert is searched before each write, which is dear, and two hubs that search at once both
-- create. One row a record: its id there once it is known, who works on it now, and whether a create may be under way.

CREATE TABLE remote_id (
  connection  text NOT NULL,
  object      text NOT NULL,                        -- what the id is of: person
  key         text NOT NULL,                        -- SHA-256 of the natural key, which may be personal data
  id          text,                                 -- null while it is not known
  sent_at     timestamptz,                          -- a create was sent then, and nobody knows what became of it
  holder      text,                                 -- who works on it
  lease_until timestamptz,
  changed_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (connection, object, key)
);
