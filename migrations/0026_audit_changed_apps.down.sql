DROP TRIGGER audit_changed_apps;;
