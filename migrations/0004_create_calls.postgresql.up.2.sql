CREATE INDEX calls_route_idx ON calls (app_id, path);
