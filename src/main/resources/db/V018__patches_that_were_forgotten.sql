-- A patch of a payload goes with the history. In its place stays one that does nothing, so that it is known that there was one:
-- what a run worked on can't be made again without it.
DROP INDEX audit_patch;
CREATE INDEX audit_patch ON audit (at) WHERE patch <> '[]';
