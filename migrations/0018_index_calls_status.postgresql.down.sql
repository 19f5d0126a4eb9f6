-- toolkit: no-transaction
DROP INDEX CONCURRENTLY calls_status_idx;
