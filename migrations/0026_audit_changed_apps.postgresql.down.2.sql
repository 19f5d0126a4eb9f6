DROP FUNCTION audit_changed_apps();
