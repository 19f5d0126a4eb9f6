CREATE INDEX traces_call_idx ON traces (call_id, id);
