CREATE TRIGGER audit_new_apps AFTER INSERT ON apps FOR EACH ROW
BEGIN
  -- note: the body's own semicolons, "quotes" and :words end and bind nothing
  INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'created', 'name: ' || NEW.name);
  INSERT INTO audit (subject, action, detail)
    SELECT NEW.id, 'disabled', 'from: the start' WHERE NOT NEW.enabled;
END;
