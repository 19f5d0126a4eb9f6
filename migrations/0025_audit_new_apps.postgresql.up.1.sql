CREATE FUNCTION audit_new_apps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- note: the body's own semicolons, "quotes" and :words end and bind nothing
  INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'created', 'name: ' || NEW.name);
  IF NOT NEW.enabled THEN
    INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'disabled', 'from: the start');
  END IF;
  RETURN NEW;
END
$$;
