-- toolkit: schema-version 0002
CREATE TABLE items (
  id INTEGER NOT NULL PRIMARY KEY,
  name VARCHAR(40) NOT NULL
);
