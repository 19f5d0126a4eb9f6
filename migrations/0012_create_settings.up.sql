-- This file's lines end with CRLF.
CREATE TABLE settings (
  name VARCHAR(64) NOT NULL,
  value VARCHAR(255) NOT NULL DEFAULT 'n/a: "unset"',
  CONSTRAINT settings_pk PRIMARY KEY (name)
);
