CREATE TABLE metrics_daily (
  app_id VARCHAR(36) NOT NULL,
  day DATE NOT NULL,
  calls BIGINT NOT NULL DEFAULT 0,
  failures BIGINT NOT NULL DEFAULT 0,
  cost DECIMAL(14, 4) NOT NULL DEFAULT 0,
  CONSTRAINT metrics_daily_pk PRIMARY KEY (app_id, day),
  CONSTRAINT metrics_daily_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE
);
