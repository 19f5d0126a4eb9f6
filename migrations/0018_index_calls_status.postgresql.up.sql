-- toolkit: no-transaction
-- toolkit: statement-timeout 30m
-- toolkit: applied-if SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('calls_status_idx') AND indisvalid
CREATE INDEX CONCURRENTLY calls_status_idx ON calls (status, created_at DESC);
