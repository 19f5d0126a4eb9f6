CREATE VIEW app_activity AS
  SELECT a.id AS app_id, a.name AS app_name, c.status AS status, COUNT(*) AS calls
  FROM apps a
  JOIN calls c ON c.app_id = a.id
  GROUP BY a.id, a.name, c.status;
