-- Why: tokens end and are renewed, by one hub for all of them; secrets can be kept here, and then only encrypted. Each value
-- is a compact JWE that names the row it was made for, so that a row that is moved or copied opens nothing.

CREATE TABLE secret (
  connection text NOT NULL,
  name       text NOT NULL,                         -- {{connection.name}} in a file
  version    int NOT NULL DEFAULT 1,
  value      text NOT NULL,                         -- JWE
  kid        text NOT NULL,                         -- the key it was encrypted with
  changed_at timestamptz NOT NULL,
  changed_by text NOT NULL,
  PRIMARY KEY (connection, name)
);

CREATE TABLE token (
  connection  text PRIMARY KEY,
  grant_no    bigint NOT NULL DEFAULT 0,            -- counts consents
  version     bigint NOT NULL DEFAULT 0,            -- counts tokens
  value       text,                                 -- JWE of the token; access and refresh token always change together
  kid         text,
  obtained_at timestamptz,
  expires_at  timestamptz,                          -- null: nobody said
  fence       bigint NOT NULL DEFAULT 0,            -- counts leases; only the newest may store what it got
  lease_by    text,
  lease_until timestamptz,
  sent_at     timestamptz                           -- a renewal was sent and its answer is not stored yet
);

-- When a connection was last proved to work, and when it is to be proved again.
CREATE TABLE connection_proof (
  connection  text PRIMARY KEY,
  proved_at   timestamptz,
  result      text NOT NULL DEFAULT '',             -- empty: it works
  next_at     timestamptz NOT NULL
);

-- Leave for one person to connect an account, once. What is kept recognises the link and does not tell it.
CREATE TABLE consent_link (
  hash       text PRIMARY KEY,
  connection text NOT NULL,
  made_by    text NOT NULL,
  until      timestamptz NOT NULL
);

-- A person who is at the vendor's consent page now.
CREATE TABLE consent (
  hash       text PRIMARY KEY,                      -- of the state
  connection text NOT NULL,
  cookie     text NOT NULL,                         -- hash of what the browser holds
  verifier   text NOT NULL,                         -- JWE
  redirect   text NOT NULL,
  who        text NOT NULL,
  until      timestamptz NOT NULL
);

ALTER TABLE audit ADD COLUMN connection text;
CREATE INDEX audit_connection ON audit (connection, at) WHERE connection IS NOT NULL;
