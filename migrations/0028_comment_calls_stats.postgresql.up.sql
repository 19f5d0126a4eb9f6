COMMENT ON COLUMN calls.stats IS 'JSON text: {"cpu": 12, "memory": 64}; it''s :raw';
