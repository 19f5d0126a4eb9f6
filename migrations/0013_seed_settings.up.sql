-- This file starts with a byte order mark.
INSERT INTO settings (name, value) VALUES
  ('log.retention_days', '30'),
  ('ui.motto', 'it''s "fast": 12:30 is :noon; 100% -- no comment /* here */ ?'),
  ('metrics.close_hour', '00:15');
