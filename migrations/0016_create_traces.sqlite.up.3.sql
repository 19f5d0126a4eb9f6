CREATE INDEX traces_parent_idx ON traces (parent_id);
