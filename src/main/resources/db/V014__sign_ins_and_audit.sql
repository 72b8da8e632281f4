-- Why: people may come with the account they have elsewhere; what was done by hand can be read page by page without a loss; and
-- what somebody wrote to correct a payload is kept no longer than payloads are.

-- A session stands for a token, or for somebody an issuer has vouched for, who has the role he or she had then. How long such a
-- session lasts is a setting, reckoned from created_at.
ALTER TABLE console_session ALTER COLUMN token DROP NOT NULL;
ALTER TABLE console_session ADD COLUMN who text;
ALTER TABLE console_session ADD COLUMN role text CHECK (role IN ('viewer', 'operator', 'admin'));
ALTER TABLE console_session ADD CONSTRAINT console_session_of
  CHECK (CASE WHEN token IS NULL THEN who IS NOT NULL AND role IS NOT NULL ELSE who IS NULL AND role IS NULL END);

-- Sign-ins that opened a session: none opens a second one.
CREATE TABLE console_sign_in (
  digest bytea PRIMARY KEY,                           -- SHA-256 of the nonce of its ID token
  at     timestamptz NOT NULL
);
CREATE INDEX console_sign_in_at ON console_sign_in (at);

-- Many rows have the same time: a page that ends among them goes on by their number.
ALTER TABLE audit ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
DROP INDEX audit_at;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_who ON audit (who, at, id);
CREATE INDEX audit_patch ON audit (at) WHERE patch IS NOT NULL;
