-- Why: an id counts for the account that gave it. A connection that is pointed at another account (a trial is over, another
-- company consents) would update, by the ids of the first, whoever has them there. Ids of which nobody noted the account are
-- searched for once more.
ALTER TABLE remote_id ADD COLUMN account text;      -- salted fingerprint of address, settings and consent
