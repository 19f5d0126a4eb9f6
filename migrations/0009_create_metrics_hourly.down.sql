DROP TABLE metrics_hourly;
