CREATE VIEW trace_services AS
  SELECT t.id AS trace_id, t.call_id AS call_id,
    json_extract(t.attributes, '$.service') AS service
  FROM traces t;
