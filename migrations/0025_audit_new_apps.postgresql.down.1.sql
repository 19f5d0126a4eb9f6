DROP TRIGGER audit_new_apps ON apps;
