CREATE FUNCTION audit_changed_apps() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  was text := E'was: \'' || OLD.name || E'\'';
BEGIN
  IF NEW.name <> OLD.name THEN
    INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'renamed', was);
  END IF;
  IF NEW.enabled <> OLD.enabled THEN
    INSERT INTO audit (subject, action)
      VALUES (NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END);
  END IF;
  RETURN NEW;
END
$body$;
