-- note: a comment's :words, ::casts, 'quotes' and "quotes" belong to the file; nothing may bind them.
-- The key begins with app_id, so it also serves the foreign key on MySQL.
CREATE TABLE routes (
  app_id VARCHAR(36) NOT NULL,
  path VARCHAR(255) NOT NULL,
  image VARCHAR(255) NOT NULL DEFAULT '',
  memory BIGINT NOT NULL DEFAULT 128, -- MiB; "0" isn't "no limit"
  timeout BIGINT NOT NULL DEFAULT 30,
  type VARCHAR(16) NOT NULL DEFAULT 'sync',
  CONSTRAINT routes_pk PRIMARY KEY (app_id, path),
  CONSTRAINT routes_app_fk FOREIGN KEY (app_id) REFERENCES apps (id) ON DELETE CASCADE,
  CONSTRAINT routes_memory_ck CHECK (memory > 0)
);
