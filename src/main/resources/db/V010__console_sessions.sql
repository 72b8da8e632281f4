-- Why: who uses the console types a token once; until logging out, or twelve hours without a click, a cookie stands for it.

-- Of the cookie only its digest is kept. A session lives no longer than its token: what is taken back ends at once.
CREATE TABLE console_session (
  digest     bytea PRIMARY KEY,                       -- SHA-256
  token      text NOT NULL REFERENCES api_token (name) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  used_at    timestamptz NOT NULL                     -- to the minute
);
CREATE INDEX console_session_token ON console_session (token);
CREATE INDEX console_session_used_at ON console_session (used_at);
