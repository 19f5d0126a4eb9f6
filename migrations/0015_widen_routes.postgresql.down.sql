-- toolkit: lock-timeout 5s
ALTER TABLE routes
  DROP COLUMN created_at,
  ALTER COLUMN image TYPE VARCHAR(255);
