-- Plain ANSI, so one file serves every dialect.
CREATE TABLE apps (
  id VARCHAR(36) NOT NULL,
  name VARCHAR(128) NOT NULL,
  config TEXT,
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  CONSTRAINT apps_pk PRIMARY KEY (id)
);
