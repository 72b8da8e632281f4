-- Whoever waits for a limit is woken in the order of the runs, each once: that takes to find the next ones behind a number.
CREATE INDEX open_run_waits_for_id ON open_run (waits_for, id) WHERE waits_for IS NOT NULL;
DROP INDEX open_run_waits_for;
