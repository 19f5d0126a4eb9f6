CREATE TRIGGER audit_changed_apps AFTER UPDATE OF name, enabled ON apps FOR EACH ROW
BEGIN
  INSERT INTO audit (subject, action, detail)
    SELECT NEW.id, 'renamed', 'was: ''' || OLD.name || '''' WHERE NEW.name <> OLD.name;
  INSERT INTO audit (subject, action)
    SELECT NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END
    WHERE NEW.enabled <> OLD.enabled;
END;
