-- Why: what a vendor refused is mended by who sees what was sent to it. The journal keeps answers of writes that succeeded and
-- nothing of what was sent, and a read's answer not at all; so a run that dies takes along what its last claim sent and was
-- answered, without credentials. It goes with the row: when the run is done, given up, forgotten, or too old.

ALTER TABLE open_run ADD COLUMN evidence bytea;         -- JSON, see route.Evidence; null unless the run is dead
