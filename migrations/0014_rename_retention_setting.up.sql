-- A key is unique, so moving a row to another key can be taken back exactly.
UPDATE settings SET name = 'logs.retention_days' WHERE name = 'log.retention_days';
