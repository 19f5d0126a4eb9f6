# The index is named here: otherwise the foreign key makes one of its own name.
CREATE TABLE calls (
  id VARCHAR(36) NOT NULL,
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  status VARCHAR(32) NOT NULL DEFAULT 'queued',
  created_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  started_at DATETIME(6),
  completed_at DATETIME(6),
  CONSTRAINT calls_pk PRIMARY KEY (id),
  KEY calls_route_idx (app_id, path),
  CONSTRAINT calls_route_fk FOREIGN KEY (app_id, path) REFERENCES routes (app_id, path) ON DELETE CASCADE
);
