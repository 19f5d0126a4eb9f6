-- toolkit: applied-if SELECT count(*) FROM information_schema.columns WHERE table_schema = database() AND table_name = 'calls' AND column_name = 'stats' AND column_comment <> ''
ALTER TABLE calls MODIFY COLUMN stats TEXT COMMENT 'JSON text: {"cpu": 12, "memory": 64}; it''s :raw';
