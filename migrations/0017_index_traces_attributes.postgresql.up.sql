/* A GIN index answers attributes @> '{"service": "api"}'; /* comments nest: */ no other dialect has one. */
CREATE INDEX traces_attributes_idx ON traces USING GIN (attributes jsonb_path_ops);
