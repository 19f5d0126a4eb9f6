UPDATE settings SET name = 'log.retention_days' WHERE name = 'logs.retention_days';
