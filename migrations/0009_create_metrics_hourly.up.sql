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
