-- Bare BEGIN … END: no DELIMITER is needed.
CREATE /*M! OR REPLACE */ TRIGGER audit_changed_apps AFTER UPDATE ON apps FOR EACH ROW
BEGIN
  IF NEW.name <> OLD.name THEN
    INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'renamed', CONCAT('was: \'', OLD.name, '\''));
  END IF;
  IF NEW.enabled <> OLD.enabled THEN
    INSERT INTO audit (subject, action)
      VALUES (NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END);
  END IF;
END;
