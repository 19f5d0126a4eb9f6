-- toolkit: lock-timeout 5s
ALTER TABLE apps ADD COLUMN created_at TIMESTAMP(6);
