-- Two steps up, one down: the index goes with its table.
DROP TABLE metrics_daily;
