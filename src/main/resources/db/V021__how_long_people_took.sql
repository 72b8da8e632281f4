-- Why: how long people take to answer an alert, and until it is over, must be told of each time it came, and the row of an
-- alert knows the last time only. And what came in within a week, and the habit of a source, is read from hours.

-- One row is one time an alert was told: since when it was so, when people were told first, who saw to it when.
CREATE TABLE alert_time (
  name        text NOT NULL,                          -- of the alert
  since       timestamptz NOT NULL,
  rule        text NOT NULL,
  severity    text NOT NULL,                          -- the last that was told
  told_at     timestamptz NOT NULL,
  answered_at timestamptz,                            -- when somebody acknowledged or silenced it first
  over_at     timestamptz,
  PRIMARY KEY (name, since)
);

-- Events are tallied by the hour from now on; those of the last two days are known by the minute.
INSERT INTO tally (span, kind, at, name, part, outcome, count)
SELECT 'hour', kind, date_trunc('hour', at, 'UTC'), name, part, outcome, sum(count)
  FROM tally WHERE span = 'minute' AND kind = 'event' GROUP BY 1, 2, 3, 4, 5, 6;
