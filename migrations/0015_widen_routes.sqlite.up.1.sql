-- SQLite changes no type and adds no column with such a default: the table is built again.
CREATE TABLE routes_rebuilt (
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
