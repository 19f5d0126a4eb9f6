DROP FUNCTION audit_new_apps();
