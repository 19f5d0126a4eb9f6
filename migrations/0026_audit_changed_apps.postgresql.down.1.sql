DROP TRIGGER audit_changed_apps ON apps;
