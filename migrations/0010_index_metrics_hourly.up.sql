-- MariaDB before 10.8 reads DESC and builds an ascending index.
CREATE INDEX metrics_hourly_bucket_idx ON metrics_hourly (bucket DESC, app_id);
