-- A proof that failed says nothing any more once calls got through after it: that takes to know when it was made.
ALTER TABLE connection_proof ADD COLUMN made_at timestamptz;
