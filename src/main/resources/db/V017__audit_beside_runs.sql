-- Why: of ten thousand runs that are resumed at once the audit has a line each. Who asks what was done about a run, a connection or
-- a flow looks for words in what is not about runs, and would have to read all of them.

CREATE INDEX audit_beside_runs ON audit (at, id) WHERE run_id IS NULL;
