-- toolkit: statement-timeout 10m
UPDATE calls SET attempts = 1 WHERE started_at IS NOT NULL;
