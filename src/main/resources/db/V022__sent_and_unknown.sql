-- A vendor recognises an idempotency key for some time only. Since when it has been unknown whether a step was done says
-- whether it may be sent again under its key; updated_at says when it was sent last.
ALTER TABLE step ADD COLUMN sent_at timestamptz;
