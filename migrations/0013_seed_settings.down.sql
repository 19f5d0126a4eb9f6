DELETE FROM settings WHERE name IN ('log.retention_days', 'ui.motto', 'metrics.close_hour');
