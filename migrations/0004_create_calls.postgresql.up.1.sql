CREATE TABLE calls (
  id VARCHAR(36) NOT NULL,
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  status VARCHAR(32) NOT NULL DEFAULT 'queued',
  created_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  started_at TIMESTAMP(6),
  completed_at TIMESTAMP(6),
  CONSTRAINT calls_pk PRIMARY KEY (id),
  CONSTRAINT calls_route_fk FOREIGN KEY (app_id, path) REFERENCES routes (app_id, path) ON DELETE CASCADE
);
