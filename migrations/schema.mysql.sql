-- toolkit: schema-version 29
-- What the migrations 1 to 29 make, in one go (MySQL and MariaDB).

CREATE TABLE apps (
  id VARCHAR(36) NOT NULL,
  name VARCHAR(128) NOT NULL,
  config TEXT,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  created_at DATETIME(6),
  CONSTRAINT apps_pk PRIMARY KEY (id),
  UNIQUE KEY apps_name_uidx (name)
);

CREATE TABLE routes (
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  image VARCHAR(512) NOT NULL DEFAULT '',
  memory BIGINT NOT NULL DEFAULT 128, -- MiB; "0" isn't "no limit"
  timeout BIGINT NOT NULL DEFAULT 30,
  type VARCHAR(16) NOT NULL DEFAULT 'sync',
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  CONSTRAINT routes_pk PRIMARY KEY (app_id, path),
  KEY routes_image_idx (image),
  CONSTRAINT routes_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE,
  CONSTRAINT routes_memory_ck CHECK (memory > 0)
);

CREATE TABLE calls (
  id VARCHAR(36) NOT NULL,
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  status VARCHAR(32) NOT NULL DEFAULT 'queued',
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  started_at DATETIME(6),
  completed_at DATETIME(6),
  stats TEXT COMMENT 'JSON text: {"cpu": 12, "memory": 64}; it''s :raw',
  attempts BIGINT NOT NULL DEFAULT 0,
  priority ENUM('low', 'normal', 'high') NOT NULL DEFAULT 'normal',
  CONSTRAINT calls_pk PRIMARY KEY (id),
  KEY calls_route_idx (app_id, path),
  KEY calls_status_idx (status, created_at DESC),
  CONSTRAINT calls_route_fk FOREIGN KEY (app_id, path) REFERENCES routes (app_id, path) ON DELETE CASCADE
);

CREATE TABLE logs (
  call_id VARCHAR(36) NOT NULL,
  content TEXT,
  CONSTRAINT logs_pk PRIMARY KEY (call_id),
  CONSTRAINT logs_call_fk FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE
);

-- bucket: hours since 1970-01-01 00:00 UTC.
CREATE TABLE metrics_hourly (
  app_id VARCHAR(36) NOT NULL,
  bucket BIGINT NOT NULL,
  calls BIGINT NOT NULL DEFAULT 0,
  errors BIGINT NOT NULL DEFAULT 0,
  timeouts BIGINT NOT NULL DEFAULT 0,
  failures BIGINT GENERATED ALWAYS AS (errors + timeouts) STORED,
  cost DECIMAL(12, 4) NOT NULL DEFAULT 0,
  CONSTRAINT metrics_hourly_pk PRIMARY KEY (app_id, bucket),
  KEY metrics_hourly_bucket_idx (bucket DESC, app_id),
  CONSTRAINT metrics_hourly_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE
);

CREATE TABLE metrics_daily (
  app_id VARCHAR(36) NOT NULL,
  day DATE NOT NULL,
  calls BIGINT NOT NULL DEFAULT 0,
  failures BIGINT NOT NULL DEFAULT 0,
  cost DECIMAL(14, 4) NOT NULL DEFAULT 0,
  CONSTRAINT metrics_daily_pk PRIMARY KEY (app_id, day),
  KEY metrics_daily_day_idx (day DESC, app_id),
  CONSTRAINT metrics_daily_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE
);

CREATE TABLE settings (
  name VARCHAR(64) NOT NULL,
  value VARCHAR(255) NOT NULL DEFAULT 'n/a: "unset"',
  CONSTRAINT settings_pk PRIMARY KEY (name)
);

INSERT INTO settings (name, value) VALUES
  ('logs.retention_days', '30'),
  ('ui.motto', 'it''s "fast": 12:30 is :noon; 100% -- no comment /* here */ ?'),
  ('metrics.close_hour', '00:15');

CREATE TABLE traces (
  id BIGINT NOT NULL AUTO_INCREMENT,
  call_id VARCHAR(36) NOT NULL,
  parent_id BIGINT,
  name VARCHAR(128) NOT NULL,
  started_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  attributes JSON NOT NULL,
  CONSTRAINT traces_pk PRIMARY KEY (id),
  KEY traces_call_idx (call_id, id),
  KEY traces_parent_idx (parent_id),
  CONSTRAINT traces_call_fk FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT traces_parent_fk FOREIGN KEY (parent_id) REFERENCES traces (id) ON DELETE SET NULL
);

CREATE VIEW app_activity AS
  SELECT a.id AS app_id, a.name AS app_name, c.status AS status, COUNT(*) AS calls
  FROM apps a
  JOIN calls c ON c.app_id = a.id
  GROUP BY a.id, a.name, c.status;

-- MySQL stores ->> in this form, and MariaDB has only this form.
CREATE VIEW trace_services AS
  SELECT t.id AS trace_id, t.call_id AS call_id,
    JSON_UNQUOTE(JSON_EXTRACT(t.attributes, '$.service')) AS service
  FROM traces t;

CREATE TABLE audit (
  id BIGINT NOT NULL AUTO_INCREMENT,
  subject VARCHAR(64) NOT NULL,
  action VARCHAR(16) NOT NULL,
  detail VARCHAR(255),
  recorded_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  CONSTRAINT audit_pk PRIMARY KEY (id)
);

DELIMITER $$

CREATE TRIGGER audit_new_apps AFTER INSERT ON apps FOR EACH ROW
BEGIN
  -- note: the body's own semicolons, "quotes" and :words end and bind nothing
  INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'created', CONCAT('name: ', NEW.name));
  IF NOT NEW.enabled THEN
    INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'disabled', 'from: the start');
  END IF;
END$$

CREATE /*M! OR REPLACE */ TRIGGER audit_changed_apps AFTER UPDATE ON apps FOR EACH ROW
BEGIN
  IF NEW.name <> OLD.name THEN
    INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'renamed', CONCAT('was: \'', OLD.name, '\''));
  END IF;
  IF NEW.enabled <> OLD.enabled THEN
    INSERT INTO audit (subject, action)
      VALUES (NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END);
  END IF;
END$$

CREATE PROCEDURE prune_logs(app VARCHAR(36), batch BIGINT)
BEGIN
  DECLARE pruned BIGINT DEFAULT 1;
  pruning: WHILE pruned > 0 DO
    DELETE FROM logs
      WHERE call_id IN (SELECT c.id FROM calls c WHERE c.app_id = app AND c.status IN ('done', 'failed'))
      LIMIT batch;
    SET pruned := ROW_COUNT();
  END WHILE pruning;
END$$

DELIMITER ;
