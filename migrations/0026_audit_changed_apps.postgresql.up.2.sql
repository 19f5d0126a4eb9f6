CREATE TRIGGER audit_changed_apps AFTER UPDATE ON apps
  FOR EACH ROW EXECUTE FUNCTION audit_changed_apps();
