-- MariaDB has no ->> operator; without this file it would take the .mysql. one.
CREATE VIEW trace_services AS
  SELECT t.id AS trace_id, t.call_id AS call_id,
    JSON_UNQUOTE(JSON_EXTRACT(t.attributes, '$.service')) AS service
  FROM traces t;
