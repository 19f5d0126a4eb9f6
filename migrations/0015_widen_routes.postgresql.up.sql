-- toolkit: lock-timeout 5s
-- toolkit: statement-timeout 10m
ALTER TABLE routes
  ALTER COLUMN image TYPE VARCHAR(512),
  ADD COLUMN created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;
