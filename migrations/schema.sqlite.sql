-- toolkit: schema-version 29
-- What the migrations 1 to 29 make, in one go.

CREATE TABLE apps (
  id VARCHAR(36) NOT NULL,
  name VARCHAR(128) NOT NULL,
  config TEXT,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  created_at DATETIME,
  CONSTRAINT apps_pk PRIMARY KEY (id)
);

CREATE UNIQUE INDEX apps_name_uidx ON apps (name);

CREATE TABLE routes (
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  image VARCHAR(512) NOT NULL DEFAULT '',
  memory BIGINT NOT NULL DEFAULT 128, -- MiB; "0" isn't "no limit"
  timeout BIGINT NOT NULL DEFAULT 30,
  type VARCHAR(16) NOT NULL DEFAULT 'sync',
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT routes_pk PRIMARY KEY (app_id, path),
  CONSTRAINT routes_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE,
  CONSTRAINT routes_memory_ck CHECK (memory > 0)
);

CREATE INDEX routes_image_idx ON routes (image);

CREATE TABLE calls (
  id VARCHAR(36) NOT NULL,
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  status VARCHAR(32) NOT NULL DEFAULT 'queued',
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at DATETIME,
  completed_at DATETIME,
  stats TEXT,
  attempts BIGINT NOT NULL DEFAULT 0,
  priority VARCHAR(8) NOT NULL DEFAULT 'normal',
  CONSTRAINT calls_pk PRIMARY KEY (id),
  CONSTRAINT calls_route_fk FOREIGN KEY (app_id, path) REFERENCES routes (app_id, path) ON DELETE CASCADE
);

CREATE INDEX calls_route_idx ON calls (app_id, path);

CREATE INDEX calls_status_idx ON calls (status, created_at DESC);

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
  CONSTRAINT metrics_hourly_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE
);

CREATE INDEX metrics_hourly_bucket_idx ON metrics_hourly (bucket DESC, app_id);

CREATE TABLE metrics_daily (
  app_id VARCHAR(36) NOT NULL,
  day DATE NOT NULL,
  calls BIGINT NOT NULL DEFAULT 0,
  failures BIGINT NOT NULL DEFAULT 0,
  cost DECIMAL(14, 4) NOT NULL DEFAULT 0,
  CONSTRAINT metrics_daily_pk PRIMARY KEY (app_id, day),
  CONSTRAINT metrics_daily_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE
);

CREATE INDEX metrics_daily_day_idx ON metrics_daily (day DESC, app_id);

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
  id INTEGER NOT NULL PRIMARY KEY,
  call_id VARCHAR(36) NOT NULL,
  parent_id INTEGER,
  name VARCHAR(128) NOT NULL,
  started_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  attributes JSON NOT NULL,
  CONSTRAINT traces_call_fk FOREIGN KEY (call_id) REFERENCES calls (id) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT traces_parent_fk FOREIGN KEY (parent_id) REFERENCES traces (id) ON DELETE SET NULL
);

CREATE INDEX traces_call_idx ON traces (call_id, id);

CREATE INDEX traces_parent_idx ON traces (parent_id);

CREATE VIEW app_activity AS
  SELECT a.id AS app_id, a.name AS app_name, c.status AS status, COUNT(*) AS calls
  FROM apps a
  JOIN calls c ON c.app_id = a.id
  GROUP BY a.id, a.name, c.status;

CREATE VIEW trace_services AS
  SELECT t.id AS trace_id, t.call_id AS call_id,
    json_extract(t.attributes, '$.service') AS service
  FROM traces t;

CREATE TABLE audit (
  id INTEGER NOT NULL PRIMARY KEY,
  subject VARCHAR(64) NOT NULL,
  action VARCHAR(16) NOT NULL,
  detail VARCHAR(255),
  recorded_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TRIGGER audit_new_apps AFTER INSERT ON apps FOR EACH ROW
BEGIN
  -- note: the body's own semicolons, "quotes" and :words end and bind nothing
  INSERT INTO audit (subject, action, detail) VALUES (NEW.id, 'created', 'name: ' || NEW.name);
  INSERT INTO audit (subject, action, detail)
    SELECT NEW.id, 'disabled', 'from: the start' WHERE NOT NEW.enabled;
END;

CREATE TRIGGER audit_changed_apps AFTER UPDATE OF name, enabled ON apps FOR EACH ROW
BEGIN
  INSERT INTO audit (subject, action, detail)
    SELECT NEW.id, 'renamed', 'was: ''' || OLD.name || '''' WHERE NEW.name <> OLD.name;
  INSERT INTO audit (subject, action)
    SELECT NEW.id, CASE WHEN NEW.enabled THEN 'enabled' ELSE 'disabled' END
    WHERE NEW.enabled <> OLD.enabled;
END;
