-- Why: a connection whose proof fails is proved again soon and not a day later, and people are told once it has failed for a while.
ALTER TABLE connection_proof ADD COLUMN failing_since timestamptz;  -- the first of the proofs that failed in a row; null when none did
UPDATE connection_proof p SET failing_since = made_at, next_at = least(next_at, now())
 WHERE tried AND result <> '' AND made_at IS NOT NULL
   AND NOT EXISTS (SELECT FROM parked_connection k WHERE k.connection = p.connection AND k.state = 'parked');
