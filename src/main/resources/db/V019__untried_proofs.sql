-- A connection whose file has no read that could prove it was told as one that works. It is told as not tried now.
ALTER TABLE connection_proof ADD COLUMN tried boolean NOT NULL DEFAULT true;
