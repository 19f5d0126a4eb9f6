-- DELIMITER is a word of the mysql client. It is understood around one statement and never sent.
DELIMITER $$
CREATE TRIGGER audit_new_apps AFTER INSERT ON apps FOR EACH ROW
BEGIN
  -- note: the body's own semicolons, "quotes" and :words end and bind nothing
  INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'created', CONCAT('name: ', NEW.name));
  IF NOT NEW.enabled THEN
    INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'disabled', 'from: the start');
  END IF;
END$$
DELIMITER ;
