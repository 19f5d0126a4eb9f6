CREATE INDEX calls_status_idx ON calls (status, created_at DESC);
