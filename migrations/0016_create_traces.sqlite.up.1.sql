-- An INTEGER PRIMARY KEY is the rowid: 64 bits wide, given by SQLite.
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
