CREATE INDEX metrics_daily_day_idx ON metrics_daily (day DESC, app_id);
