-- Why: whoever reads or changes something over HTTP has a name and a role, and what was changed can be listed.

-- Of a token only its digest is kept: it is 32 random bytes, so nobody finds it by trying.
CREATE TABLE api_token (
  name       text PRIMARY KEY,
  role       text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  digest     bytea NOT NULL UNIQUE,                   -- SHA-256
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz,                             -- null: never
  used_at    timestamptz                              -- to the hour
);
CREATE INDEX audit_at ON audit (at);
