DROP INDEX metrics_hourly_bucket_idx ON metrics_hourly;
